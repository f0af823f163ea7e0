import { describe, expect, test } from 'vitest'
import { CAUSE } from '../../../src/core/causes/index.ts'
import type { PredictionBatch } from '../../../src/core/measure/prediction-batch.ts'
import { metricValue } from '../../../src/protocol/value.ts'
import { batchOf } from '../measure/batches.ts'
import { causesOf } from './searched-job.ts'

const BATCHES = [0, 1, 2, 3, 4, 5]
const IGNORED = { ...batchOf('probs', rowsOf(7), [-100, -100, -100]), reportedLoss: metricValue(Number.NaN) }

/** Three rows of three classes, other ones for each seed. */
function rowsOf(seed: number): number[][] {
  return [0, 1, 2].map((row) => {
    const parts = [0, 1, 2].map((c) => 1 + ((13 * seed + 7 * row + 5 * c + seed * row * c) % 17))
    const total = parts.reduce((sum, part) => sum + part, 0)
    return parts.map((part) => part / total)
  })
}

const meanOf = (seed: number) => -rowsOf(seed).reduce((sum, row, i) => sum + Math.log(row[i]!), 0) / 3

function jobOf(loss: (seed: number) => number): PredictionBatch[] {
  const sound = BATCHES.map((seed) => ({
    ...batchOf('probs', rowsOf(seed), [0, 1, 2]),
    reportedLoss: metricValue(loss(seed)),
  }))
  return [...sound, IGNORED]
}

describe('rows that are all ignored, below a loss of NaN', () => {
  const whole: readonly (readonly [name: string, batches: readonly PredictionBatch[]])[] = [
    ['right losses', jobOf(meanOf)],
    ['losses of a sum', jobOf((seed) => 3 * meanOf(seed))],
    ['losses of another factor', jobOf((seed) => 7 * meanOf(seed))],
    ['no loss at all', [IGNORED]],
  ]
  test.each(whole)('are a mean of nothing after %s', (_, batches) => {
    expect(causesOf(batches).at(-1)).toMatchObject({ kind: 'cause', code: CAUSE.nothingToAverage })
  })

  test('may be a part of the batch where no loss before was that of the rows', () => {
    const others = jobOf((seed) => 1.0371 + 0.2913 * Math.sin(5 * seed + 1))
    expect(causesOf(others).at(-1)).toEqual({ kind: 'open', codes: [] })
  })
})
