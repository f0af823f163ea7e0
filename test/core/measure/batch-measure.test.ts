import { expect, test } from 'vitest'
import { measureBatch } from '../../../src/core/measure/batch-measure.ts'
import { DEFAULT_EPSILON } from '../../../src/core/measure/clip.ts'
import { toNumber } from '../../../src/protocol/value.ts'
import { batchOf, matrix } from './batches.ts'
import { expectNear } from './near.ts'

test('a truth of probability 0 costs infinitely much, and −ln ε when clipped', () => {
  const measure = measureBatch(batchOf('probs', matrix('1 0'), [1]))
  expect(measure).toMatchObject({
    crossEntropy: 'Infinity',
    surprise: 'Infinity',
    klDivergence: 'Infinity',
    perplexity: 'Infinity',
  })
  expect(measure.epsilon).toBe(DEFAULT_EPSILON)
  expect(measure.crossEntropyClipped).toBe(-Math.log(1e-10))
})

test('both sides of one column are clipped alike', () => {
  const right = measureBatch(batchOf('probs', matrix('0'), [1]))
  const left = measureBatch(batchOf('probs', matrix('1'), [0]))
  expect(left.crossEntropyClipped).toBe(right.crossEntropyClipped)
})

test('a logit far below the rest costs its distance, though its probability is 0 in float64', () => {
  expect(measureBatch(batchOf('logits', matrix('0 2000'), [0])).crossEntropy).toBe(2000)
  expect(measureBatch(batchOf('logits', matrix('-2000'), [1])).crossEntropy).toBe(2000)
  expect(measureBatch(batchOf('log_probs', matrix('-2000 0'), [0])).crossEntropy).toBe(2000)
})

test('a sure and right answer keeps the digits of its small loss', () => {
  expectNear(toNumber(measureBatch(batchOf('logits', matrix('40 0'), [0])).crossEntropy), Math.exp(-40), 1e-15)
  expectNear(toNumber(measureBatch(batchOf('logits', matrix('40'), [1])).crossEntropy), Math.exp(-40), 1e-15)
  expect(measureBatch(batchOf('probs', matrix('1e-20'), [0])).crossEntropy).toBe(1e-20)
})

test('a NaN in any class of a row makes the means of the loss NaN', () => {
  const measure = measureBatch(batchOf('probs', matrix('0.5 NaN 0.5 | 0.1 0.2 0.7'), [0, 2]))
  expect(measure).toMatchObject({
    crossEntropy: 'NaN',
    crossEntropyClipped: 'NaN',
    entropy: 'NaN',
    squaredError: 'NaN',
  })
  expect(measure.accuracy).toBe(0.5)
})

test('a logit of +∞ makes its row NaN, but for one column, where σ(∞) is 1', () => {
  expect(measureBatch(batchOf('logits', matrix('Infinity 0'), [0])).crossEntropy).toBe('NaN')
  expect(measureBatch(batchOf('logits', matrix('Infinity'), [1])).crossEntropy).toBe(0)
  expect(measureBatch(batchOf('logits', matrix('Infinity'), [0])).crossEntropy).toBe('Infinity')
})

test('a negative probability has an entropy of −∞, and a loss only where it is the truth', () => {
  const row = [-0.5, 1.5]
  expect(measureBatch(batchOf('probs', [row], [1]))).toMatchObject({
    entropy: '-Infinity',
    crossEntropy: -Math.log(1.5),
  })
  expect(measureBatch(batchOf('probs', [row], [0])).crossEntropy).toBe('NaN')
})

test('ignored and bad labels are left out, and their number can be told', () => {
  const measure = measureBatch(batchOf('probs', matrix('0.5 0.5 | 1 0 | 0.25 0.75'), [-100, 5, 0]))
  expect(measure).toMatchObject({ n: 3, used: 1, crossEntropy: Math.log(4), accuracy: 0, badLabel: { count: 1 } })
})

test('the mean of no rows is NaN', () => {
  const ignored = batchOf('logits', matrix('1 2'), [-100])
  const weightless = batchOf('probs', matrix('1 0'), matrix('0 0'))
  for (const batch of [batchOf('probs', [], []), ignored, weightless]) {
    expect(measureBatch(batch)).toMatchObject({
      used: 0,
      crossEntropy: 'NaN',
      entropy: 'NaN',
      accuracy: 'NaN',
      perplexity: 'NaN',
    })
  }
})

test('surprise is of one class, so a truth that is spread out has none', () => {
  const rows = matrix('0.5 0.5 | 0.25 0.75')
  expect(measureBatch(batchOf('probs', rows, matrix('0.5 0.5 | 0.9 0.1'))).surprise).toBe('NaN')
  expect(measureBatch(batchOf('probs', rows, matrix('0.5 0.5 | 1 0.5'))).surprise).toBe('NaN')
  expect(measureBatch(batchOf('probs', rows, matrix('0.5 0.5 | 1 0'))).surprise).toBe(Math.log(4))
})

test('the squared error of one column is that of both classes, 2 (p − y)²', () => {
  const { squaredError } = measureBatch(batchOf('probs', matrix('0.75 | 0.5'), [1, 0]))
  expect(squaredError).toBe(2 * ((0.0625 + 0.25) / 2))
})

test('of equal guesses the first is the answer, and a column of ½ answers class 0', () => {
  expect(measureBatch(batchOf('probs', matrix('0.5 0.5'), [0])).accuracy).toBe(1)
  expect(measureBatch(batchOf('probs', matrix('0.5'), [0])).accuracy).toBe(1)
})

test('of equal weights the first is the truth', () => {
  expect(measureBatch(batchOf('probs', matrix('0.6 0.4'), matrix('0.5 0.5'))).accuracy).toBe(1)
})

test('a NaN answers no class, in one column neither', () => {
  expect(measureBatch(batchOf('probs', matrix('NaN 0.2'), [0])).accuracy).toBe(0)
  expect(measureBatch(batchOf('probs', matrix('NaN'), [0])).accuracy).toBe(0)
})

test('a mean over many rows loses no digits to their number', () => {
  const batch = batchOf('probs', Array(10_000).fill([0.9, 0.1]), Array(10_000).fill(0))
  expectNear(toNumber(measureBatch(batch).crossEntropy), -Math.log(0.9), 2e-16)
})
