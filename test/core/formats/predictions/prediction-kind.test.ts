import { expect, test } from 'vitest'
import { mayBeClasses, predictionKindOf } from '../../../../src/core/formats/predictions/prediction-kind.ts'

const { NaN: nan } = Number
const cases = [
  { name: 'rows in [0, 1] that sum to 1', values: [0.2, 0.8, 0.5, 0.5], k: 2, kind: 'probs' },
  { name: 'rows of bfloat16 that sum to nearly 1', values: [0.332, 0.332, 0.328], k: 3, kind: 'probs' },
  { name: 'rows in [0, 1] that sum to something else', values: [0.2, 0.3, 0.9, 0.9], k: 2, kind: 'logits' },
  {
    name: 'rows at most 0 whose exponentials sum to 1',
    values: [Math.log(0.2), Math.log(0.8)],
    k: 2,
    kind: 'log_probs',
  },
  { name: 'a log-probability of −∞', values: [-Infinity, 0], k: 2, kind: 'log_probs' },
  { name: 'rows below 0 that are no logarithms', values: [-3, -4], k: 2, kind: 'logits' },
  { name: 'numbers of both signs', values: [-1.5, 2.5], k: 2, kind: 'logits' },
  { name: 'one column in [0, 1]', values: [0.1, 0.9], k: 1, kind: 'probs' },
  { name: 'one column beyond [0, 1]', values: [0.1, 1.9], k: 1, kind: 'logits' },
  { name: 'a row of NaN among rows of probabilities', values: [nan, nan, 0.25, 0.75], k: 2, kind: 'probs' },
  { name: 'a row of NaN among rows of logits', values: [nan, 1, 3, 4], k: 2, kind: 'logits' },
] as const
for (const { name, values, k, kind } of cases) {
  test(`${name}: ${kind}`, () => expect(predictionKindOf(values, values.length / k, k)).toBe(kind))
}

test('one broken row of twenty does not change what the others are', () => {
  const values = Array.from({ length: 20 }, () => [0.4, 0.6]).flat()
  values[0] = 0.9
  expect(predictionKindOf(values, 20, 2)).toBe('probs')
})

test('whole numbers may be guessed classes, and one fraction or NaN shows that they are not', () => {
  expect(mayBeClasses([0, 1, 2])).toBe(true)
  expect(mayBeClasses([0, 1, 0.5])).toBe(false)
  expect(mayBeClasses([0, nan])).toBe(false)
})
