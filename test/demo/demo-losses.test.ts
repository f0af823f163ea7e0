import { expect, test } from 'vitest'
import { evaluate } from '../../src/demo/classifier.ts'
import { LOSSES, type LossName } from '../../src/demo/demo-losses.ts'
import { splitFlowers } from '../../src/demo/iris.ts'
import { seededRandom } from '../../src/demo/random.ts'

const names = Object.keys(LOSSES) as LossName[]
const logits = Float32Array.of(1.5, -0.75, 0.25)
const { training } = splitFlowers(seededRandom(1))
const random = seededRandom(2)
const weights = Float32Array.from({ length: 15 }, () => random() - 0.5)

// A power of two, so that adding it to a float32 is exact.
const NUDGE = 2 ** -7

for (const name of names) {
  test(`the ${name} loss has the gradient by the logits that finite differences have`, () => {
    for (const label of [0, 1, 2]) {
      const { gradient } = LOSSES[name](logits, label)
      gradient.forEach((slope, k) => {
        expect(slope).toBeCloseTo(
          differenceQuotient(logits, k, (at) => LOSSES[name](at, label).loss),
          4,
        )
      })
    }
  })

  test(`the ${name} loss has the gradient by the weights that finite differences have`, () => {
    const { gradient } = evaluate(weights, training, LOSSES[name])
    gradient.forEach((slope, i) => {
      expect(slope).toBeCloseTo(
        differenceQuotient(weights, i, (at) => evaluate(at, training, LOSSES[name]).loss),
        4,
      )
    })
  })
}

test('the two losses agree while no probability underflows', () => {
  const naive = evaluate(weights, training, LOSSES.naive)
  const stable = evaluate(weights, training, LOSSES.stable)
  expect(naive.loss).toBeCloseTo(stable.loss, 5)
  naive.gradient.forEach((slope, i) => {
    expect(slope).toBeCloseTo(stable.gradient[i]!, 5)
  })
})

test('a true class 120 nats behind is Infinity and a NaN gradient to the naive loss, 120 and p − y to the stable one', () => {
  const hopeless = Float32Array.of(120, 0, 0)
  const naive = LOSSES.naive(hopeless, 1)
  expect([...naive.probs]).toEqual([1, 0, 0])
  expect(naive.loss).toBe(Number.POSITIVE_INFINITY)
  expect([...naive.gradient]).toEqual([Number.NaN, Number.NaN, Number.NaN])
  expect(LOSSES.stable(hopeless, 1)).toEqual({
    probs: Float32Array.of(1, 0, 0),
    loss: 120,
    gradient: Float32Array.of(1, -1, 0),
  })
})

function differenceQuotient(at: Float32Array, i: number, f: (at: Float32Array) => number): number {
  return (f(nudged(at, i, NUDGE)) - f(nudged(at, i, -NUDGE))) / (2 * NUDGE)
}

function nudged(values: Float32Array, i: number, by: number): Float32Array {
  return values.map((value, j) => (i === j ? value + by : value))
}
