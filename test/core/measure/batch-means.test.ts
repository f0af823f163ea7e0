import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { measureBatch } from '../../../src/core/measure/batch-measure.ts'
import { crossEntropyNats } from '../../../src/core/measure/cross-entropy.ts'
import { klNats } from '../../../src/core/measure/divergence.ts'
import { entropyNats } from '../../../src/core/measure/entropy.ts'
import type { BatchMeasure, PredictionKind } from '../../../src/core/measure/prediction-batch.ts'
import { recomputedSeries } from '../../../src/core/measure/recomputed-series.ts'
import { toNumber } from '../../../src/protocol/value.ts'
import { batchOf, distribution, logit, matrix, rowsOf } from './batches.ts'
import { expectNear } from './near.ts'

const probs = (rows: string, labels: readonly number[]) => batchOf('probs', matrix(rows), labels)

test('the clip tells how many values it touched on each side, what share of the loss they carry, and its ceiling', () => {
  const { clipping } = measureBatch(probs('0 1 0 | 0.5 0.5 0 | 0 1 0', [0, 0, 1]), 1e-4)
  expect(clipping).toMatchObject({ raised: 5, lowered: 2, ceiling: -Math.log(1e-4) })
  const [low, half, high] = [-Math.log(1e-4), Math.LN2, -Math.log(1 - 1e-4)]
  expectNear(toNumber(clipping.lossShare), (low + high) / (low + half + high), 1e-15)
  expect(measureBatch(probs('0.5 0.5', [0])).clipping).toMatchObject({ raised: 0, lowered: 0, lossShare: 0 })
})

test('in one column a value is clipped and saturated once, not with its complement again', () => {
  const measure = measureBatch(probs('0 | 1 | 0.5 | 0.5', [0, 0, 1, 0]))
  expect(measure.clipping).toMatchObject({ raised: 1, lowered: 1 })
  expect(measure.saturation).toBe(0.5)
})

test('saturation is told in the type of the job', () => {
  const batch = probs('0.99951171875 0.00048828125 | 0.9999999403953552 5.9604644775390625e-8', [0, 0])
  const saturation = (dtype: 'float16' | 'bfloat16' | 'float32' | 'float64') =>
    measureBatch({ ...batch, dtype }).saturation
  expect([saturation('bfloat16'), saturation('float16'), saturation('float32'), saturation('float64')]).toEqual([
    0.5, 0.75, 0.25, 0,
  ])
  expect(measureBatch(batch)).toMatchObject({ dtype: null, saturation: 0.25 })
  expect(measureBatch({ ...batch, dtype: 'float16' }).dtype).toBe('float16')
})

test('a number outside of 0 and 1 is not saturated', () => {
  expect(measureBatch(probs('-1 2 NaN Infinity', [0])).saturation).toBe(0)
})

test('the divergence the other way is finite only where the truth rules nothing out', () => {
  expect(measureBatch(probs('0.9 0.1', [0])).klReverse).toBe('Infinity')
  expect(measureBatch(probs('1 0 | 0 1', [0, 1])).klReverse).toBe(0)
  expect(measureBatch(probs('NaN 1', [1])).klReverse).toBe('NaN')
  const guess = [0.1, 0.6, 0.3]
  const truth = [0.2, 0.3, 0.5]
  expectNear(toNumber(measureBatch(batchOf('probs', [guess], [truth])).klReverse), klNats(guess, truth), 1e-15)
})

test('predictions that are all alike tell nothing of their rows, and sure ones all that there is', () => {
  expectNear(toNumber(measureBatch(probs('0.3 0.7 | 0.3 0.7', [0, 1])).mutualInformation), 0, 0, 1e-15)
  expect(measureBatch(probs('1 0 | 0 1', [0, 1])).mutualInformation).toBe(Math.LN2)
})

test('the frequencies of the labels, the chance level, and the class that is answered most', () => {
  const measure = measureBatch(probs('0.1 0.6 0.3 | 0.2 0.7 0.1 | 0.5 0.3 0.2 | 0 1 0', [0, 0, 0, 2]))
  expect(measure.chanceLevel).toBe(Math.log(3))
  expectNear(toNumber(measure.labelEntropy), entropyNats([0.75, 0.25]), 1e-15)
  expect(measure.topClass).toEqual({ class: 1, share: 0.75, labelShare: 0 })
  expect(measureBatch(probs('NaN 0.5', [0])).topClass).toBeNull()
  expect(measureBatch(probs('0.2 | 0.7', [1, 1])).chanceLevel).toBe(Math.LN2)
})

