import { describe, expect, test } from 'vitest'
import { CAUSE } from '../../../src/core/causes/index.ts'
import type { PredictionBatch } from '../../../src/core/measure/prediction-batch.ts'
import { metricValue } from '../../../src/protocol/value.ts'
import { batchOf } from '../measure/batches.ts'
import { causesOf } from './searched-job.ts'

const ROWS = 12
const wave = (n: number) =>
  Math.sin(12.9898 * n + 78.233) * 43758.5453 - Math.floor(Math.sin(12.9898 * n + 78.233) * 43758.5453)

/** Rows of three logits and of their softmax, labels and soft labels, and one column with its own; other ones for each seed. */
function drawn(seed: number) {
  const at = (i: number) => wave(1000 * seed + i)
  const logits = Array.from({ length: ROWS }, (_, i) => [0, 1, 2].map((c) => 4 * at(3 * i + c) - 2))
  const probs = logits.map(softmax)
  const labels = Array.from({ length: ROWS }, (_, i) => Math.floor(3 * at(500 + i)))
  const soft = Array.from({ length: ROWS }, (_, i) => softmax([0, 1, 2].map((c) => 3 * at(600 + 3 * i + c))))
  const column = Array.from({ length: ROWS }, (_, i) => 0.05 + 0.9 * at(800 + i))
  const answers = Array.from({ length: ROWS }, (_, i) => (at(900 + i) > 0.4 ? 1 : 0))
  const weights = Array.from({ length: ROWS }, (_, i) => 0.2 + at(950 + i))
  return { logits, probs, labels, soft, column, answers, weights }
}
type Drawn = ReturnType<typeof drawn>

function softmax(row: readonly number[]): number[] {
  const total = row.reduce((sum, z) => sum + Math.exp(z), 0)
  return row.map((z) => Math.exp(z) / total)
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]) => sum(values) / values.length
const truths = ({ probs, labels }: Drawn) => probs.map((row, i) => row[labels[i]!]!)
const costs = (of: Drawn) => truths(of).map((p) => -Math.log(p))
const binary = (p: number, y: number) => -(y * Math.log(p) + (1 - y) * Math.log(1 - p))
const entropyOf = (row: readonly number[]) => -sum(row.map((t) => t * Math.log(t)))
const divergences = ({ probs, soft }: Drawn) =>
  soft.map((row, i) => sum(row.map((t, c) => t * Math.log(t / probs[i]![c]!))))
const unlogged = ({ probs, soft }: Drawn) =>
  soft.map((row, i) => -entropyOf(row) - sum(row.map((t, c) => t * probs[i]![c]!)))

const unloggedLogits = ({ logits, soft }: Drawn) =>
  soft.map((row, i) => -entropyOf(row) - sum(row.map((t, c) => t * logits[i]![c]!)))

type Shape = 'probs' | 'rounded' | 'logits' | 'soft' | 'soft logits' | 'column'

function batchIn(shape: Shape, of: Drawn): PredictionBatch {
  switch (shape) {
    case 'probs':
      return batchOf('probs', of.probs, of.labels)
    case 'logits':
      return batchOf('logits', of.logits, of.labels)
    case 'soft':
      return batchOf('probs', of.probs, of.soft)
    case 'soft logits':
      return batchOf('logits', of.logits, of.soft)
    case 'rounded':
      return batchOf(
        'probs',
        of.probs.map((row) => row.map((p) => Number(p.toFixed(4)))),
        of.labels,
      )
    case 'column':
      return batchOf(
        'probs',
        of.column.map((p) => [p]),
        of.answers,
      )
  }
}

/** What six batches in a row show, whose loss a job computes so. */
function shown(shape: Shape, loss: (of: Drawn) => number, more: (of: Drawn) => Partial<PredictionBatch> = () => ({})) {
  const batches = [1, 2, 3, 4, 5, 6].map(drawn).map((of) => ({
    ...batchIn(shape, of),
    ...more(of),
    reportedLoss: metricValue(loss(of)),
  }))
  return causesOf(batches).at(-1)
}

