import type { JsonValue } from '../../protocol/value.ts'
import { chancePlateau } from './chance-plateau.ts'
import { collapse } from './collapse.ts'
import type { Detector } from './detector.ts'
import { exploding } from './exploding.ts'
import { frozen } from './frozen.ts'
import { learningRateJump } from './learning-rate-jump.ts'
import { logZero } from './log-zero.ts'
import { lossScale } from './loss-scale.ts'
import { maskedNan } from './masked-nan.ts'
import { mismatch } from './mismatch.ts'
import { negativeLoss } from './negative-loss.ts'
import { nonFinite } from './non-finite.ts'
import { overfit } from './overfit.ts'
import { saturation } from './saturation.ts'
import { slow } from './slow.ts'
import { spike } from './spike.ts'
import { sustainedRise } from './sustained-rise.ts'

/** Every detector. To add one, write its file and add its line here. */
export const DETECTORS: readonly Detector<unknown, JsonValue>[] = [
  nonFinite,
  maskedNan,
  logZero,
  mismatch,
  exploding,
  spike,
  sustainedRise,
  chancePlateau,
  frozen,
  negativeLoss,
  overfit,
  learningRateJump,
  lossScale,
  collapse,
  saturation,
  slow,
]
