import { describe, expect, test } from 'vitest'
import { CAUSE } from '../../../src/core/causes/index.ts'
import { metricValue } from '../../../src/protocol/value.ts'
import { batchOf } from '../measure/batches.ts'
import { causesOf } from './searched-job.ts'

type Loss = (guesses: readonly number[], targets: readonly number[]) => number

const ROWS = 9
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const apart =
  (cost: (distance: number) => number): Loss =>
  (guesses, targets) =>
    mean(guesses.flatMap((guess) => targets.map((target) => cost(guess - target))))
const beside =
  (cost: (distance: number) => number): Loss =>
  (guesses, targets) =>
    mean(guesses.map((guess, i) => cost(guess - targets[i]!)))
const square = (distance: number) => distance * distance
const huber = (distance: number) => (Math.abs(distance) < 1 ? square(distance) / 2 : Math.abs(distance) - 0.5)

/** What seven batches show of numbers that follow their targets, in a scale, whose loss is computed so. */
function shown(loss: Loss, scale = 1, shift = 0, digits = 12) {
  const batches = Array.from({ length: 7 }, (_, seed) => {
    const at = (i: number) => Math.sin(3.7 * i + 1.9 * seed * i + seed)
    const targets = Array.from({ length: ROWS }, (_, i) => shift + scale * 2 * at(i + 1))
    const guesses = targets.map((target, i) => target + scale * 0.4 * at(2 * i + 30))
    const rows = guesses.map((guess) => [guess])
    const reportedLoss = metricValue(Number(loss(guesses, targets).toPrecision(digits)))
    return {
      ...batchOf(
        'logits',
        rows,
        targets.map((target) => [target]),
      ),
      isKindGuessed: true as const,
      reportedLoss,
    }
  })
  return causesOf(batches).at(-1)
}

const isBroadcast = { kind: 'cause', code: CAUSE.broadcast }

describe('each number against each target', () => {
  test.each([
    ['squared', apart(square)],
    ['absolute', apart(Math.abs)],
    ['Huber', apart(huber)],
    ['the root of the squared', (guesses, targets) => Math.sqrt(apart(square)(guesses, targets))],
  ] as readonly (readonly [string, Loss])[])('is seen in errors: %s', (_, loss) => {
    expect(shown(loss)).toMatchObject(isBroadcast)
    expect(shown(loss, 40, 300)).toMatchObject(isBroadcast)
    expect(shown(loss, 1, 0, 5)).toMatchObject(isBroadcast)
  })

  test.each([
    ['squared', beside(square)],
    ['absolute', beside(Math.abs)],
    ['Huber', beside(huber)],
    ['the sum of the squared', (guesses, targets) => ROWS * beside(square)(guesses, targets)],
    ['with a penalty', (guesses, targets) => beside(square)(guesses, targets) + 0.01 * mean(guesses.map(square))],
  ] as readonly (readonly [string, Loss])[])('is not seen where each has its own: %s', (_, loss) => {
    for (const [scale, shift] of [
      [1, 0],
      [40, 300],
    ] as const)
      expect(shown(loss, scale, shift)).not.toMatchObject({ kind: 'cause' })
  })
})
