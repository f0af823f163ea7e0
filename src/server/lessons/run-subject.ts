import type { BrokenBatch, MeasuredBatch, Subject } from '../../core/lessons/topic.ts'
import type { SeriesInfo } from '../../protocol/run.ts'
import { CROSS_ENTROPY } from '../../protocol/sample.ts'
import type { Reader } from '../../store/store.ts'

/** So many batches make a chart and bound what one lesson reads. */
const MOST_BATCHES = 200

/** Runs whose predictions were measured, newest activity first. */
export async function runsToLearnFrom(reader: Reader): Promise<readonly string[]> {
  const runs = await reader.runs()
  return runs.filter(({ batches }) => batches > 0).map(({ run }) => run)
}

/**
 * The batch of this run at this step; without one, the last before it broke, or else its newest.
 *
 * Of several files with predictions the one is taken that broke, or else the
 * longest. Null where the run has no batches, or none at this step.
 */
export async function runSubject(reader: Reader, run: string, step: number | null): Promise<Subject | null> {
  const series = await lossSeries(reader, run)
  if (series === null) return null
  const broken = await firstBroken(reader, series)
  const until = step ?? broken?.batch.step ?? null
  const read = await reader.batches(series.file, until, MOST_BATCHES)
  const history = step === null && broken?.before != null ? read.slice(0, -1) : read
  const batch = step === null ? history.at(-1) : history.findLast((each) => each.step === step)
  if (batch === undefined) return null
  return { source: { kind: 'run', run, step: batch.step }, batch, broken, history }
}

async function lossSeries(reader: Reader, run: string): Promise<SeriesInfo | null> {
  const found = (await reader.series(run)).filter(({ metric }) => metric === CROSS_ENTROPY)
  const [first] = found.sort((a, b) => Number(b.nonFinite > 0) - Number(a.nonFinite > 0) || b.samples - a.samples)
  return first ?? null
}

async function firstBroken(reader: Reader, series: SeriesInfo): Promise<BrokenBatch | null> {
  if (series.nonFinite === 0) return null
  const summed = await reader.envelope(series.id, 1)
  const [mark] = [...(summed?.nonFinite ?? [])].sort((a, b) => a.ordinal - b.ordinal)
  if (mark === undefined || mark.step === null) return null
  const batches = await reader.batches(series.file, mark.step, 2)
  const [last, before]: readonly (MeasuredBatch | undefined)[] = batches.toReversed()
  return last === undefined ? null : { batch: last, before: before ?? null }
}
