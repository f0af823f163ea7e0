import { recomputedSeries } from '../../../src/core/measure/recomputed-series.ts'
import type { Commit, PlacedBatch } from '../../../src/core/pipeline/commit.ts'
import { batchOf } from '../../core/lessons/subject.ts'
import { commit, fileUpdate, run } from '../../store/commits.ts'

/** A run of a batch every ten steps, each given by its probabilities of the truth, with the series that are made of it. */
export function predictions(name: string, truths: readonly (readonly number[])[]): Commit {
  const batches: PlacedBatch[] = truths.map((truth, i) => {
    const { measure } = batchOf(i * 10, truth)
    return { ordinal: i, attempt: 0, step: i * 10, offset: i * 100, measure, reportedLoss: null }
  })
  const samples = batches.flatMap(({ measure, ordinal, step, offset }) =>
    recomputedSeries(measure).map(({ metric, value }) => {
      const raw = typeof value === 'number' ? null : value
      return {
        metric,
        role: 'other' as const,
        ordinal,
        attempt: 0,
        step,
        offset,
        value,
        raw,
        timeMs: null,
        epoch: null,
      }
    }),
  )
  const counts = { samples: samples.length, batches: batches.length, rejects: 0 }
  const { file, ...read } = fileUpdate({ path: `/runs/${name}/predictions.jsonl`, run: name }, { samples, batches })
  return commit({ runs: [run(name)], files: [{ ...read, file: { ...file, state: { ...file.state, counts } } }] })
}
