import { explainBadBatch } from './bad-batch.ts'
import { explainBesideBaseline } from './beside-baseline.ts'
import { explainClipped } from './clipped.ts'
import { explainCourse } from './course.ts'
import { explainCrash } from './crash-words.ts'
import type { Explainer } from './diagnosis.ts'
import { explainGrowth } from './growth.ts'
import { explainHalvingScale } from './halving-scale.ts'
import { explainHiddenNan } from './hidden-nan.ts'
import { explainOneUnit } from './one-unit.ts'
import { explainPolicy } from './policy.ts'
import { explainRecognised, explainRecord } from './recognised.ts'
import { explainRecomputed } from './recomputed.ts'
import { explainSaturation } from './saturated.ts'
import { explainSilence } from './silence.ts'
import { explainSlowSteps } from './slow-steps.ts'
import { explainUnread } from './unread.ts'

/**
 * The explainers, those with the surest evidence first: what the record of a loss says of
 * its terms comes before what the predictions show, and that before what the losses and gradients suggest. To add one, write its file and add its line here.
 */
export const EXPLAINERS: readonly Explainer[] = [
  explainCrash,
  explainSilence,
  explainUnread,
  explainSlowSteps,
  explainPolicy,
  explainBesideBaseline,
  explainSaturation,
  explainRecord,
  explainOneUnit,
  explainClipped,
  explainRecomputed,
  explainRecognised,
  explainHalvingScale,
  explainHiddenNan,
  explainGrowth,
  explainBadBatch,
  explainCourse,
]
