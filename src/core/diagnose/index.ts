import { badBatch } from './bad-batch.ts'
import { course } from './course.ts'
import { crash } from './crash-words.ts'
import type { Hypothesis } from './diagnosis.ts'
import { gradient } from './gradient-overflow.ts'
import { growth } from './growth.ts'
import { lossScale } from './halving-scale.ts'
import { masked } from './hidden-nan.ts'
import { recomputed } from './recomputed.ts'
import { saturated } from './saturated.ts'
import { stall } from './silence.ts'
import { slow } from './slow-steps.ts'

/**
 * Every family of causes, the surest first: what the predictions show, before what
 * the losses and gradients suggest. To add one, write its file and
 * add its line here.
 */
export const HYPOTHESES: readonly Hypothesis[] = [
  crash,
  stall,
  slow,
  saturated,
  recomputed,
  gradient,
  lossScale,
  masked,
  growth,
  badBatch,
  course,
]
