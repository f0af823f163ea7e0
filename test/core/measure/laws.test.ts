import fc from 'fast-check'
import { expect, test } from 'vitest'
import { measureBatch } from '../../../src/core/measure/batch-measure.ts'
import { crossEntropyNats, logSoftmax } from '../../../src/core/measure/cross-entropy.ts'
import { klNats } from '../../../src/core/measure/divergence.ts'
import { entropyNats } from '../../../src/core/measure/entropy.ts'
import type {
  BatchMeasure,
  PredictionBatch,
  PredictionKind,
  RowCount,
} from '../../../src/core/measure/prediction-batch.ts'
import { softmaxCrossEntropyGradient } from '../../../src/core/measure/squared-error.ts'
import { type MetricValue, toNumber } from '../../../src/protocol/value.ts'
import { batchOf, distribution, logit, rowsOf } from './batches.ts'
import { expectNear } from './near.ts'

/** Rows of a guess and a truth, both distributions over the same classes. */
const pairs = rowsOf((classes) => fc.record({ guess: distribution(classes), truth: distribution(classes) }))

/** Rows of logits, each with the index of its true class. */
const labelled = rowsOf((classes) =>
  fc.record({
    logits: fc.array(logit, { minLength: classes, maxLength: classes }),
    label: fc.integer({ min: 0, max: classes - 1 }),
  }),
)

/** A column of probabilities, among them exact 0 and 1, each with its class. */
const column = fc.array(
  fc.record({
    p: fc.oneof(fc.constantFrom(0, 1, 5e-324, 1 - 2 ** -53), fc.double({ min: 0, max: 1, noNaN: true })),
    y: fc.constantFrom(0, 1),
  }),
  { minLength: 1, maxLength: 12 },
)

/** Anything that could be read from a file as a batch, however senseless. */
const anything: fc.Arbitrary<PredictionBatch> = fc
  .record({
    kind: fc.constantFrom<PredictionKind>('probs', 'log_probs', 'logits'),
    n: fc.nat(12),
    k: fc.nat(5),
    hard: fc.boolean(),
  })
  .chain(({ kind, n, k, hard }) =>
    fc.record({
      values: doubles(n * k),
      labels: hard
        ? doubles(n).map((classes) => ({ kind: 'hard' as const, classes }))
        : doubles(n * k).map((targets) => ({ kind: 'soft' as const, targets })),
      step: fc.constant(null),
      reportedLoss: fc.constant(null),
      kind: fc.constant(kind),
      n: fc.constant(n),
      k: fc.constant(k),
    }),
  )

function doubles(length: number): fc.Arbitrary<Float64Array> {
  const value = fc.oneof(
    fc.double(),
    fc.constantFrom(0, 1, 2, -100, NaN, Infinity, -Infinity),
    fc.double({ min: 0, max: 1 }),
  )
  return fc.array(value, { minLength: length, maxLength: length }).map((values) => Float64Array.from(values))
}

test('cross-entropy is the entropy of the truth plus the divergence from it', () => {
  fc.assert(
    fc.property(pairs, (rows) => {
      for (const { guess, truth } of rows) {
        const sum = entropyNats(truth) + klNats(truth, guess)
        expectNear(crossEntropyNats('probs', guess, truth), sum, 1e-12, 1e-14)
      }
    }),
  )
})

test('the divergence of a batch is the mean of its rows, and never negative', () => {
  fc.assert(
    fc.property(pairs, (rows) => {
      const { klDivergence } = measureBatch(softBatch(rows))
      const mean = rows.reduce((sum, { guess, truth }) => sum + klNats(truth, guess), 0) / rows.length
      expectNear(toNumber(klDivergence), mean, 1e-12, 1e-14)
      expect(toNumber(klDivergence)).toBeGreaterThan(-1e-14)
    }),
  )
})

test('a guess equal to the truth diverges by exactly 0', () => {
  fc.assert(
    fc.property(rowsOf(distribution), (rows) => {
      expect(measureBatch(batchOf('probs', rows, rows)).klDivergence).toBe(0)
    }),
  )
})

