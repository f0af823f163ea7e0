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
    expect(storyOf(spike, lossesOf(plateau(600, factors)))).toEqual([
      'raise 300',
      'raise 301',
      expect.stringMatching(/^clear \d+$/),
    ])
  })

  test('one value below twice the level is noted, and the end says that the next was at the level again', () => {
    const found = findingsIn(spike, lossesOf(plateau(400, { 300: 1.6 })))
    expect(found).toMatchObject([
      { kind: 'raise', severity: 'info', facts: { course: 'single', since: 300 } },
      { kind: 'clear', at: { step: 320 }, ended: expect.stringMatching(/^The value after it was at the level again/) },
    ])
  })

  test('of a validation loss, of which each value is a mean, it is a warning', () => {
    const seen = lossesOf(plateau(400, { 300: 1.6 }), { role: 'val_loss', metric: 'eval_loss' })
    expect(findingsIn(spike, seen)[0]).toMatchObject({ severity: 'warning', facts: { course: 'large' } })
  })

  test('one that stays is a warning as soon as the second value is there, and knows where it began', () => {
    const found = findingsIn(spike, lossesOf(plateau(400, { 300: 1.6, 301: 1.55 })))
    expect(found).toMatchObject([
      { severity: 'info', at: { step: 300 } },
      { severity: 'warning', at: { step: 301 }, facts: { course: 'stays', since: 300 } },
      { kind: 'clear' },
    ])
  })

  test('one that is followed by a larger one within its incident gets worse', () => {
    const found = findingsIn(spike, lossesOf(plateau(400, { 300: 1.6, 305: 2.6 })))
    expect(found).toMatchObject([{ severity: 'info' }, { severity: 'warning', facts: { course: 'large' } }, {}])
  })

  test('such jumps are a warning when they come again and again, and none when they are far apart', () => {
    const severities = (apart: number, metric = 'loss') => {
      const normal = noise(25)
      const factors = new Map([1.3, 1.42, 1.6].map((factor, index) => [300 + index * apart, factor]))
      const values = curve(1500, (index) => 2 * (1 + 0.02 * normal()) * (factors.get(index) ?? 1))
      return findingsIn(spike, lossesOf(values, { metric })).flatMap((found) =>
        found.kind === 'raise' ? found.severity : [],
      )
    }
    expect(severities(50)).toEqual(['info', 'info', 'warning'])
    expect(severities(250)).toEqual(['info', 'info', 'info'])
    expect(severities(50, 'rmse_trn')).toEqual(['info', 'info', 'info'])
  })

  test('the third of three equal jumps is a warning, though each widens the bound', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const normal = noise(seed)
      const values = curve(500, (index) => ([200, 240, 280].includes(index) ? 3.5 : 2 * (1 + 0.06 * normal())))
      const found = findingsIn(spike, lossesOf(values)).flatMap((one) => (one.kind === 'raise' ? one.severity : []))
      expect(found, `seed ${seed}`).toEqual(['info', 'info', 'warning'])
    }
  })

  test('in a loss that falls as far every other value two high ones are no failure, nor are those among zeros', () => {
    const normal = noise(27)
    const noisy = curve(400, (index) => Math.exp(0.5 * normal()) * (index === 300 || index === 301 ? 400 : 1))
    const rare = curve(400, (index) => (index % 50 < 2 ? 1 + (index === 301 ? 30 : 0) : 0))
    for (const values of [noisy, rare]) {
      const found = findingsIn(spike, lossesOf(values)).flatMap((one) => (one.kind === 'raise' ? one.severity : []))
      expect(found).not.toContain('critical')
    }
  })

  test('where the log leaves out steps and is too quiet for single batches, a jump of a mean is a warning', () => {
    const sparse = (noiseOf: number, stepAt: (index: number) => number | null = (index) => 100 * index) => {
      const normal = noise(23)
      return curve(400, (index) => 2 * (1 + noiseOf * normal()) * (index === 300 ? 1.5 : 1)).map((value, index) =>
        seenSample(value, { step: stepAt(index) }),
      )
    }
    expect(findingsIn(spike, sparse(0.003))[0]).toMatchObject({
      severity: 'warning',
      facts: { course: 'mean', batchRatio: expect.closeTo(50, -1) },
    })
    expect(findingsIn(spike, sparse(0.04))[0]).toMatchObject({ severity: 'info', facts: { course: 'single' } })
    // Without steps nothing shows that any are left out.
    expect(
      findingsIn(
        spike,
        sparse(0.003, () => null),
      )[0],
    ).toMatchObject({ severity: 'info', facts: { course: 'single' } })
    // A mean over three batches takes one at 2.5 times the level, which is a warning by the step as well.
    expect(
      findingsIn(
        spike,
        sparse(0.003, (index) => 3 * index),
      )[0],
    ).toMatchObject({ severity: 'warning' })
    expect(
      findingsIn(
        spike,
        sparse(0.003, (index) => index + (index > 250 ? 1 : 0)),
      )[0],
    ).toMatchObject({ severity: 'info' })
  })

  test('of a mean over two batches a jump is noted that one batch below twice the level makes', () => {
    const normal = noise(23)
    const means = (ratio: number) =>
      curve(400, (index) => 2 * (1 + 0.003 * normal()) * (index === 300 ? ratio : 1)).map((value, index) =>
        seenSample(value, { step: 2 * index }),
      )
    expect(findingsIn(spike, means(1.4))[0]).toMatchObject({ severity: 'info' })
    expect(findingsIn(spike, means(1.6))[0]).toMatchObject({ severity: 'warning' })
  })

  test('near zero twice the level is little: a jump is noted while it is below a tenth of the first values', () => {
    const normal = noise(24)
    const fallen = curve(1000, (index) => (index < 100 ? 2 * 0.95 ** index : 0.012) * (1 + 0.05 * normal()))
    const jumped = (value: number) => [...fallen, value, ...curve(30, () => 0.012)]
    expect(findingsIn(spike, lossesOf(jumped(0.09)))[0]).toMatchObject({ severity: 'info' })
    expect(findingsIn(spike, lossesOf(jumped(0.3)))[0]).toMatchObject({ severity: 'warning' })
  })

  test('a state that was saved before jumps were told apart goes on', () => {
    const seen = lossesOf(plateau(400, { 300: 1.6 }))
    let state = spike.start()
    for (const one of seen.slice(0, 290)) state = spike.step(state, one, spike.defaults).state
    const { last, newest, step, highest, ...old } = state
    const found = []
    state = old
    for (const one of seen.slice(290)) {
      const outcome = spike.step(state, one, spike.defaults)
      state = outcome.state
      found.push(...outcome.findings)
    }
    expect(found).toMatchObject([{ severity: 'info' }, { kind: 'clear' }])
  })

  test('where the target of the loss moves it is noted, up to millions of times the level', () => {
    const moving = (factor: number) =>
      lossesOf(plateau(400, { 300: factor, 301: factor })).map((one) => ({ ...one, hasMovingTarget: true }))
    expect(findingsIn(spike, moving(10))).toMatchObject([{ severity: 'info' }, { kind: 'clear' }])
    expect(findingsIn(spike, moving(1e10))[0]).toMatchObject({ severity: 'critical' })
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
