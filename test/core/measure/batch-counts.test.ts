import { expect, test } from 'vitest'
import { measureBatch } from '../../../src/core/measure/batch-measure.ts'
import type { BatchMeasure, PredictionBatch } from '../../../src/core/measure/prediction-batch.ts'
import { batchOf, matrix } from './batches.ts'

type CountName =
  | 'zeroOnTruth'
  | 'zeroOffTruth'
  | 'oneOnWrong'
  | 'nan'
  | 'infinite'
  | 'outOfRange'
  | 'notNormalised'
  | 'clipped'
  | 'badLabel'
  | 'nanLabel'

interface Case {
  readonly name: string
  readonly batch: PredictionBatch
  /** The rows of every count that is not empty. */
  readonly rows: Partial<Record<CountName, readonly number[]>>
}

const cases: readonly Case[] = [
  {
    name: 'a healthy batch has nothing to explain',
    batch: batchOf('probs', matrix('0.2 0.8 | 0.7 0.3'), [1, 0]),
    rows: {},
  },
  {
    name: 'a zero and a one on the wrong side',
    batch: batchOf('probs', matrix('0.2 0.8 0 | 0 1 0'), [2, 0]),
    rows: { zeroOnTruth: [0, 1], zeroOffTruth: [1], oneOnWrong: [1], clipped: [0, 1] },
  },
  {
    name: 'a zero and a one on the right side',
    batch: batchOf('probs', matrix('0 1'), [1]),
    rows: { zeroOffTruth: [0], clipped: [0] },
  },
  {
    name: 'a distribution with weight on a class that was ruled out',
    batch: batchOf('probs', matrix('1 0 | 1 0'), matrix('0.75 0.25 | 1 0')),
    rows: { zeroOnTruth: [0], zeroOffTruth: [1], clipped: [0, 1] },
  },
  {
    name: 'one column: the value is the probability of class 1',
    batch: batchOf('probs', matrix('0 | 1 | 1 | 0'), [1, 0, 1, 0]),
    rows: { zeroOnTruth: [0, 1], zeroOffTruth: [2, 3], oneOnWrong: [0, 1], clipped: [0, 1, 2, 3] },
  },
  {
    name: 'one column: a tiny probability is no zero, though 1 − p rounds to 1',
    batch: batchOf('probs', matrix('1e-20'), [1]),
    rows: { clipped: [0] },
  },
  {
    name: 'one column: a log-probability of almost 0 leaves the other class a little',
    batch: batchOf('log_probs', matrix('-1e-20'), [0]),
    rows: { oneOnWrong: [0], clipped: [0] },
  },
  {
    name: 'one column: there is no sum to be off',
    batch: batchOf('probs', matrix('1e20'), [1]),
    rows: { outOfRange: [0], clipped: [0] },
  },
  {
    name: 'a softmax that underflows to 0 while its logarithm does not, and one that only rounds to 1',
    batch: batchOf('logits', matrix('0 800 | 0 40'), [0, 0]),
    rows: { oneOnWrong: [0, 1], clipped: [0, 1] },
  },
  {
    name: 'one column: a sigmoid that underflows to 0 while its logarithm does not, and one that only rounds to 1',
    batch: batchOf('logits', matrix('-800 | 40'), [1, 0]),
    rows: { oneOnWrong: [0, 1], clipped: [0, 1] },
  },
  {
    name: 'a logit of −∞, which masks the true class of one row',
    batch: batchOf('logits', matrix('0 1 -Infinity | 0 1 -Infinity'), [2, 1]),
    rows: { zeroOnTruth: [0], zeroOffTruth: [1], clipped: [0] },
  },
  {
    name: 'probabilities that rounding has taken beyond 0 and 1',
    batch: batchOf('probs', matrix('1.0000001192092896 -1e-9 | 0.3 0.7'), [0, 1]),
    rows: { zeroOffTruth: [0], clipped: [0] },
  },
  {
    name: 'values that are no probabilities',
    batch: batchOf('probs', matrix('-0.1 1.1 | 0.5 Infinity | 0.5 0.5'), [1, 0, 0]),
    rows: { outOfRange: [0, 1], infinite: [1], notNormalised: [1], clipped: [0] },
  },
  {
    name: 'log-probabilities above 0, and a −∞ that is a probability of 0',
    batch: batchOf('log_probs', matrix('0.5 -Infinity | 0 -Infinity'), [0, 0]),
    rows: { outOfRange: [0], notNormalised: [0], zeroOffTruth: [0, 1], clipped: [0, 1] },
  },
  {
    name: 'logits have no range and no sum; +∞ counts, and −∞ masks a class',
    batch: batchOf('logits', matrix('-700 700 | 0 -Infinity | 0 Infinity'), [1, 0, 0]),
    rows: { infinite: [2], zeroOffTruth: [0, 1], clipped: [0, 1] },
  },
  {
    name: 'sums that miss 1 by more than 1e-3',
    batch: batchOf('probs', matrix('0.5 0.502 | 0.5 0.5009'), [0, 0]),
    rows: { notNormalised: [0] },
  },
  {
    name: 'a NaN is counted once, and clips, ranges and sums have no say about it',
    batch: batchOf('probs', matrix('NaN NaN | 0.5 0.5'), [0, 0]),
    rows: { nan: [0] },
  },
  {
    name: 'labels that are no class',
    batch: batchOf('probs', Array(6).fill([0.5, 0.5]), [2, -1, 0.5, NaN, Infinity, -100]),
    rows: { badLabel: [0, 1, 2], nanLabel: [3, 4] },
  },
  {
    name: 'one column: the labels 255 and −1 are no class',
    batch: batchOf('probs', matrix('0.5 | 0.5 | 0.5'), [255, -1, 1]),
    rows: { badLabel: [0, 1] },
  },
  {
    name: 'weights that are no probabilities, and weights that are all 0',
    batch: batchOf('probs', matrix('0.5 0.5 | 0.5 0.5 | 0.5 0.5 | 0.5 0.5'), matrix('-1 1 | NaN 1 | 255 0 | 0 0')),
    rows: { badLabel: [0, 2], nanLabel: [1] },
  },
  {
    name: 'a row whose label is no class tells of its values only, and one that is ignored of nothing',
    batch: batchOf('probs', matrix('0 NaN | 1 0 | 0 1.5'), [-100, -100, 7]),
    rows: { outOfRange: [2], notNormalised: [2], badLabel: [2] },
  },
]