test('bits are nats over ln 2, perplexity is e to the cross-entropy, and the share lies between 0 and 1', () => {
  fc.assert(
    fc.property(labelled, (rows) => {
      const measure = measureBatch(hardBatch(rows))
      expectNear(toNumber(measure.entropyBits), toNumber(measure.entropy) / Math.LN2, 1e-15)
      expectNear(toNumber(measure.perplexity), Math.exp(toNumber(measure.crossEntropy)), 1e-15)
      expect(toNumber(measure.entropyShare)).toBeGreaterThanOrEqual(0)
      expect(toNumber(measure.entropyShare)).toBeLessThanOrEqual(1 + 1e-15)
    }),
  )
})

test('surprise is cross-entropy wherever the truth is one class', () => {
  fc.assert(
    fc.property(labelled, (rows) => {
      const measure = measureBatch(hardBatch(rows))
      expect(measure.surprise).toBe(measure.crossEntropy)
    }),
  )
})

test('the order of the rows does not matter', () => {
  fc.assert(
    fc.property(labelled, (rows) => {
      expectSameMeasure(measureBatch(hardBatch(rows.toReversed())), measureBatch(hardBatch(rows)), 1e-14)
    }),
  )
})

test('the order of the classes does not matter', () => {
  fc.assert(
    fc.property(pairs, (rows) => {
      const turned = rows.map(({ guess, truth }) => ({ guess: guess.toReversed(), truth: truth.toReversed() }))
      expectSameMeasure(measureBatch(softBatch(turned)), measureBatch(softBatch(rows)), 1e-12)
    }),
  )
})

test('a constant added to all logits of a row changes nothing', () => {
  fc.assert(
    fc.property(labelled, fc.integer({ min: -1000, max: 1000 }), (rows, shift) => {
      const shifted = rows.map(({ logits, label }) => ({ logits: logits.map((z) => z + shift), label }))
      expectSameMeasure(measureBatch(hardBatch(shifted)), measureBatch(hardBatch(rows)), 1e-11)
    }),
  )
})

test('logits, their log-probabilities and their probabilities measure the same', () => {
  fc.assert(
    fc.property(labelled, (rows) => {
      const labels = rows.map(({ label }) => label)
      const logProbs = rows.map(({ logits }) => Array.from(logSoftmax(logits)))
      const probs = logProbs.map((row) => row.map(Math.exp))
      const expected = measureBatch(hardBatch(rows))
      expectSameMeasure(measureBatch(batchOf('log_probs', logProbs, labels)), expected, 1e-12)
      expectSameMeasure(measureBatch(batchOf('probs', probs, labels)), expected, 1e-12)
    }),
  )
})

test('a class and the distribution with all weight on it are the same truth', () => {
  fc.assert(
    fc.property(labelled, (rows) => {
      const classes = rows.map(({ logits }) => logits)
      const onehot = rows.map(({ logits, label }) => logits.map((_, i) => (i === label ? 1 : 0)))
      expect(measureBatch(batchOf('logits', classes, onehot))).toEqual(measureBatch(hardBatch(rows)))
    }),
  )
})

test('one column measures as the two columns that it stands for', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ z: logit, y: fc.constantFrom(0, 1) }), { minLength: 1 }), (rows) => {
      const labels = rows.map(({ y }) => y)
      const one = measureBatch(
        batchOf(
          'logits',
          rows.map(({ z }) => [z]),
          labels,
        ),
      )
      const two = measureBatch(
        batchOf(
          'logits',
          rows.map(({ z }) => [0, z]),
          labels,
        ),
      )
      expectSameMeasure(one, two, 1e-13)
    }),
  )
})

