import { badBatch } from './bad-batch.ts'
import type { Hypothesis } from './diagnosis.ts'
import { gradient } from './gradient.ts'
import { growth } from './growth.ts'
import { labels } from './labels.ts'
import { logOfZero } from './log-of-zero.ts'
import { masked } from './masked.ts'
import { predictions } from './predictions.ts'
import { saturated } from './saturated.ts'

/**
 * Every family of causes, the surest first: predictions that are no numbers
 * explain a NaN better than a zero among them. To add one, write its file and
 * add its line here.
 */
export const HYPOTHESES: readonly Hypothesis[] = [
  saturated,
  predictions,
  labels,
  logOfZero,
  gradient,
  masked,
  growth,
  badBatch,
]