for (const { name, batch, rows } of cases) {
  test(name, () => {
    expect(countedRows(measureBatch(batch))).toEqual(rows)
  })
}

test('the worst row is the one with the largest loss, an infinite one included, and rows of NaN are none', () => {
  const worstOf = (rows: string, labels: number[]) => measureBatch(batchOf('probs', matrix(rows), labels)).worst
  expect(worstOf('0.5 0.5 | 0.25 0.75 | 1 0', [0, 0, 0])).toEqual({ row: 1, loss: Math.log(4) })
  expect(worstOf('0.5 0.5 | 1 0', [0, 1])).toEqual({ row: 1, loss: 'Infinity' })
  expect(worstOf('NaN 0.5 | 0.5 0.5', [0, 1])).toEqual({ row: 1, loss: Math.LN2 })
  expect(worstOf('NaN NaN', [0])).toBeNull()
})

test('a count names its first eight rows', () => {
  const labels = Array.from({ length: 20 }, (_, i) => i % 2)
  const { zeroOnTruth } = measureBatch(batchOf('probs', Array(20).fill([1, 0]), labels))
  expect(zeroOnTruth).toEqual({ count: 10, rows: [1, 3, 5, 7, 9, 11, 13, 15] })
})

function countedRows(measure: BatchMeasure): Partial<Record<CountName, readonly number[]>> {
  const rows: Partial<Record<CountName, readonly number[]>> = {}
  for (const [name, value] of Object.entries(measure)) {
    const isCount = value !== null && typeof value === 'object' && 'count' in value
    if (isCount && value.count > 0) rows[name as CountName] = value.rows
  }
  return rows
}
