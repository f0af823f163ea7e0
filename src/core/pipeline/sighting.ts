import { CROSS_ENTROPY } from '../../protocol/sample.ts'
import type { Sighting } from '../detect/rule.ts'
import type { BatchEvidence, Trend } from '../diagnose/diagnosis.ts'
import type { SeriesProgress } from '../runs/attempts.ts'

/** Takes the place of the newest loss in a log without losses. */
const NO_LOSS = { metric: 'log', role: 'other', value: 'NaN', attempt: 0, time: null } as const

/** The place of a batch of predictions. Its value is the cross-entropy. */
export function sightingOfBatch({ step, attempt, offset, measure }: BatchEvidence): Sighting {
  return { metric: CROSS_ENTROPY, role: 'other', step, attempt, offset, value: measure.crossEntropy, time: null }
}

/** The place of a finding that no record shows: that of the file's newest loss, or a NaN of `log` in a file without losses. */
export function sightingOfWords(
  { loss }: Trend,
  progressOf: (metric: string) => SeriesProgress,
  step: number | null,
  offset: number | null,
): Sighting {
  const last = loss.at(-1)
  if (last === undefined) return { ...NO_LOSS, step, offset }
  const { attempt } = progressOf(last.metric)
  return { metric: last.metric, role: 'train_loss', step, attempt, offset, value: last.value, time: null }
}
