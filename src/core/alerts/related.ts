import type { Alert } from '../../protocol/alert.ts'

/** Most series that an alert lists beside its own. */
const RELATED_KEPT = 16

type Related = Alert['related'][number]

/** The related series of an alert with one more. Beyond a limit those with the lowest steps are kept. */
export function withRelated(alert: Alert, { file, metric, step }: Related): Alert['related'] {
  const seen = { file, metric, step }
  const isListed = isSameSeries(alert, seen) || alert.related.some((other) => isSameSeries(other, seen))
  return isListed ? alert.related : [...alert.related, seen].sort(byPlace).slice(0, RELATED_KEPT)
}

/** By step, and at one step by name: the order does not depend on which file was read first. */
function byPlace(one: Related, other: Related): number {
  const steps = (one.step ?? Number.MAX_VALUE) - (other.step ?? Number.MAX_VALUE)
  return steps || compare(one.file, other.file) || compare(one.metric, other.metric)
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

export function isSameSeries(a: Pick<Related, 'file' | 'metric'>, b: Pick<Related, 'file' | 'metric'>): boolean {
  return a.file === b.file && a.metric === b.metric
}
