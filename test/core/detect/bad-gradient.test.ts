import { describe, expect, test } from 'vitest'
import { badGradient } from '../../../src/core/detect/bad-gradient.ts'
import { testDetector } from './conformance.ts'
import { curve, noise, noisyFall } from './noise.ts'
import { findingsIn, seenRecord, storyOf } from './observations.ts'

function run(
  count: number,
  loss: (index: number) => number,
  gradNorm: (index: number) => number,
  zeroDecimals?: number,
  share = 0.03,
) {
  const normal = noise(81)
  return curve(count, loss).map((level, step) =>
    seenRecord({ loss: level * (1 + share * normal()), gradNorm: gradNorm(step) }, { step, zeroDecimals }),
  )
}

testDetector(badGradient, {
  healthy: noisyFall(30).map((loss, step) => seenRecord({ loss, gradNorm: 1 }, { step })),
  fault: run(
    40,
    () => 1.5,
    () => 0,
  ),
  poison: [seenRecord({ loss: Number.NaN, gradNorm: 1 }), seenRecord({ loss: -Infinity, gradNorm: 1 })],
})

describe('a bad gradient', () => {
  test('of 0 in each record, beside a loss that does not move, is warned of at the twelfth', () => {
    const found = findingsIn(
      badGradient,
      run(
        60,
        () => 1.5,
        () => 0,
      ),
    )
    expect(found).toMatchObject([
      { kind: 'raise', severity: 'warning', at: { step: 11, metric: 'loss' }, facts: { sign: 'still', inARow: 12 } },
    ])
  })

  test('that is not finite in each record, beside a loss that does not move, too', () => {
    const found = findingsIn(
      badGradient,
      run(
        60,
        () => 1.5,
        () => Number.NaN,
      ),
    )
    expect(found).toMatchObject([{ kind: 'raise', facts: { sign: 'still', gradient: { value: 'NaN' } } }])
  })

  test('of 0 is none where the loss is 0 or falls, or where the log rounds', () => {
    const zero = () => 0
    expect(storyOf(badGradient, run(60, zero, zero))).toEqual([])
    expect(
      storyOf(
        badGradient,
        run(60, (index) => 2 / (1 + index / 5), zero),
      ),
    ).toEqual([])
    expect(
      storyOf(
        badGradient,
        run(50, () => 1.5, zero, 3),
      ),
    ).toEqual([])
  })

  test('of 0 in few decimals over a noisy loss is noted after sixty, in six decimals warned of', () => {
    const still = () => 1.5
    const zero = () => 0
    const severities = (...about: Parameters<typeof run>) =>
      findingsIn(badGradient, run(...about)).map((found) => (found.kind === 'raise' ? found.severity : found.kind))
    expect(severities(59, still, zero, 3, 0.2)).toEqual([])
    expect(severities(200, still, zero, 3, 0.2)).toEqual(['info'])
    expect(severities(4000, still, zero, 3, 0.2)).toEqual(['info'])
    expect(severities(4000, still, zero, 4, 0.2)).toEqual(['info', 'warning'])
    expect(severities(40, still, zero, 6, 0.01)).toEqual(['info'])
    expect(severities(200, still, zero, 6, 0.2)).toEqual(['warning'])
    expect(severities(20, still, zero, 8, 0.2)).toEqual(['warning'])
    // Norms grow small where a run has converged.
    expect(severities(200, still, (index) => (index < 20 ? 1 : 0), 6, 0.2)).toEqual([])
    expect(severities(400, (index) => 2 / (1 + index / 50), zero, 6, 0.2)).toEqual([])
  })

  test('of 0 is called off where the loss falls all the same, and is not found again', () => {
    const falls = (index: number) => (index < 80 ? 2 : Math.max(1, 2 - (index - 80) / 100))
    const found = findingsIn(
      badGradient,
      run(600, falls, () => 0, 3),
    )
    expect(found.at(-1)).toMatchObject({ kind: 'clear', calledOff: 'The loss falls all the same: it cannot be 0.' })
    expect(found.filter(({ kind }) => kind === 'clear')).toHaveLength(1)
  })

  test('of Infinity once, as mixed precision looks for its scale, is none where the loss goes on', () => {
    const once = (index: number) => (index < 3 ? Infinity : 1)
    expect(
      storyOf(
        badGradient,
        run(100, (index) => 2 / (1 + index / 50), once),
      ),
    ).toEqual([])
  })

  test('after which the loss stays far above its beginning is warned of, with both numbers', () => {
    const loss = (index: number) => (index < 6 ? 1.4 : 8)
    const [found, ...others] = findingsIn(
      badGradient,
      run(60, loss, (index) => (index === 7 ? Infinity : 1)),
    )
    expect(found).toMatchObject({ kind: 'raise', severity: 'warning', at: { metric: 'loss' } })
    expect(found).toMatchObject({
      facts: { sign: 'lost', gradient: { metric: 'grad_norm', step: 7, value: 'Infinity' } },
    })
    expect(others).toEqual([])
  })

  test('long before a loss rises has nothing to do with it', () => {
    const loss = (index: number) => (index < 60 ? 1.4 : 8)
    const after = { afterSamples: 20 }
    expect(
      storyOf(
        badGradient,
        run(200, loss, (index) => (index === 7 ? Infinity : 1)),
        after,
      ),
    ).toEqual([])
  })

  test('is over when the loss has come back, or the gradients have', () => {
    const back = run(
      120,
      (index) => (index < 6 || index > 60 ? 1.4 : 8),
      (index) => (index === 7 ? Infinity : 1),
    )
    expect(storyOf(badGradient, back)).toEqual([
      expect.stringMatching(/^raise 1\d$/),
      expect.stringMatching(/^clear 7\d$/),
    ])
    const good = run(
      80,
      () => 1.5,
      (index) => (index < 40 ? 0 : 1),
    )
    expect(storyOf(badGradient, good)).toEqual(['raise 11', 'clear 49'])
  })
})