test('a model that is surer than it is right is miscalibrated by the difference', () => {
  const measure = measureBatch(probs('0.9 0.1 | 0.9 0.1 | 0.6 0.4 | 0.6 0.4', [0, 1, 0, 1]))
  expectNear(toNumber(measure.confidence), 0.75, 1e-15)
  expectNear(toNumber(measure.calibrationError), 0.5 * 0.4 + 0.5 * 0.1, 1e-14)
  expect(measureBatch(probs('1 0 | 0 1', [0, 1])).calibrationError).toBe(0)
  expect(measureBatch(probs('NaN 1 | 0 1', [0, 1])).calibrationError).toBe('NaN')
})

test('the largest logit is told without its sign, and masks are none', () => {
  const maxLogit = (rows: string) => measureBatch(batchOf('logits', matrix(rows), [0])).maxLogit
  expect(maxLogit('-90 3 -Infinity')).toBe(90)
  expect(maxLogit('-1 Infinity')).toBe('Infinity')
  expect(maxLogit('-7')).toBe(7)
  expect(measureBatch(probs('0.5 0.5', [0])).maxLogit).toBeNull()
})

test('the smallest probability of a true class is told, where there is one', () => {
  expect(measureBatch(probs('0.5 0.5 | 0.25 0.75', [0, 0])).minTrueProbability).toBe(0.25)
  expect(measureBatch(probs('NaN 0.5', [0])).minTrueProbability).toBeNull()
})

test('quantiles are losses of rows, an infinite one included and NaN left out', () => {
  const rows = Array.from({ length: 100 }, (_, i) => [1 - (i + 1) / 200, (i + 1) / 200])
  const loss = (rank: number) => -Math.log(1 - rank / 200)
  const { lossQuantiles } = measureBatch(batchOf('probs', rows.toReversed(), Array(100).fill(0)))
  expect(lossQuantiles).toEqual({ median: loss(50), p90: loss(90), p99: loss(99), max: loss(100) })
  expect(measureBatch(probs('0 1 | 1 0 | NaN 1', [0, 0, 0])).lossQuantiles).toMatchObject({
    median: 0,
    max: 'Infinity',
  })
  expect(measureBatch(probs('NaN 1', [0])).lossQuantiles).toBeNull()
})

test('the eight worst rows are named with what they hold, the worst first and of equal ones the earlier', () => {
  const rows = Array.from({ length: 12 }, (_, i) => [0.05 * (i + 1), 1 - 0.05 * (i + 1)])
  const { worstRows, worst } = measureBatch(batchOf('probs', [...rows, rows[0]!], Array(13).fill(0)))
  expect(worstRows.map(({ row }) => row)).toEqual([0, 12, 1, 2, 3, 4, 5, 6])
  expect(worstRows[0]).toMatchObject({ loss: -Math.log(0.05), label: 0, guess: 1, trueProbability: 0.05 })
  expect(worst).toEqual({ row: 0, loss: -Math.log(0.05) })
})

test('on a wrong answer that is sure of itself cross-entropy pulls with 1, and squared error hardly', () => {
  const [row] = measureBatch(batchOf('logits', matrix('20'), [0])).worstRows
  expectNear(toNumber(row!.crossEntropyGradient), 1, 1e-8)
  expectNear(toNumber(row!.squaredErrorGradient), 4.1223e-9, 1e-4)
})

describe('a gradient is the slope of its loss', () => {
  const kinds: readonly PredictionKind[] = ['logits', 'log_probs', 'probs']
  const row = fc.integer({ min: 2, max: 5 }).chain((classes) =>
    fc.record({
      logits: fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: classes, maxLength: classes }),
      truth: fc.oneof(distribution(classes), fc.nat(classes - 1)),
    }),
  )
  for (const kind of kinds) {
    test(`of ${kind}`, () => {
      fc.assert(
        fc.property(row, ({ logits, truth }) => {
          const at = (step: number, label: number) => {
            const moved = logits.with(label, logits[label]! + step)
            return measureOf(softmaxOf(moved), truth)
          }
          const { worstRows } = measureOf(valuesOf(kind, logits), truth, kind)
          const { label, crossEntropyGradient, squaredErrorGradient } = worstRows[0]!
          const slope = (field: 'crossEntropy' | 'squaredError') =>
            (toNumber(at(1e-5, label)[field]) - toNumber(at(-1e-5, label)[field])) / 2e-5
          expectNear(toNumber(crossEntropyGradient), slope('crossEntropy'), 1e-6, 1e-8)
          expectNear(toNumber(squaredErrorGradient), slope('squaredError'), 1e-6, 1e-8)
        }),
      )
    })
  }
})