/** Ways that are wrong, each with the cause that it is told by. */
const WRONG: readonly (readonly [about: string, shape: Shape, loss: (of: Drawn) => number, code: string])[] = [
  ['nll_loss of probabilities', 'probs', (of) => -mean(truths(of)), CAUSE.missingLog],
  ['the same, summed', 'probs', (of) => -sum(truths(of)), CAUSE.missingLog],
  [
    'nll_loss of logits',
    'logits',
    ({ logits, labels }) => -mean(logits.map((row, i) => row[labels[i]!]!)),
    CAUSE.missingLog,
  ],
  ['nll_loss of probabilities, with the logits logged', 'logits', (of) => -mean(truths(of)), CAUSE.missingLog],
  ['kl_div of probabilities', 'soft', (of) => mean(unlogged(of)), CAUSE.missingLog],
  ['kl_div of probabilities, over rows and classes', 'soft', (of) => mean(unlogged(of)) / 3, CAUSE.missingLog],
  ['kl_div of logits', 'soft logits', (of) => mean(unloggedLogits(of)), CAUSE.missingLog],
  ['kl_div of logits, over rows and classes', 'soft logits', (of) => mean(unloggedLogits(of)) / 3, CAUSE.missingLog],
  [
    'nll_loss of probabilities, all of four decimals',
    'rounded',
    (of) => Number((-mean(truths(of))).toFixed(4)),
    CAUSE.missingLog,
  ],
  ["kl_div with reduction='mean'", 'soft', (of) => mean(divergences(of)) / 3, CAUSE.wrongReduction],
  [
    'each guess against each label',
    'column',
    ({ column, answers }) => mean(column.map((p) => mean(answers.map((y) => binary(p, y))))),
    CAUSE.broadcast,
  ],
  [
    'the same of squares',
    'column',
    ({ column, answers }) => mean(column.map((p) => mean(answers.map((y) => (p - y) ** 2)))),
    CAUSE.broadcast,
  ],
  [
    'a KL divergence from labels that are smoothed over the other classes',
    'probs',
    ({ probs, labels }) =>
      mean(
        probs.map((row, i) =>
          sum(row.map((p, c) => (c === labels[i] ? 0.9 * Math.log(0.9 / p) : 0.05 * Math.log(0.05 / p)))),
        ),
      ),
    CAUSE.labelSmoothing,
  ],
  ['a sum in bits', 'probs', (of) => sum(costs(of)) / Math.LN2, CAUSE.wrongReduction],
  [
    'a softmax of a softmax, summed',
    'probs',
    (of) => -sum(of.probs.map((row, i) => Math.log(softmax(row)[of.labels[i]!]!))),
    CAUSE.doubleSoftmax,
  ],
  [
    'smoothed labels, summed',
    'probs',
    (of) => sum(costs(of).map((cost, i) => 0.9 * cost - 0.1 * mean(of.probs[i]!.map(Math.log)))),
    CAUSE.wrongReduction,
  ],
]

/** Losses that a job may use on purpose. */
const MEANT: readonly (readonly [about: string, shape: Shape, loss: (of: Drawn) => number])[] = [
  ['KL divergence from soft labels', 'soft', (of) => mean(divergences(of))],
  ['focal loss, γ = 2', 'probs', (of) => mean(truths(of).map((p) => -((1 - p) ** 2) * Math.log(p)))],
  ['focal loss, γ = 1, summed', 'probs', (of) => sum(truths(of).map((p) => -(1 - p) * Math.log(p)))],
  [
    'focal loss of one column, with α',
    'column',
    ({ column, answers }) =>
      mean(
        column.map((p, i) =>
          answers[i] === 1 ? -0.25 * (1 - p) ** 2 * Math.log(p) : -0.75 * p ** 2 * Math.log(1 - p),
        ),
      ),
  ],
  [
    'Dice loss',
    'column',
    ({ column, answers }) =>
      1 - (2 * sum(column.map((p, i) => p * answers[i]!)) + 1) / (sum(column) + sum(answers) + 1),
  ],
  [
    'cross-entropy and Dice loss',
    'column',
    ({ column, answers }) =>
      mean(column.map((p, i) => binary(p, answers[i]!))) +
      1 -
      (2 * sum(column.map((p, i) => p * answers[i]!)) + 1) / (sum(column) + sum(answers) + 1),
  ],
  ['mean absolute error', 'column', ({ column, answers }) => mean(column.map((p, i) => Math.abs(p - answers[i]!)))],
]

