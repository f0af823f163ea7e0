import { describe, expect, test } from 'vitest'
import { CAUSE } from '../../../src/core/causes/index.ts'
import { toleranceOf } from '../../../src/core/loss-search/tolerance.ts'
import { metricValue } from '../../../src/protocol/value.ts'
import { batchOf } from '../measure/batches.ts'
import { causesOf } from './searched-job.ts'

const ROWS = 8
const wave = (n: number) => {
  const at = Math.sin(78.233 * n + 4.1) * 15731.743
  return at - Math.floor(at)
}
const logSumExp = (row: readonly number[]) => Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0))
const logSoftmax = (row: readonly number[]) => row.map((z) => z - logSumExp(row))
const softmax = (row: readonly number[]) => logSoftmax(row).map(Math.exp)
const printed = (rows: readonly (readonly number[])[], decimals: number) =>
  rows.map((row) => row.map((z) => Number(z.toFixed(decimals))))

interface Job {
  readonly kind: 'logits' | 'log_probs'
  readonly decimals: number
  readonly isTwice?: boolean
}

/** Twelve batches of one job, whose losses are computed from its logits in full. */
function jobOf({ kind, decimals, isTwice = false }: Job) {
  return Array.from({ length: 12 }, (_, step) => {
    const labels = Array.from({ length: ROWS }, (_, row) => Math.floor(4 * wave(100 * step + row)))
    const logits = labels.map((label, row) =>
      [0, 1, 2, 3].map((c) => 5 * wave(1000 + 64 * step + 4 * row + c) - 2.5 + (c === label ? 1.2 : 0)),
    )
    const costs = logits.map((row, i) => -logSoftmax(isTwice ? softmax(row) : row)[labels[i]!]!)
    const shown = printed(kind === 'logits' ? logits : logits.map(logSoftmax), decimals)
    const reportedLoss = metricValue(costs.reduce((sum, cost) => sum + cost, 0) / ROWS)
    return { ...batchOf(kind, shown, labels), reportedLoss }
  })
}

/** The last batch of it with one logit far below the others, and the loss that a logarithm of its softmax gives. */
function failedBatch(decimals: number) {
  const batch = jobOf({ kind: 'logits', decimals }).at(-1)!
  const labels = {
    kind: 'hard',
    classes: Float64Array.from(batch.labels.kind === 'hard' ? batch.labels.classes : []),
  } as const
  const values = Float64Array.from(batch.values)
  values.set(printed([[51.2468, 2.1357, -71.3579, 1.4683]], decimals)[0]!, 0)
  labels.classes[0] = 2
  return { ...batch, values, labels, reportedLoss: metricValue(Infinity) }
}

describe('logits of few decimals', () => {
  for (const kind of ['logits', 'log_probs'] as const) {
    for (const decimals of [1, 2, 3, 4]) {
      test(`a right loss beside ${kind} of ${decimals} decimals is right`, () => {
        const causes = causesOf(jobOf({ kind, decimals }))
        expect(causes).toEqual(causes.map(() => ({ kind: 'nothing' })))
      })
    }
  }

  test.each([2, 3, 4])('a softmax too many is told beside logits of %d decimals', (decimals) => {
    expect(causesOf(jobOf({ kind: 'logits', decimals, isTwice: true })).at(-1)).toMatchObject({
      code: CAUSE.doubleSoftmax,
    })
  })

  test.each([1, 2, 3, 4])(
    'the logarithm of a softmax is not denied by losses beside logits of %d decimals',
    (decimals) => {
      const causes = causesOf([...jobOf({ kind: 'logits', decimals }).slice(0, -1), failedBatch(decimals)])
      expect(causes.at(-1)).toMatchObject({ kind: 'cause', code: CAUSE.logOfSoftmax })
    },
  )
})

test('rows of NaN beside logits in full add no error', () => {
  const { relative, absolute } = toleranceOf(
    batchOf(
      'logits',
      [
        [NaN, NaN],
        [0.12345678901, 1.98765432109],
      ],
      [0, 1],
    ),
    'float64',
  )
  expect([relative, absolute].every((error) => error < 1e-4)).toBe(true)
})
