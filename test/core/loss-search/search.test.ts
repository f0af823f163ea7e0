import { describe, expect, test } from 'vitest'
import { CAUSE } from '../../../src/core/causes/index.ts'
import type { Dtype } from '../../../src/core/kernels/float-type.ts'
import { searchBatch } from '../../../src/core/loss-search/batch-search.ts'
import type { LikeliestCause } from '../../../src/core/loss-search/likeliest-cause.ts'
import { NO_LIKELIHOODS } from '../../../src/core/loss-search/likelihood.ts'
import { measureBatch } from '../../../src/core/measure/batch-measure.ts'
import type { PredictionBatch, PredictionKind } from '../../../src/core/measure/prediction-batch.ts'
import { rounding } from '../../../src/core/measure/rounding.ts'
import { metricValue } from '../../../src/protocol/value.ts'
import { batchOf, matrix } from '../measure/batches.ts'
import { causesOf } from './searched-job.ts'

interface LoggedBatch {
  readonly kind?: PredictionKind
  readonly dtype?: Dtype
  readonly rows: string
  readonly labels: readonly number[] | readonly (readonly number[])[]
  readonly reported: number | null
}

function likeliestOf(batches: readonly LoggedBatch[]): LikeliestCause {
  const logged = batches.map(
    ({ kind = 'probs', dtype = 'float32', rows, labels, reported }): PredictionBatch => ({
      ...batchOf(kind, matrix(rows), labels),
      dtype,
      reportedLoss: reported === null ? null : metricValue(reported),
    }),
  )
  return causesOf(logged).at(-1)!
}

const P = '0.7 0.2 0.1 | 0.1 0.8 0.1 | 0.3 0.3 0.4'
const LABELS = [0, 1, 2]
const MEAN = -(Math.log(0.7) + Math.log(0.8) + Math.log(0.4)) / 3
const LOGITS = '2 0 -1 | 0 1 3 | 1 1 0'