describe('ways of computing a loss', () => {
  test.each(WRONG)('%s', (_, shape, loss, code) => {
    expect(shown(shape, loss)).toMatchObject({ kind: 'cause', code })
  })

  test.each(MEANT)('%s is no fault', (_, shape, loss) => {
    expect(shown(shape, loss)).toEqual({ kind: 'nothing' })
  })

  test('a reported loss of few digits is some of so many ways by chance, and shows none', () => {
    const rounded = (of: Drawn) => Number((-mean(truths(of))).toFixed(1))
    expect(shown('probs', rounded)).not.toMatchObject({ kind: 'cause', code: CAUSE.missingLog })
  })
})

describe('weights', () => {
  const ofRows = ({ weights }: Drawn) => ({ weights: { of: 'rows' as const, values: Float64Array.from(weights) } })
  const weighted = (of: Drawn) => sum(costs(of).map((cost, i) => of.weights[i]! * cost)) / sum(of.weights)

  test('of the record give the loss that is reported', () => {
    expect(shown('probs', weighted, ofRows)).toEqual({ kind: 'nothing' })
    expect(shown('probs', (of) => (weighted(of) * sum(of.weights)) / ROWS, ofRows)).toEqual({ kind: 'nothing' })
  })

  test('of the record that sum to 0, or are no numbers, make the loss none', () => {
    for (const weight of [0, NaN, Infinity]) {
      const bad = () => ({ weights: { of: 'rows' as const, values: new Float64Array(ROWS).fill(weight) } })
      expect(shown('probs', () => NaN, bad)).toMatchObject({ kind: 'cause', code: CAUSE.badWeights })
    }
  })

  const ofClasses = (weights: readonly number[], smoothing: number) => (of: Drawn) => {
    const smooth = of.probs.map((row) => sum(row.map((p, c) => -weights[c]! * Math.log(p))) / 3)
    const own = of.labels.map((label) => weights[label]!)
    const cost = costs(of).map((cost, i) => (1 - smoothing) * own[i]! * cost + smoothing * smooth[i]!)
    return sum(cost) / sum(own)
  }

  test.each([
    [[1, 3, 0.5], 0],
    [[0, 1, 2], 0],
    [[1, 3, 0.5], 0.1],
  ])('of classes, %j, with label smoothing of %d, are found by several batches', (weights, smoothing) => {
    expect(shown('probs', ofClasses(weights, smoothing))).toMatchObject({ kind: 'cause', code: CAUSE.weightsOrMask })
  })

  test('of classes that the losses before show explain a loss that is none, where all else is sound', () => {
    let seed = 0
    const lossOf = (of: Drawn) => (++seed < 6 ? ofClasses([1, 3, 0.5], 0)(of) : NaN)
    expect(shown('probs', lossOf)).toMatchObject({ kind: 'cause', code: CAUSE.badWeights, confidence: 'strong' })
    expect(shown('probs', (of) => (of.labels[0] === drawn(6).labels[0] ? NaN : mean(costs(of))))).not.toMatchObject({
      code: CAUSE.badWeights,
    })
  })
})

describe('a sum over the rows, divided by one count', () => {
  const batchesOf = (rowsOf: (seed: number) => number, loss: (costs: readonly number[]) => number) =>
    [1, 2, 3, 4, 5, 6].map((seed) => {
      const of = drawn(seed)
      const rows = rowsOf(seed)
      return {
        ...batchOf('probs', of.probs.slice(0, rows), of.labels.slice(0, rows)),
        reportedLoss: metricValue(loss(costs(of).slice(0, rows))),
      }
    })

  test('shows where the batches have other numbers of rows', () => {
    const few = batchesOf(
      (seed) => 7 + (seed % 3),
      (costs) => sum(costs) / 16,
    )
    expect(causesOf(few).at(-1)).toMatchObject({
      kind: 'cause',
      code: CAUSE.wrongReduction,
      candidate: { key: 'the sum over the rows, divided by 16 in each batch' },
    })
  })

  test('may be a weight of the loss where they have the same, and is no loss of other predictions', () => {
    const alike = batchesOf(
      () => 10,
      (costs) => sum(costs) / 16,
    )
    expect(causesOf(alike).at(-1)).toMatchObject({ kind: 'open', codes: [] })
  })
})

