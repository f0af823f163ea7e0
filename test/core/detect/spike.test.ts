import { describe, expect, test } from 'vitest'
import { spike } from '../../../src/core/detect/spike.ts'
import { testDetector } from './conformance.ts'
import { HEALTHY_CURVES } from './healthy-curves.ts'
import { curve, noise, noisyFall } from './noise.ts'
import { findingsIn, lossesOf, seenSample, storyOf } from './observations.ts'

testDetector(spike, {
  healthy: lossesOf(noisyFall(200)),
  fault: lossesOf([5]),
  poison: [seenSample(Number.NaN), seenSample(Infinity), seenSample(-Infinity)],
})

/** A noisy plateau in which some values are multiplied. */
function plateau(count: number, factors: Readonly<Record<number, number>>, level = 2): number[] {
  const normal = noise(21)
  return curve(count, (index) => level * (1 + 0.05 * normal()) * (factors[index] ?? 1))
}

describe('spike', () => {
  for (const { name, values } of HEALTHY_CURVES) {
    test(`does not fire on ${name}`, () => expect(storyOf(spike, lossesOf(values))).toEqual([]))
  }

  test('fires on one value of twice a noisy level, and is over twenty calm values later', () => {
    const seen = lossesOf(plateau(400, { 300: 2 }))
    expect(storyOf(spike, seen)).toEqual(['raise 300', 'clear 320'])
    expect(findingsIn(spike, seen)[0]).toMatchObject({
      severity: 'warning',
      rule: 'spike',
      facts: { level: expect.closeTo(2, 0) },
    })
  })

  test('fires on a spike in a curve that still falls', () => {
    const values = noisyFall(1200)
    values[1000] = values[1000]! * 2
    expect(storyOf(spike, lossesOf(values))).toEqual(['raise 1000', 'clear 1020'])
  })

  test('a spike of some values is one incident', () => {
    expect(storyOf(spike, lossesOf(plateau(400, { 300: 2, 301: 3, 302: 2.5, 305: 2 })))).toEqual([
      'raise 300',
      'clear 325',
    ])
  })

  test('a loss that falls back slowly is not over before it is calm', () => {
    const tail = Object.fromEntries(Array.from({ length: 15 }, (_, index) => [301 + index, 1.25]))
    const [raised, cleared] = findingsIn(spike, lossesOf(plateau(400, { 300: 2, ...tail })))
    expect(raised?.at.step).toBe(300)
    expect(cleared?.at.step).toBeGreaterThan(320)
  })

  test('two values in a row far above all that was are critical: the run comes undone', () => {
    const found = findingsIn(spike, lossesOf(plateau(400, { 300: 10, 301: 10 })))
    expect(found.map((finding) => finding.kind === 'raise' && finding.severity)).toEqual(['warning', 'critical', false])
  })

  test('in noise with bounds a smaller spike is seen than in noise of heavy tails', () => {
    const bounded = curve(2000, (index) => (index === 1900 ? 3.2 : index % 2 === 0 ? 1.8 : 2.2))
    const heavy = curve(2000, (index) => (index === 1900 ? 3.2 : index % 97 === 0 ? 3 : index % 2 === 0 ? 1.8 : 2.2))
    expect(storyOf(spike, lossesOf(bounded))).toEqual(['raise 1900', 'clear 1920'])
    expect(storyOf(spike, lossesOf(heavy))).not.toContain('raise 1900')
  })

  test('a gradient norm of ten times its level is noted and no more', () => {
    const seen = lossesOf(plateau(400, { 300: 40 }), { role: 'grad_norm', metric: 'grad_norm' })
    expect(findingsIn(spike, seen)).toMatchObject([{ kind: 'raise', severity: 'info' }, { kind: 'clear' }])
  })

  test('two spikes far apart are two incidents', () => {
    expect(storyOf(spike, lossesOf(plateau(500, { 300: 2, 400: 2 })))).toEqual([
      'raise 300',
      'clear 320',
      'raise 400',
      'clear 420',
    ])
  })

  test('one spike hides the next one not at all', () => {
    const once = findingsIn(spike, lossesOf(plateau(500, { 400: 2 })))
    const twice = findingsIn(spike, lossesOf(plateau(500, { 300: 1000, 400: 2 })))
    expect(twice.filter(({ kind }) => kind === 'raise').map(({ at }) => at.step)).toEqual([300, 400])
    expect(once[0]!.at).toEqual(twice[2]!.at)
  })

  test('a loss that stays at a new level is one incident that ends', () => {
    const factors = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [300 + index, 1.6]))
    expect(storyOf(spike, lossesOf(plateau(600, factors)))).toEqual(['raise 300', expect.stringMatching(/^clear \d+$/)])
  })

  test('a single value of millions of times the level is critical at once, and of thousands is not', () => {
    const found = findingsIn(spike, lossesOf(plateau(400, { 300: 3e6 })))
    expect(found).toMatchObject([{ kind: 'raise', severity: 'critical', at: { step: 300 } }, { kind: 'clear' }])
    const large = findingsIn(spike, lossesOf(plateau(400, { 300: 3e3 })))
    expect(large).toMatchObject([{ kind: 'raise', severity: 'warning', at: { step: 300 } }, { kind: 'clear' }])
  })

  test('says nothing in the first fifty values', () => {
    expect(storyOf(spike, lossesOf(plateau(50, { 49: 100 })))).toEqual([])
    expect(storyOf(spike, lossesOf(plateau(51, { 50: 100 })))).toEqual(['raise 50'])
  })

  test('says nothing of a rise that is far in spreads and small in fact', () => {
    expect(storyOf(spike, lossesOf([...curve(200, () => 2), 2.2, 2.3, 2.4]))).toEqual([])
  })

  test('a spike downwards is none', () => {
    expect(storyOf(spike, lossesOf(plateau(400, { 300: 0.01 })))).toEqual([])
  })

  test('fires on a spike of a negative loss', () => {
    const normal = noise(22)
    const values = curve(400, (index) => (index === 300 ? 4 : -5 + 0.3 * normal()))
    expect(storyOf(spike, lossesOf(values))).toEqual(['raise 300', 'clear 320'])
  })

  test('a NaN beside a spike changes nothing', () => {
    const values = plateau(400, { 300: 2 })
    const seen = lossesOf(values)
    const disturbed = [...seen.slice(0, 300), seenSample(Number.NaN), seenSample(Infinity), ...seen.slice(300)]
    expect(findingsIn(spike, disturbed)).toEqual(findingsIn(spike, seen))
  })

  test('a job that begins again from nothing is no spike', () => {
    const again = noisyFall(100).map((value, step) =>
      seenSample(value, step === 0 ? { step, isBehind: true } : { step, attempt: 1 }),
    )
    expect(storyOf(spike, [...lossesOf(noisyFall(1000)), ...again])).toEqual([])
  })

  test('a stray line of an earlier step is no spike', () => {
    const seen = lossesOf(noisyFall(1000))
    expect(storyOf(spike, [...seen, seenSample(2.3, { step: 2, isBehind: true })])).toEqual([])
  })

  test('it watches losses of the whole objective, gradient norms, and nothing else', () => {
    expect(spike.watches('sample', 'loss', 'train_loss')).toBe(true)
    expect(spike.watches('sample', 'eval_loss', 'val_loss')).toBe(true)
    expect(spike.watches('sample', 'grad_norm', 'grad_norm')).toBe(true)
    expect(spike.watches('sample', 'accuracy', 'accuracy')).toBe(false)
    expect(spike.watches('batch', 'nanwatch/cross_entropy', 'other')).toBe(false)
  })
})