test('weights of rows and of classes weigh the mean, and a weight of 0 leaves a row out whatever its loss', () => {
  const batch = probs('0.5 0.5 | 0.25 0.75 | 0 1', [0, 0, 0])
  const rows = measureBatch({ ...batch, weights: { of: 'rows', values: Float64Array.of(1, 3, 0) } })
  expectNear(toNumber(rows.crossEntropyWeighted!), (Math.LN2 + 3 * Math.log(4)) / 4, 1e-15)
  const classes = { of: 'classes', values: Float64Array.of(2, 1) } as const
  const mixed = measureBatch({ ...probs('0.5 0.5 | 0.25 0.75', [0, 1]), weights: classes })
  expectNear(toNumber(mixed.crossEntropyWeighted!), (2 * Math.LN2 - Math.log(0.75)) / 3, 1e-15)
  expect(measureBatch(batch).crossEntropyWeighted).toBeNull()
})

test('bits are nats over ln 2', () => {
  expect(measureBatch(probs('0.5 0.5', [0])).crossEntropyBits).toBe(1)
})

test('rows that are ignored add nothing to any mean', () => {
  fc.assert(
    fc.property(
      rowsOf((classes) => fc.array(logit, { minLength: classes, maxLength: classes })),
      (rows) => {
        const labels = rows.map((_, i) => i % rows[0]!.length)
        const plain = measureBatch(batchOf('logits', rows, labels))
        const padded = measureBatch(batchOf('logits', [...rows, ...rows], [...labels, ...rows.map(() => -100)]))
        expect({ ...padded, n: plain.n }).toEqual(plain)
      },
    ),
    { examples: [[[[0, 0, 0, 0]]], [[[0], [1]]]] },
  )
})

test('a series is made of each measure that the batch has', () => {
  const names = (measure: BatchMeasure) =>
    recomputedSeries(measure).map(({ metric }) => metric.replace('nanwatch/', ''))
  const ofProbs = names(measureBatch(probs('0.5 0.5', [0])))
  const ofLogits = names(measureBatch(batchOf('logits', matrix('1 2'), [0])))
  expect(ofLogits.filter((name) => !ofProbs.includes(name))).toEqual(['max_logit'])
  expect(ofProbs).toEqual(expect.arrayContaining(['cross_entropy', 'saturation', 'calibration_error']))
})

function measureOf(values: number[], truth: number | number[], kind: PredictionKind = 'probs'): BatchMeasure {
  return measureBatch(batchOf(kind, [values], typeof truth === 'number' ? [truth] : [truth]))
}

function softmaxOf(logits: number[]): number[] {
  return logits.map((_, i) => Math.exp(-crossEntropyNats('logits', logits, i)))
}

function valuesOf(kind: PredictionKind, logits: number[]): number[] {
  if (kind === 'logits') return logits
  const probabilities = softmaxOf(logits)
  return kind === 'probs' ? probabilities : probabilities.map(Math.log)
}

test('the divergence of a guess that hardly differs from its truth keeps its digits, which loss less entropy does not', () => {
  const truth = [0.25, 0.75]
  const guess = [0.25 + 2 ** -22, 0.75 - 2 ** -22]
  // Σ d² / 2t, and the next term of the series.
  const expected = 2 ** -45 * (4 + 4 / 3) - (2 ** -66 / 3) * (16 - 16 / 9)
  expectNear(toNumber(measureBatch(batchOf('probs', [guess], [truth])).klDivergence), expected, 1e-9)
})

test('the squared error of a sure and right answer is that of both classes, however small', () => {
  const miss = Math.exp(-40)
  for (const batch of [
    batchOf('logits', matrix('0 40'), [1]),
    batchOf('logits', matrix('40'), [1]),
    batchOf('logits', matrix('-40'), [0]),
    batchOf('probs', [[miss]], [0]),
    batchOf('log_probs', [[-miss]], [1]),
  ]) {
    expectNear(toNumber(measureBatch(batch).squaredError), 2 * miss ** 2, 1e-12)
  }
})

test('a column that rounding has taken beyond 0 or 1 is sure, and no NaN', () => {
  const measure = measureBatch(probs('1.0000001192092896 | -1e-9 | 0.5', [1, 0, 1]))
  expect(measure).toMatchObject({ entropy: Math.LN2 / 3, crossEntropy: Math.LN2 / 3, outOfRange: { count: 0 } })
  expect(measureBatch(probs('1.0000001192092896', [0]))).toMatchObject({ crossEntropy: 'Infinity', entropy: 0 })
  expect(measureBatch(probs('1.01', [1])).outOfRange.count).toBe(1)
  expect(measureBatch({ ...probs('1.0078125', [1]), dtype: 'bfloat16' }).outOfRange.count).toBe(0)
})
