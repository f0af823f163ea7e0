import { describe, expect, test } from 'vitest'
import { float16ToFloat32 } from '../../../src/core/arrays/half-floats.ts'
import type { Dtype } from '../../../src/core/kernels/float-type.ts'
import { type Form, jobLossSum, lossSumOfLogits } from '../../../src/core/loss-search/job-loss.ts'
import { type Guard, guardsOf } from '../../../src/core/loss-search/loss-guard.ts'
import { type ProbabilitySource, termsOf } from '../../../src/core/loss-search/terms.ts'
import type { PredictionKind } from '../../../src/core/measure/prediction-batch.ts'
import { dtypeOf, rounding } from '../../../src/core/measure/rounding.ts'
import { batchOf, matrix } from '../measure/batches.ts'

describe('rounding', () => {
  const cases: readonly { readonly dtype: Dtype; readonly value: number; readonly gives: number }[] = [
    { dtype: 'float16', value: 1 - 1e-7, gives: 1 },
    { dtype: 'float16', value: 1e-7, gives: 2 ** -23 },
    { dtype: 'float16', value: 2.98e-8, gives: 0 },
    { dtype: 'float16', value: 2.99e-8, gives: 2 ** -24 },
    { dtype: 'float16', value: 65519, gives: 65504 },
    { dtype: 'float16', value: -65520, gives: -Infinity },
    { dtype: 'float16', value: 1 + 2 ** -11, gives: 1 },
    { dtype: 'float16', value: 1 + 3 * 2 ** -11, gives: 1 + 2 ** -9 },
    { dtype: 'bfloat16', value: 1 - 1e-3, gives: 1 },
    { dtype: 'bfloat16', value: 1 - 2e-3, gives: 1 - 2 ** -8 },
    { dtype: 'bfloat16', value: 3.4e38, gives: Infinity },
    { dtype: 'bfloat16', value: 3.389e38, gives: 255 * 2 ** 120 },
    { dtype: 'bfloat16', value: 9.2e-41, gives: 2 ** -133 },
    { dtype: 'float32', value: 1 - 1e-10, gives: 1 },
    { dtype: 'float32', value: 1 - 2.9e-8, gives: 1 },
    { dtype: 'float32', value: 1 - 3e-8, gives: 1 - 2 ** -24 },
    { dtype: 'float64', value: 1 - 1e-10, gives: 1 - 1e-10 },
  ]
  for (const { dtype, value, gives } of cases) {
    test(`${value} is ${gives} in ${dtype}`, () => {
      expect(rounding(dtype)(value)).toBe(gives)
    })
  }

  test('every finite float16 is itself, and what lies half way between two goes to the even one', () => {
    const all = float16ToFloat32(Uint16Array.from({ length: 0x7c00 }, (_, bits) => bits))
    const round = rounding('float16')
    let odd = 0
    for (let i = 0; i < all.length; i++) {
      if (round(all[i]!) !== all[i]) odd += 1
      const next = all[i + 1]
      if (next !== undefined && round((all[i]! + next) / 2) !== (i % 2 === 0 ? all[i] : next)) odd += 1
    }
    expect(odd).toBe(0)
  })

  test('a type is told from numbers that it alone can hold', () => {
    const tenths = [0.1, 0.2, 0.3, 0.4, 0.7]
    for (const dtype of ['float16', 'bfloat16', 'float32'] as const) {
      expect(dtypeOf(tenths.map(rounding(dtype)))).toBe(dtype)
    }
    expect(dtypeOf(tenths)).toBeNull()
    expect(dtypeOf(tenths.map(Math.sqrt))).toBe('float64')
    expect(dtypeOf([0.5, 0.25, 1, 0, Number.NaN])).toBeNull()
  })
})

const TEXTBOOK: Guard = { kind: 'clip', epsilon: 1e-10 }
const NONE: Guard = { kind: 'none' }

interface Case {
  readonly name: string
  readonly guard?: Guard
  readonly dtype?: Dtype
  readonly form?: Form
  readonly source?: ProbabilitySource
  readonly kind?: PredictionKind
  readonly rows: string
  readonly labels: readonly number[]
  readonly gives: number
}