/** Each code has a batch that shows it (`shows`), and one much like it that must not (`not`). */
const cases: readonly {
  readonly name: string
  readonly code: string
  readonly shows: readonly LoggedBatch[]
  readonly not: readonly LoggedBatch[]
}[] = [
  {
    name: 'a zero on the truth, and a loss of Infinity',
    code: CAUSE.logZero,
    shows: [{ rows: '1 0 | 0.2 0.8', labels: [1, 1], reported: Infinity }],
    not: [{ rows: '1 0 | 0.2 0.8', labels: [1, 1], reported: 11.6 }],
  },
  {
    name: 'a zero beside the truth, and a loss of NaN',
    code: CAUSE.zeroTimesLogZero,
    shows: [{ rows: '1 0 | 0.2 0.8', labels: [0, 1], reported: NaN }],
    not: [{ rows: '1 0 | 0.2 0.8', labels: [0, 1], reported: Infinity }],
  },
  {
    name: 'a right and sure answer, after a zero that a clip has survived',
    code: CAUSE.clipLostInFloat32,
    shows: [
      { rows: '0 | 0.5', labels: [1, 1], reported: (23.02585 + Math.LN2) / 2 },
      { rows: '1 | 0.5', labels: [1, 1], reported: NaN },
    ],
    not: [{ rows: '1 | 0.5', labels: [1, 1], reported: NaN }],
  },
  {
    name: 'logits that overflow exp',
    code: CAUSE.softmaxOverflow,
    shows: [{ kind: 'logits', rows: '90 0 | 1 2', labels: [0, 1], reported: NaN }],
    not: [{ kind: 'logits', rows: '80 0 | 1 2', labels: [0, 1], reported: NaN }],
  },
  {
    name: 'rows of a NaN among zeros, as ∞/∞ beside x/∞ leaves them',
    code: CAUSE.softmaxOverflow,
    shows: [{ rows: 'NaN 0 0 | 0.2 0.3 0.5', labels: [0, 1], reported: NaN }],
    not: [{ rows: 'NaN NaN NaN | 0.2 0.3 0.5', labels: [0, 1], reported: NaN }],
  },
  {
    name: 'a softmax of logits that underflows',
    code: CAUSE.logOfSoftmax,
    shows: [{ kind: 'logits', rows: '60 -60 | 1 2', labels: [1, 1], reported: Infinity }],
    not: [{ kind: 'logits', rows: '40 -40 | 1 2', labels: [1, 1], reported: Infinity }],
  },
  {
    name: 'a mask of −∞ at a wrong class, of which nothing underflowed',
    code: CAUSE.zeroTimesLogZero,
    shows: [{ kind: 'logits', rows: '2 0.5 -Infinity | 0.3 3 -Infinity', labels: [0, 1], reported: NaN }],
    not: [{ kind: 'logits', rows: '2 0.5 -9 | 0.3 3 -9', labels: [0, 1], reported: NaN }],
  },
  {
    name: 'logits of float16 that are infinite',
    code: CAUSE.float16Overflow,
    shows: [{ kind: 'logits', dtype: 'float16', rows: 'Infinity 0 | 1 2', labels: [1, 1], reported: NaN }],
    not: [{ kind: 'logits', rows: 'Infinity 0 | 1 2', labels: [1, 1], reported: NaN }],
  },
  {
    name: 'predictions that are NaN altogether',
    code: CAUSE.nanInModel,
    shows: [{ rows: 'NaN NaN | NaN NaN', labels: [1, 1], reported: NaN }],
    not: [{ rows: 'NaN NaN | 0.5 0.5', labels: [1, 1], reported: NaN }],
  },
  {
    name: 'labels that are all ignored',
    code: CAUSE.nothingToAverage,
    shows: [{ rows: P, labels: [-100, -100, -100], reported: NaN }],
    not: [{ rows: P, labels: [-100, -100, -100], reported: 0 }],
  },
  {
    name: 'a label that is no class, and NaN',
    code: CAUSE.labelOutOfRange,
    shows: [{ rows: P, labels: [0, 1, 3], reported: NaN }],
    not: [{ rows: P, labels: [0, 1, -1], reported: -(Math.log(0.7) + Math.log(0.8)) / 2 }],
  },
  {
    name: 'a label of −1 that wraps to the last class',
    code: CAUSE.labelOutOfRange,
    shows: [{ rows: P, labels: [0, 1, -1], reported: MEAN }],
    not: [{ rows: P, labels: LABELS, reported: MEAN }],
  },
  {
    name: 'targets of −1 and 1 in a binary loss',
    code: CAUSE.targetOutside01,
    shows: [{ rows: '0.3 | 0.8', labels: [-1, 1], reported: (Math.log(0.3) - 2 * Math.log(0.7) - Math.log(0.8)) / 2 }],
    not: [{ rows: '0.3 | 0.8', labels: [0, 1], reported: -(Math.log(0.7) + Math.log(0.8)) / 2 }],
  },
  {
    name: 'logits whose logarithm is the loss',
    code: CAUSE.logitsAsProbabilities,
    shows: [{ kind: 'logits', rows: '2 0.5 | 0.3 3', labels: [0, 1], reported: -(Math.log(2) + Math.log(3)) / 2 }],
    not: [{ kind: 'logits', rows: '2 0.5 | 0.3 3', labels: [0, 1], reported: 0.1336 }],
  },
  {
    name: 'a softmax of probabilities',
    code: CAUSE.doubleSoftmax,
    shows: [{ rows: '1 0 | 0 1', labels: [0, 1], reported: Math.log(1 + Math.exp(-1)) }],
    not: [{ rows: '1 0 | 0 1', labels: [0, 1], reported: 0 }],
  },
  {
    name: 'rows for one class that do not sum to 1',
    code: CAUSE.notNormalised,
    shows: [{ rows: '0.7 0.7 | 0.2 0.9', labels: [0, 1], reported: -(Math.log(0.7) + Math.log(0.9)) / 2 }],
    not: [
      {
        rows: '0.7 0.7 | 0.2 0.9',
        labels: [
          [1, 1],
          [0, 1],
        ],
        reported: -(2 * Math.log(0.7) + Math.log(0.8) + Math.log(0.9)) / 4,
      },
    ],
  },
  {
    name: 'wrong rows beyond the clip',
    code: CAUSE.clippedGradient,
    shows: [{ rows: '1 0 | 0.5 0.5', labels: [1, 0], reported: (23.0258509 + Math.LN2) / 2 }],
    not: [{ rows: '0.9 0.1 | 0.5 0.5', labels: [1, 0], reported: (Math.log(10) + Math.LN2) / 2 }],
  },
  {
    name: 'wrong rows at the smallest float32',
    code: CAUSE.clippedGradient,
    shows: [{ rows: '1 0 | 0.25 0.75', labels: [1, 0], reported: (126 * Math.LN2 + 2 * Math.LN2) / 2 }],
    not: [{ rows: '0.9 0.1 | 0.25 0.75', labels: [1, 0], reported: (Math.log(10) + 2 * Math.LN2) / 2 }],
  },
  {
    name: 'wrong rows at both ends of the clip of Keras, which adds ε once more',
    code: CAUSE.clippedGradient,
    shows: [{ rows: '0 | 1 | 0.25', labels: [1, 0, 1], reported: (15.4249485 + 15.3332386 + 2 * Math.LN2) / 3 }],
    not: [{ rows: '0.1 | 0.9 | 0.25', labels: [1, 0, 1], reported: (2 * Math.log(10) + 2 * Math.LN2) / 3 }],
  },
  {
    name: 'a sum over the rows',
    code: CAUSE.wrongReduction,
    shows: [{ rows: P, labels: LABELS, reported: 3 * MEAN }],
    not: [{ rows: P, labels: LABELS, reported: 2.5 * MEAN }],
  },
  {
    name: 'bits',
    code: CAUSE.unitOfTheLogarithm,
    shows: [{ rows: P, labels: LABELS, reported: MEAN / Math.LN2 }],
    not: [{ rows: P, labels: LABELS, reported: MEAN * 1.5 }],
  },
  {
    name: 'the loss of the batch before',
    code: CAUSE.staleLoss,
    shows: [
      { rows: P, labels: LABELS, reported: null },
      { rows: P, labels: [1, 2, 0], reported: MEAN },
    ],
    not: [
      { rows: P, labels: [1, 0, 0], reported: null },
      { rows: P, labels: LABELS, reported: MEAN },
    ],
  },
]

