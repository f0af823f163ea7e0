import { describe, expect, test } from 'vitest'
import { CAUSE } from '../../../src/core/causes/index.ts'
import type { LikeliestCause } from '../../../src/core/loss-search/likeliest-cause.ts'
import type { PredictionBatch } from '../../../src/core/measure/prediction-batch.ts'
import { batchOf } from '../measure/batches.ts'
import { causesOf } from './searched-job.ts'

const FACTORS = [0.71, 1.63, 0.88, 1.27, 0.55, 1.94, 1.09, 0.64]
const cost = (p: readonly number[], label: number) => -Math.log(p[label]!)

/** Batches of three rows of some classes, with losses that are `loss` of them. */
function jobOf(
  classes: number,
  labelsOf: (at: number) => readonly number[],
  loss: (costs: readonly number[], labels: readonly number[], at: number) => number,
): PredictionBatch[] {
  return FACTORS.map((_, at) => {
    const rows = [0, 1, 2].map((row) => {
      const parts = Array.from({ length: classes }, (_, c) => 1 + ((7 * at + 3 * row + 5 * c * c + at * row) % 11))
      const total = parts.reduce((sum, part) => sum + part, 0)
      return parts.map((part) => part / total)
    })
    const labels = labelsOf(at)
    const costs = rows.map((row, i) => cost(row, labels[i]!))
    return {
      ...batchOf('probs', rows, labels),
      reportedLoss: loss(costs, labels, at) as PredictionBatch['reportedLoss'],
    }
  })
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const anyLoss = (costs: readonly number[], _: readonly number[], at: number) => (FACTORS[at]! * sum(costs)) / 3
const weighted = (weights: readonly number[]) => (costs: readonly number[], labels: readonly number[]) => {
  const used = labels.map((label) => weights[label]!)
  return sum(costs.map((one, i) => one * used[i]!)) / sum(used)
}
const codesIn = (causes: readonly LikeliestCause[]) =>
  causes.flatMap((cause) => (cause.kind === 'cause' ? [cause.code] : []))

describe('class weights', () => {
  const unknown: readonly (readonly [name: string, batches: PredictionBatch[]])[] = [
    ['only the first of two classes', jobOf(2, () => [0, 0, 0], anyLoss)],
    ['only the second of two classes', jobOf(2, () => [1, 1, 1], anyLoss)],
    ['only one of three classes', jobOf(3, () => [2, 2, 2], anyLoss)],
    ['only two of three classes', jobOf(3, (at) => [0, at % 2, 0], anyLoss)],
    ['one class but for a single row', jobOf(2, (at) => [0, 0, at === 2 ? 1 : 0], anyLoss)],
    [
      'the real rows of a discriminator, each told as surely real',
      FACTORS.map((_, at) => ({
        ...batchOf('probs', [[1], [1], [1]], [1, 1, 1]),
        reportedLoss: (1.4e-6 + 1.1e-5 * at) as PredictionBatch['reportedLoss'],
      })),
    ],
  ]
  test.each(unknown)('are not told where there are %s', (_, batches) => {
    expect(codesIn(causesOf(batches))).not.toContain(CAUSE.weightsOrMask)
  })

  test('are told where each class stands in several batches', () => {
    const batches = jobOf(3, (at) => [at % 3, (at + 1) % 3, at % 2], weighted([1, 4, 0.5]))
    expect(causesOf(batches).at(-1)).toMatchObject({ code: CAUSE.weightsOrMask })
  })
})