const cases: readonly Case[] = [
  {
    name: 'the textbook clip, right and sure: 0·log(0) in float32',
    guard: TEXTBOOK,
    rows: '1',
    labels: [1],
    gives: NaN,
  },
  { name: 'the same in float64', guard: TEXTBOOK, dtype: 'float64', rows: '1', labels: [1], gives: 1e-10 },
  { name: 'the textbook clip, wrong and sure', guard: TEXTBOOK, rows: '1', labels: [0], gives: Infinity },
  { name: 'its lower end holds', guard: TEXTBOOK, rows: '0', labels: [1], gives: 23.02585 },
  { name: 'its lower end holds when right', guard: TEXTBOOK, rows: '0', labels: [0], gives: 0 },
  { name: 'in float16 neither end holds', guard: TEXTBOOK, dtype: 'float16', rows: '0', labels: [1], gives: Infinity },
  { name: 'nor when it is right', guard: TEXTBOOK, dtype: 'float16', rows: '0', labels: [0], gives: NaN },
  { name: 'Keras: 1e-7 in float32', guard: { kind: 'clip', epsilon: 1e-7 }, rows: '1', labels: [0], gives: 15.942385 },
  {
    name: 'Keras: 1e-7 in float16',
    guard: { kind: 'clip', epsilon: 1e-7 },
    dtype: 'float16',
    rows: '1',
    labels: [1],
    gives: NaN,
  },
  {
    name: 'Keras: 1e-7 in bfloat16',
    guard: { kind: 'clip', epsilon: 1e-7 },
    dtype: 'bfloat16',
    rows: '1',
    labels: [0],
    gives: Infinity,
  },
  {
    name: 'Keras of TensorFlow 2: ε is added once more',
    guard: { kind: 'clip-add', epsilon: 1e-7 },
    rows: '1',
    labels: [0],
    gives: 15.333239,
  },
  {
    name: 'and at the lower end',
    guard: { kind: 'clip-add', epsilon: 1e-7 },
    rows: '0',
    labels: [1],
    gives: 15.424948,
  },
  { name: 'Caffe', guard: { kind: 'clip', epsilon: 2 ** -126 }, rows: '0 1', labels: [0], gives: 87.336545 },
  { name: 'PyTorch: the logarithm stops at −100', guard: { kind: 'floor' }, rows: '1', labels: [0], gives: 100 },
  {
    name: 'log(p + 1e-8) holds at 0 in float32',
    guard: { kind: 'add', epsilon: 1e-8 },
    rows: '1',
    labels: [0],
    gives: 18.420681,
  },
  { name: 'no clip, a zero on the truth', rows: '1 0', labels: [1], gives: Infinity },
  { name: 'a zero beside the truth, multiplied', form: 'multiply', rows: '1 0', labels: [0], gives: NaN },
  { name: 'a zero beside the truth, gathered', form: 'gather', rows: '1 0', labels: [0], gives: 0 },
  { name: 'no class that counts', rows: '1 0', labels: [-100], gives: 0 },
  { name: 'a softmax that overflows', source: 'naive', kind: 'logits', rows: '89 0', labels: [0], gives: NaN },
  { name: 'the same in its stable form', source: 'activated', kind: 'logits', rows: '89 0', labels: [0], gives: 0 },
  {
    name: 'a stable softmax and then a log',
    source: 'activated',
    kind: 'logits',
    rows: '200 0 0',
    labels: [1],
    gives: Infinity,
  },
  {
    name: 'float16 overflows at 11.1',
    source: 'naive',
    kind: 'logits',
    dtype: 'float16',
    rows: '11.2 0',
    labels: [0],
    gives: NaN,
  },
  { name: 'logits taken for probabilities', source: 'raw', kind: 'logits', rows: '-1 2', labels: [0], gives: NaN },
  { name: 'a target of 2 in a binary loss is negative', form: 'multiply', rows: '0.9', labels: [2], gives: -2.0918639 },
]

describe('the loss as the job computes it', () => {
  for (const {
    name,
    guard = NONE,
    dtype = 'float32',
    form,
    source = 'given',
    kind = 'probs',
    rows,
    labels,
    gives,
  } of cases) {
    test(name, () => {
      const terms = termsOf(batchOf(kind, matrix(rows), labels), source, dtype)
      const loss = jobLossSum(terms, guard, form ?? (terms.isBinary ? 'multiply' : 'gather'), dtype)
      if (Number.isFinite(gives)) expect(loss).toBeCloseTo(gives, 5)
      else expect(loss).toBe(gives)
    })
  }

  test('one column of labels −1 is the last class where a negative index wraps', () => {
    const batch = batchOf('probs', matrix('0.1 0.9 | 0.5 0.5'), [-1, 5])
    expect(termsOf(batch, 'given', 'float64').rows).toBe(0)
    const terms = termsOf(batch, 'given', 'float64', false, 'wraps')
    expect(terms.rows).toBe(1)
    expect(jobLossSum(terms, NONE, 'gather', 'float64')).toBe(-Math.log(0.9))
  })

  test('rows of probabilities are divided by their sums', () => {
    const terms = termsOf(batchOf('probs', matrix('0.2 0.2'), [0]), 'renormalised', 'float64')
    expect(jobLossSum(terms, NONE, 'gather', 'float64')).toBe(Math.LN2)
  })

  test('a softmax of a softmax stays within its window', () => {
    const right = lossSumOfLogits(batchOf('probs', [[1, ...Array(9).fill(0)]], [0]))
    expect(right).toBeCloseTo(Math.log(1 + 9 / Math.E), 12)
    expect(lossSumOfLogits(batchOf('probs', matrix('1'), [0]))).toBeCloseTo(Math.log(1 + Math.E), 12)
  })

  test('a guard that works is finite on a batch that breaks the loss without one', () => {
    const terms = termsOf(batchOf('probs', matrix('1 | 0 | 1'), [1, 1, 0]), 'given', 'float32')
    const finite = guardsOf('float32').filter((guard) =>
      Number.isFinite(jobLossSum(terms, guard, 'multiply', 'float32')),
    )
    expect(finite).toContainEqual({ kind: 'clip', epsilon: 1e-7 })
    expect(finite).not.toContainEqual(TEXTBOOK)
    expect(finite).not.toContainEqual(NONE)
  })
})
