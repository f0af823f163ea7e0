import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { measureBatch } from '../../../src/core/measure/batch-measure.ts'
import { Calibration } from '../../../src/core/measure/calibration.ts'
import { clip } from '../../../src/core/measure/clip.ts'
import {
  binaryCrossEntropyOfLogitNats,
  crossEntropyNats,
  logSoftmax,
  xlogy,
} from '../../../src/core/measure/cross-entropy.ts'
import { klDiv, klNats, relEntr } from '../../../src/core/measure/divergence.ts'
import { entr, entropyNats, natsToBits } from '../../../src/core/measure/entropy.ts'
import { binaryCrossEntropyGradient, squaredErrorGradient } from '../../../src/core/measure/squared-error.ts'
import { toNumber } from '../../../src/protocol/value.ts'
import { batchOf } from './batches.ts'
import { expectNear } from './near.ts'

type Nested = number | string | readonly Nested[]

interface Case {
  readonly id: string
  readonly fn: string
  readonly input: readonly Nested[]
  readonly expected: Nested
  readonly rtol: number
  readonly atol: number
}

/** Published values, kept beside the repository and not in it. */
const FILE = new URL('../../../../shared/golden.json', import.meta.url)

/** Each takes the inputs of its cases, whatever their shape: the file says what it is. */
const functions: Readonly<Record<string, (...input: never[]) => number | ArrayLike<number>>> = {
  xlogy,
  entr,
  rel_entr: relEntr,
  kl_div: klDiv,
  entropy_nats: entropyNats,
  entropy_nats_unnormalised: (weights: number[]) => entropyNats(normalised(weights)),
  entropy_bits: (probs: number[]) => natsToBits(entropyNats(probs)),
  kl_nats: klNats,
  sum_rel_entr_mean_rows: (truth: number[][], guess: number[][]) => mean(truth.map((row, i) => klNats(row, guess[i]!))),
  ce_logits: (label: number, logits: number[]) => crossEntropyNats('logits', logits, label),
  ce_mean: (labels: number[], rows: number[][]) => loss(rows, labels),
  ce_mean_renormalised: (labels: number[], rows: number[][]) => loss(rows.map(normalised), labels),
  ce_mean_clip_f64eps: (labels: number[], rows: number[][]) => clippedLoss(rows, labels, 2 ** -52),
  bce_logit: binaryCrossEntropyOfLogitNats,
  bce_mean: (labels: number[], column: number[]) => loss(rowsOfColumn(column), labels),
  bce_mean_clip_f64eps: (labels: number[], column: number[]) => clippedLoss(rowsOfColumn(column), labels, 2 ** -52),
  bce_mean_clip_f32eps: (labels: number[], column: number[]) => clippedLoss(rowsOfColumn(column), labels, 2 ** -23),
  'bce_mean_clip64_eps1e-7': (labels: number[], column: number[]) => clippedLoss(rowsOfColumn(column), labels, 1e-7),
  'bce_mean_emulate_f32_eps1e-7': (labels: number[], column: number[]) =>
    loss(rowsOfColumn(column.map((p) => Math.fround(clip(p, Math.fround(1e-7))))), labels),
  log_softmax: logSoftmax,
  // Half the sum over both classes is the (p − y)² of one.
  brier: (labels: number[], column: number[]) =>
    toNumber(measureBatch(batchOf('probs', rowsOfColumn(column), labels)).squaredError) / 2,
  double_softmax_range: (classes: number) => {
    const onehot = Array.from({ length: classes }, (_, i) => (i === 0 ? 1 : 0))
    return [crossEntropyNats('logits', onehot, 0), crossEntropyNats('logits', onehot, 1)]
  },
  // Three bins of about equally many confidences: each ends at the one nearest to its third.
  ece_quantile3: (labels: number[], column: number[]) => {
    const sorted = column.toSorted((a, b) => a - b)
    const calibration = new Calibration(
      [1, 2, 3].map((third) => sorted[Math.round((third / 3) * (sorted.length - 1))]!),
    )
    column.forEach((p, i) => {
      calibration.add(p, labels[i] === 1)
    })
    return calibration.error
  },
  dbce_dlogit: binaryCrossEntropyGradient,
  dmse_dlogit: squaredErrorGradient,
}

if (!existsSync(FILE)) {
  test('the published values agree', ({ skip }) => skip(`${FILE.pathname} is not part of the repository`))
} else {
  const cases: readonly Case[] = JSON.parse(readFileSync(FILE, 'utf8'))
  for (const { id, fn, input, expected, rtol, atol } of cases) {
    test(`published: ${fn} of ${id}`, () => {
      const compute = functions[fn]
      if (compute === undefined) throw new Error(`${fn}: no function of this name · shared-golden.test.ts · add it`)

      const actual = listOf(compute(...(input.map(numbers) as never[])))
      const wanted = listOf(numbers(expected) as number | number[])
      expect(actual.length).toBe(wanted.length)
      wanted.forEach((value, i) => {
        expectNear(actual[i]!, value, rtol, atol)
      })
    })
  }
}

function loss(rows: number[][], labels: number[]): number {
  return toNumber(measureBatch(batchOf('probs', rows, labels)).crossEntropy)
}

function clippedLoss(rows: number[][], labels: number[], epsilon: number): number {
  return toNumber(measureBatch(batchOf('probs', rows, labels), epsilon).crossEntropyClipped)
}

function rowsOfColumn(column: number[]): number[][] {
  return column.map((p) => [p])
}

function normalised(weights: number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function listOf(value: number | ArrayLike<number>): number[] {
  return typeof value === 'number' ? [value] : Array.from(value)
}

/** The file spells non-finite numbers as C does. */
function numbers(value: Nested): number | unknown[] {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return value.map(numbers)
  return { inf: Infinity, '-inf': -Infinity, nan: NaN }[value]!
}