test('the clipped cross-entropy is at most −ln ε, and the raw one itself where nothing was clipped', () => {
  fc.assert(
    fc.property(column, fc.constantFrom(1e-10, 1e-7, 1e-3, 0.1), (rows, epsilon) => {
      const batch = batchOf(
        'probs',
        rows.map(({ p }) => [p]),
        rows.map(({ y }) => y),
      )
      const measure = measureBatch(batch, epsilon)
      expect(toNumber(measure.crossEntropyClipped)).toBeLessThanOrEqual(-Math.log(epsilon) * (1 + 1e-15))
      if (measure.clipped.count === 0) expect(measure.crossEntropyClipped).toBe(measure.crossEntropy)
    }),
  )
})

test('of all constant guesses the frequencies of the classes are the most likely', () => {
  const drawn = fc.integer({ min: 2, max: 6 }).chain((classes) =>
    fc.record({
      other: distribution(classes),
      labels: fc.array(fc.integer({ min: 0, max: classes - 1 }), { minLength: 1 }),
    }),
  )
  fc.assert(
    fc.property(drawn, ({ other, labels }) => {
      const frequencies = other.map((_, i) => labels.filter((label) => label === i).length / labels.length)
      expect(constantGuess(frequencies, labels)).toBeLessThanOrEqual(constantGuess(other, labels) + 1e-14)
    }),
  )
})

test('the gradient is the slope of the cross-entropy', () => {
  const step = 1e-5
  fc.assert(
    fc.property(labelled, (rows) => {
      const { logits, label } = rows[0]!
      const onehot = logits.map((_, i) => (i === label ? 1 : 0))
      softmaxCrossEntropyGradient(onehot, logits).forEach((slope, i) => {
        const above = crossEntropyNats('logits', logits.with(i, logits[i]! + step), label)
        const below = crossEntropyNats('logits', logits.with(i, logits[i]! - step), label)
        expectNear(slope, (above - below) / (2 * step), 1e-6, 1e-8)
      })
    }),
  )
})

test('no batch of doubles makes the measures throw, and every count stays in order', () => {
  fc.assert(
    fc.property(anything, (batch) => {
      const measure = measureBatch(batch)
      for (const { count, rows } of counts(measure)) {
        expect(rows.length).toBe(Math.min(count, 8))
        expect(rows.every((row, i) => row < batch.n && (i === 0 || row > rows[i - 1]!))).toBe(true)
      }
      expect(measure.used).toBeLessThanOrEqual(batch.n - measure.badLabel.count)
      expect(Object.values(measure).filter((value) => typeof value === 'number' && !Number.isFinite(value))).toEqual([])
    }),
    { numRuns: 1000 },
  )
})

function hardBatch(rows: readonly { readonly logits: number[]; readonly label: number }[]): PredictionBatch {
  return batchOf(
    'logits',
    rows.map(({ logits }) => logits),
    rows.map(({ label }) => label),
  )
}

function softBatch(rows: readonly { readonly guess: number[]; readonly truth: number[] }[]): PredictionBatch {
  return batchOf(
    'probs',
    rows.map(({ guess }) => guess),
    rows.map(({ truth }) => truth),
  )
}

function constantGuess(guess: number[], labels: number[]): number {
  return toNumber(
    measureBatch(
      batchOf(
        'probs',
        labels.map(() => guess),
        labels,
      ),
    ).crossEntropy,
  )
}

function counts(measure: BatchMeasure): RowCount[] {
  return Object.values(measure).filter((value) => value !== null && typeof value === 'object' && 'count' in value)
}

/** Ties in a guess may fall either way when its rows are written in another form, so accuracy is left out. */
function expectSameMeasure(actual: BatchMeasure, expected: BatchMeasure, relative: number): void {
  const means = [
    'surprise',
    'crossEntropy',
    'crossEntropyClipped',
    'entropy',
    'entropyBits',
    'entropyShare',
    'klDivergence',
    'squaredError',
    'perplexity',
  ] as const
  for (const mean of means) {
    const [value, wanted]: MetricValue[] = [actual[mean], expected[mean]]
    expectNear(toNumber(value!), toNumber(wanted!), relative, 1e-13)
  }
  expect(actual.zeroOnTruth.count).toBe(expected.zeroOnTruth.count)
  expect(actual.used).toBe(expected.used)
}