describe('the search', () => {
  for (const { name, code, shows, not } of cases) {
    test(`names ${code} for ${name}, and not for its like`, () => {
      expect(likeliestOf(shows)).toMatchObject({ kind: 'cause', code })
      expect(likeliestOf(not)).not.toMatchObject({ code })
    })
  }

  test('names R4 before R2 for a NaN in float16, where hardly any loss has no ε', () => {
    const likeliest = likeliestOf([{ dtype: 'float16', rows: '1 0 | 0.25 0.75', labels: [0, 1], reported: NaN }])
    expect(likeliest).toMatchObject({
      code: CAUSE.epsilonLostInFloat16,
      others: expect.arrayContaining([CAUSE.zeroTimesLogZero]),
    })
  })

  test('cannot tell bad data from a 0/0 where some rows are NaN from the first batch on', () => {
    const likeliest = likeliestOf([
      { rows: 'NaN NaN | 0.5 0.5', labels: [0, 1], reported: NaN },
      { rows: 'NaN NaN | 0.4 0.6', labels: [0, 1], reported: NaN },
    ])
    expect(likeliest).toEqual({ kind: 'open', codes: [CAUSE.nanInInput, CAUSE.zeroOverZero] })
  })

  test('names R9 where all rows that count are NaN, whatever stands in those that are ignored', () => {
    const finite = { rows: P, labels: [0, 1, -100], reported: -(Math.log(0.7) + Math.log(0.8)) / 2 }
    const damaged = { rows: 'NaN NaN NaN | NaN NaN NaN | 0.2 0.3 0.5', labels: [0, 1, -100], reported: Number.NaN }
    expect(likeliestOf([finite, damaged])).toMatchObject({ code: CAUSE.nanInModel, confidence: 'strong' })
  })

  test('names R30 for a label that is NaN, and nothing where such a row is left out', () => {
    const labels = [0, Number.NaN, 1]
    const broken = { rows: P, labels, reported: Number.NaN }
    expect(likeliestOf([broken])).toMatchObject({ kind: 'cause', code: CAUSE.nanInLabels, confidence: 'likely' })
    const rest = { rows: P, labels, reported: -(Math.log(0.7) + Math.log(0.3)) / 2 }
    expect(likeliestOf([rest])).toEqual({ kind: 'nothing' })
  })

  test('takes a batch of one label that is no class for one without labels, or with wrong ones', () => {
    const likeliest = likeliestOf([{ rows: P, labels: [255, 255, 255], reported: Number.NaN }])
    expect(likeliest).toMatchObject({ kind: 'open' })
  })

  test('names R4 beside R1 where an ε that is 0 in float16 is no clip', () => {
    const likeliest = likeliestOf([{ dtype: 'float16', rows: '1 0 | 0.25 0.75', labels: [1, 1], reported: Infinity }])
    expect(likeliest).toMatchObject({
      code: CAUSE.logZero,
      others: expect.arrayContaining([CAUSE.epsilonLostInFloat16]),
    })
  })

  test('proves a cause by a number that nothing else gives, and never by a NaN', () => {
    const right: LoggedBatch = { rows: P, labels: LABELS, reported: MEAN }
    const failed: LoggedBatch = { rows: '1 0 | 0.2 0.8', labels: [0, 1], reported: NaN }
    const twice: LoggedBatch = { rows: '1 0 | 0 1', labels: [0, 1], reported: Math.log(1 + Math.exp(-1)) }
    expect(likeliestOf([twice])).toMatchObject({ code: CAUSE.doubleSoftmax, confidence: 'proven' })
    expect(likeliestOf([right, failed])).toMatchObject({ code: CAUSE.zeroTimesLogZero, confidence: 'strong' })
    expect(likeliestOf([failed])).toMatchObject({ code: CAUSE.zeroTimesLogZero, confidence: 'likely' })
    expect(likeliestOf([{ rows: '1 | 0.5', labels: [1, 1], reported: NaN }])).toMatchObject({
      code: CAUSE.zeroTimesLogZero,
      others: [CAUSE.clipLostInFloat32],
    })
  })

  test('names no cause that the finite losses before speak against', () => {
    const right: LoggedBatch = { rows: P, labels: LABELS, reported: MEAN }
    const survived: LoggedBatch = { rows: '1 0 | 0.5 0.5', labels: [1, 1], reported: 11.6 }
    const failed: LoggedBatch = { rows: '1 0 | 0.2 0.8', labels: [1, 1], reported: Infinity }
    const failedAfter = (...before: readonly LoggedBatch[]) => likeliestOf([...before, failed])
    expect(failedAfter(right, right)).toMatchObject({ code: CAUSE.logZero, confidence: 'strong' })
    expect(failedAfter(right, survived)).toMatchObject({ code: CAUSE.logZero, confidence: 'likely' })
    expect(failedAfter(survived)).toMatchObject({ kind: 'open', missed: 1 })
    expect(failedAfter(right, survived, survived)).toMatchObject({ kind: 'open', missed: 2 })
  })

  test('is no surer than weak of a zero that four decimals may have made', () => {
    const printed = { rows: '0.9311 0.0689 0 | 0.1204 0.8796 0', labels: [0, 1], reported: NaN }
    expect(likeliestOf([{ ...printed, dtype: 'float64' }])).toMatchObject({
      code: CAUSE.zeroTimesLogZero,
      confidence: 'weak',
    })
    const inFull = { ...printed, rows: printed.rows.replaceAll('0.9311 0.0689', '0.9311170000000001 0.068883') }
    expect(likeliestOf([{ ...inFull, dtype: 'float64' }])).toMatchObject({ confidence: 'likely' })
  })

  // In full, as a job prints a float64: of rounded numbers a small difference says nothing.
  const rows = [2.1, 0.3, -0.4, 1.7, -1.2].map((shift) =>
    [0.9, 0.3, 1.6]
      .map((z) => 1 / (1 + Math.exp(z - shift)))
      .map((p) => `${p} ${1 - p}`)
      .join(' | '),
  )
  const series = (loss: (p: readonly number[][]) => number): LoggedBatch[] =>
    rows.map((text) => ({ dtype: 'float64', rows: text, labels: [0, 1, 0], reported: loss(matrix(text)) }))
  const ofTruth = (p: readonly number[][]) => p.map((row, i) => -Math.log(row[[0, 1, 0][i]!]!))
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length

  const constants: readonly {
    readonly code: string
    readonly loss: (p: readonly number[][]) => number
    readonly key: string
  }[] = [
    { code: CAUSE.wrongReduction, loss: (p) => mean(ofTruth(p)) * 7, key: 'factor 7' },
    { code: CAUSE.addedTerm, loss: (p) => mean(ofTruth(p)) + 0.25, key: 'about 0.25 is added' },
    {
      code: CAUSE.labelSmoothing,
      loss: (p) => 0.93 * mean(ofTruth(p)) + 0.07 * mean(p.flat().map((value) => -Math.log(value))),
      key: 'smoothing 0.07',
    },
    {
      code: CAUSE.weightsOrMask,
      loss: (p) => {
        const [a, b, c] = ofTruth(p)
        return (a! + 5 * b! + c!) / 7
      },
      key: 'class weights 1, 5',
    },
  ]
  for (const { code, loss, key } of constants) {
    test(`names ${code} for a constant that all batches share, and not from one of them`, () => {
      expect(likeliestOf(series(loss))).toMatchObject({ code, candidate: { key } })
      expect(likeliestOf(series(loss).slice(0, 1))).toEqual({ kind: 'open', codes: [] })
    })
  }

  test('has nothing to say of losses that are right to the digits they are printed with', () => {
    const printed = series((p) => Number(mean(ofTruth(p)).toFixed(3)))
    expect(likeliestOf(printed)).toEqual({ kind: 'nothing' })
  })

  test('has nothing to say of a bfloat16 loss that was computed from logits', () => {
    const round = rounding('bfloat16')
    const logits = matrix(LOGITS)
    const losses = logits.map((row, i) => Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0)) - row[LABELS[i]!]!)
    const probs = logits.map((row) => {
      const sum = row.reduce((total, z) => total + Math.exp(z), 0)
      return row.map((z) => round(Math.exp(z) / sum)).join(' ')
    })
    const logged: LoggedBatch = {
      dtype: 'bfloat16',
      rows: probs.join(' | '),
      labels: LABELS,
      reported: round(mean(losses)),
    }
    expect(likeliestOf([logged])).toEqual({ kind: 'nothing' })
  })

  test('forgets what it knew when a new attempt begins', () => {
    const batch = { ...batchOf('probs', matrix(P), LABELS), reportedLoss: metricValue(MEAN) }
    const first = searchBatch(NO_LIKELIHOODS, batch, measureBatch(batch), 0)
    expect(first.likelihoods).toMatchObject({ attempt: 0, batches: 1, agreed: 1 })
    expect(searchBatch(first.likelihoods, batch, measureBatch(batch), 1).likelihoods).toMatchObject({
      attempt: 1,
      batches: 1,
    })
  })
})
