import fc from 'fast-check'
import { expect, test } from 'vitest'
import { kernels } from '../../../src/core/kernels/kernels.ts'
import { RowMemory } from '../../../src/core/kernels/row-memory.ts'
import { measureBatch } from '../../../src/core/measure/batch-measure.ts'
import { entropyNats } from '../../../src/core/measure/entropy.ts'
import { guessOf } from '../../../src/core/measure/guess.ts'
import { CompensatedSum } from '../../../src/core/measure/sum.ts'
import { toNumber } from '../../../src/protocol/value.ts'
import { batchOf } from './batches.ts'
import { expectNear } from './near.ts'

const CLOSE = 5e-16

/** −Σ p ln p of the numbers, and which of them were left to the caller. */
function entropyOf(...numbers: number[]): { entropy: number; others: number[] } {
  const row = new RowMemory(numbers.length)
  row.p.set(numbers)
  const others = row.sum(false, 0, 0)
  return { entropy: kernels.results[1]!, others: Array.from(row.others.subarray(0, others)) }
}

/** The logarithm that one probability is multiplied with, in either lane. */
function fastLog(x: number): number {
  const first = entropyOf(x)
  expect(first.others).toEqual([])
  expect(entropyOf(0.5, x)).toEqual({ ...first, others: [0] })
  return -first.entropy / x
}

test('the fast logarithm is that of Math.log, at each end of each bucket and exponent', () => {
  const ulp = 2 ** -52
  for (const exponent of [-1022, -1021, -149, -126, -34, -33, -5, -3, -2]) {
    for (let bucket = 0; bucket < 256; bucket++) {
      for (const significand of [1 + bucket / 256 + ulp, 1 + (bucket + 0.5) / 256, 1 + (bucket + 1) / 256 - ulp]) {
        const x = significand * 2 ** exponent
        expectNear(fastLog(x), Math.log(x), CLOSE)
      }
    }
  }
})

test('the fast logarithm is that of Math.log anywhere below a half', () => {
  const below = fc.double({ min: 2 ** -1022, max: 0.5, minExcluded: true, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(below, (x) => expectNear(fastLog(x), Math.log(x), CLOSE)),
    { numRuns: 5000 },
  )
})

test('what is neither 0 nor a normal number below a half is left to others', () => {
  const numbers = [5e-324, 2 ** -1022, 0.5, 1, 2, -0.25, NaN, Infinity, -Infinity]
  expect(entropyOf(...numbers)).toEqual({ entropy: 0, others: numbers.map((_, i) => i) })
  for (const x of numbers) expect(entropyOf(x)).toEqual({ entropy: 0, others: [0] })
  expect(entropyOf(0, -0, 0)).toEqual({ entropy: 0, others: [] })
})

/** The probability of a log-probability, in either lane. */
function fastExp(x: number): number {
  const [first, second, last] = guessOf('log_probs', [x, x, x]).p
  expect([second, last]).toEqual([first, first])
  return first!
}

test('the fast exponential is that of Math.exp, to the underflow and beyond', () => {
  const below = fc.oneof(fc.double({ max: 0, noNaN: true }), fc.double({ min: -750, max: 0, noNaN: true }))
  fc.assert(
    fc.property(below, (x) => expectNear(fastExp(x), Math.exp(x), CLOSE)),
    { numRuns: 5000 },
  )
  for (const x of [0, -0, -5e-324, -1e-20, -700, -708.4, -745.1, -746, -Infinity, NaN]) {
    expectNear(fastExp(x), Math.exp(x), CLOSE)
  }
})

/** A row as any job may log it: probabilities of every size, exact 0 and 1, and what is none. */
const anyProbability = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  { weight: 6, arbitrary: fc.float({ min: 0, max: 1, noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, 0.5, 5e-324, 2 ** -149, 2 ** -1022, 1e-10, 1 - 2 ** -24, 1 - 1e-10) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, -0.25, 1.5) },
)

test('a batch measures what the plain formulas do with Math.log, whatever it holds', () => {
  const rows = fc
    .integer({ min: 2, max: 70 })
    .chain((k) => fc.array(fc.array(anyProbability, { minLength: k, maxLength: k }), { minLength: 1, maxLength: 5 }))
  fc.assert(
    fc.property(rows, (rows) => {
      const labels = rows.map((row, i) => (7 * i) % row.length)
      const measure = measureBatch(batchOf('probs', rows, labels))
      const mean = (of: (row: number[], label: number) => number) => {
        const sum = new CompensatedSum()
        rows.forEach((row, i) => {
          sum.add(of(row, labels[i]!))
        })
        return sum.mean
      }
      expectNear(toNumber(measure.entropy), mean(entropyNats), 1e-12)
      const loss = mean((row, label) => (row.some(Number.isNaN) ? NaN : 0 - Math.log(row[label]!)))
      expectNear(toNumber(measure.crossEntropy), loss, 1e-12)
      const miss = mean((row, label) => row.reduce((sum, p, i) => sum + (p - (i === label ? 1 : 0)) ** 2, 0))
      expectNear(toNumber(measure.squaredError), miss, 1e-12)
      expect(measure.clipping.raised).toBe(rows.flat().filter((p) => p < 1e-10).length)
      expect(measure.clipping.lowered).toBe(rows.flat().filter((p) => p > 1 - 1e-10).length)
    }),
    { numRuns: 1000 },
  )
})

test('float32 numbers measure the same as the doubles that they are', () => {
  const values = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 120, maxLength: 120 })
  fc.assert(
    fc.property(values, fc.constantFrom(3, 40), (values, k) => {
      const batch = batchOf(
        'probs',
        Array.from({ length: 120 / k }, (_, i) => values.slice(i * k, (i + 1) * k)),
        [...Array(120 / k).keys()].map((i) => i % k),
      )
      expect(measureBatch({ ...batch, values: Float32Array.from(values) })).toEqual(measureBatch(batch))
    }),
  )
})