describe('what is left', () => {
  test('of losses that follow the predictions and are none of theirs are other predictions', () => {
    const near = (of: Drawn) => mean(costs(of)) * (1.04 + 0.02 * Math.sin(7 * of.probs[0]![0]!))
    expect(shown('probs', near)).toMatchObject({ kind: 'cause', code: CAUSE.otherPredictions, confidence: 'weak' })
  })

  test('of held-out data, in a job whose training losses are right, is another way of computing them', () => {
    const batches = [1, 2, 3, 4, 5, 6, 7, 8].map((seed): PredictionBatch => {
      const of = drawn(seed)
      const ofBatch = { ...batchIn('probs', of), reportedLoss: metricValue(mean(costs(of))) }
      if (seed <= 6) return ofBatch
      return {
        ...ofBatch,
        reportedLoss: metricValue(mean(costs(of)) * (1.3 + 0.4 * Math.sin(seed))),
        isOfValidation: true,
      }
    })
    const code = causesOf(batches).map((likeliest) => (likeliest.kind === 'cause' ? likeliest.code : null))
    expect(code).toEqual([null, null, null, null, null, null, CAUSE.validationDiffers, CAUSE.validationDiffers])
  })
})

describe('a softmax too many', () => {
  const twice = ({ probs, labels }: Drawn) => probs.map((row, i) => -Math.log(softmax(row)[labels[i]!]!))
  const CLASS_WEIGHTS = [0.6, 3.2, 1.4]
  const byClass = ({ labels }: Drawn) => labels.map((label) => CLASS_WEIGHTS[label]!)
  const weighted = (of: Drawn) => sum(twice(of).map((cost, i) => cost * byClass(of)[i]!)) / sum(byClass(of))
  const sigmoid = (z: number) => 1 / (1 + Math.exp(-z))
  const log1pExp = (z: number) => Math.log(1 + Math.exp(z))
  const ofRecord = () => ({ weights: { of: 'classes' as const, values: Float64Array.from(CLASS_WEIGHTS) } })
  const isDouble = { kind: 'cause', code: CAUSE.doubleSoftmax }

  test('shows in the logits before the first of them', () => {
    expect(shown('logits', (of) => mean(twice(of)))).toMatchObject(isDouble)
    expect(shown('logits', (of) => Number(mean(twice(of)).toFixed(5)))).toMatchObject(isDouble)
  })

  test.each(['probs', 'logits'] as const)('shows beside weights of the classes, known or not: %s', (shape) => {
    expect(shown(shape, weighted, ofRecord)).toMatchObject(isDouble)
    expect(shown(shape, weighted)).toMatchObject(isDouble)
  })

  test('shows in one column, with a weight of the positive class as well', () => {
    const column = (of: Drawn) =>
      batchOf(
        'logits',
        of.column.map((p) => [5 * p - 2]),
        of.answers,
      )
    const loss = (of: Drawn, weight: number) =>
      mean(
        of.column.map((p, i) => {
          const z = sigmoid(5 * p - 2)
          return of.answers[i] === 1 ? weight * log1pExp(-z) : log1pExp(z)
        }),
      )
    for (const weight of [1, 3.5]) expect(shown('column', (of) => loss(of, weight), column)).toMatchObject(isDouble)
  })

  test.each([
    ['the right loss', (of: Drawn) => mean(costs(of))],
    [
      'the right loss, weighted',
      (of: Drawn) => sum(costs(of).map((cost, i) => cost * byClass(of)[i]!)) / sum(byClass(of)),
    ],
    [
      'logits at another temperature',
      ({ logits, labels }: Drawn) =>
        mean(logits.map((row, i) => -Math.log(softmax(row.map((z) => z / 3))[labels[i]!]!))),
    ],
    ['a term beside the loss', (of: Drawn) => mean(costs(of)) + 0.2 * mean(of.logits.flat().map((z) => z * z))],
  ])('is not seen in %s', (_, loss) => {
    for (const shape of ['probs', 'logits'] as const) expect(shown(shape, loss)).not.toMatchObject(isDouble)
  })
})
