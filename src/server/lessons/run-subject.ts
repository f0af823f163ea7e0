import type { BrokenBatch, MeasuredBatch, Subject } from '../../core/lessons/topic.ts'
import type { SeriesInfo } from '../../protocol/run.ts'
import { CROSS_ENTROPY } from '../../protocol/sample.ts'
import type { Reader } from '../../store/store.ts'

/** So many batches make a chart and bound what one lesson reads. */
const MOST_BATCHES = 200

/** Runs whose predictions were measured, newest activity first. */
export function runsToLearnFrom(reader: Reader): readonly string[] {
  return reader
    .runs()
    .filter(({ batches }) => batches > 0)
    .map(({ run }) => run)
}

/**
 * The batch of this run at this step; without one, the last before it broke, or else its newest.
 *
 * Of several files with predictions the one is taken that broke, or else the
 * longest. Null where the run has no batches, or none at this step.
 */
export function runSubject(reader: Reader, run: string, step: number | null): Subject | null {
  const series = lossSeries(reader, run)
  if (series === null) return null
  const broken = firstBroken(reader, series)
  const until = step ?? broken?.batch.step ?? null
  const read = reader.batches(series.file, until, MOST_BATCHES)
  const history = step === null && broken?.before != null ? read.slice(0, -1) : read
  const batch = step === null ? history.at(-1) : history.findLast((each) => each.step === step)
  if (batch === undefined) return null
  return { source: { kind: 'run', run, step: batch.step }, batch, broken, history }
}

function lossSeries(reader: Reader, run: string): SeriesInfo | null {
  const found = reader.series(run).filter(({ metric }) => metric === CROSS_ENTROPY)
  const [first] = found.sort((a, b) => Number(b.nonFinite > 0) - Number(a.nonFinite > 0) || b.samples - a.samples)
  return first ?? null
}

function firstBroken(reader: Reader, series: SeriesInfo): BrokenBatch | null {
  if (series.nonFinite === 0) return null
  const marks = reader.envelope(series.id, 1)?.nonFinite ?? []
  const [mark] = [...marks].sort((a, b) => a.ordinal - b.ordinal)
  if (mark === undefined || mark.step === null) return null
  const [last, before]: readonly (MeasuredBatch | undefined)[] = reader.batches(series.file, mark.step, 2).toReversed()
  return last === undefined ? null : { batch: last, before: before ?? null }
}
