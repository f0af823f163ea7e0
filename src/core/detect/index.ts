import type { JsonValue } from '../../protocol/value.ts'
import type { Detector } from './detector.ts'
import { exploding } from './exploding.ts'
import { logZero } from './log-zero.ts'
import { maskedNan } from './masked-nan.ts'
import { nonFinite } from './non-finite.ts'
import { saturation } from './saturation.ts'
import { spike } from './spike.ts'

/** Every detector. To add one, write its file and add its line here. */
export const DETECTORS: readonly Detector<unknown, JsonValue>[] = [
  nonFinite,
  maskedNan,
  logZero,
  exploding,
  spike,
  saturation,
]
