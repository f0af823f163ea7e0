import { describe, expect, test } from 'vitest'
import { exploding } from '../../../src/core/detect/exploding.ts'
import { testDetector } from './conformance.ts'
import { HEALTHY_CURVES } from './healthy-curves.ts'
import { curve, noise, noisyFall, smoothed } from './noise.ts'
import { findingsIn, lossesOf, seenSample, storyOf } from './observations.ts'

function severitiesOf(values: readonly number[]) {
  return findingsIn(exploding, lossesOf(values)).flatMap((found) => (found.kind === 'raise' ? [found.severity] : []))
}

/** A loss of values around one another by this share of a natural logarithm. */
function scattered(share: number, seed = 5): (level: number) => number {
  const normal = noise(seed)
  return (level) => level * Math.exp(share * normal())
}

testDetector(exploding, {
  healthy: lossesOf(noisyFall(100)),
  fault: lossesOf([31.6, 65.7, 868, 3e6, 2.6e21, 1.3e33]),
  poison: [seenSample(Number.NaN), seenSample(Infinity), seenSample(-Infinity)],
})

describe('exploding', () => {
  for (const { name, values } of HEALTHY_CURVES) {
    test(`does not fire on ${name}`, () => expect(storyOf(exploding, lossesOf(values))).toEqual([]))
  }

  test('fires on growth beyond ten times the level, at the third rise in a row', () => {
    const values = [...curve(50, () => 2), 30, 40, 50]
    expect(storyOf(exploding, lossesOf(values))).toEqual(['raise 52'])
    expect(findingsIn(exploding, lossesOf(values))).toMatchObject([
      { severity: 'critical', rule: 'exploding', facts: { risesInARow: 3 }, at: { value: 50 } },
    ])
  })

  test('tells in how many values a float32 overflows: the geometric extrapolation is the sooner one', () => {
    const [found] = findingsIn(exploding, lossesOf([2, 31.6, 65.7, 868, 3e6]))
    expect(found).toMatchObject({ at: { value: 868 }, facts: { samplesToOverflow: 7 } })
  })

  test('one value of a hundred times the level is a spike, though two small rises came before', () => {
    expect(storyOf(exploding, lossesOf([...curve(50, () => 2), 2.01, 2.02, 500, 2, 2]))).toEqual([])
  })

  test('fires on a loss that stays a hundred times above its level without rising', () => {
    const values = [2.3, ...curve(20, (index) => (index % 2 === 0 ? 1e9 : 1e8))]
    expect(storyOf(exploding, lossesOf(values))).toEqual(['raise 5'])
  })

  test('fires on a NaN-free growth of a few percent a step, however long it takes', () => {
    const values = [...curve(100, () => 1), ...curve(200, (index) => 1.02 ** index)]
    expect(storyOf(exploding, lossesOf(values))).toEqual([expect.stringMatching(/^raise 2\d\d$/)])
  })

  test('fires on growth in a noisy curve', () => {
    const grown = noisyFall(400).map((value, index) => value * Math.max(1, 1.3 ** (index - 300)))
    expect(storyOf(exploding, lossesOf(grown))).toEqual([expect.stringMatching(/^raise 3\d\d$/)])
  })

  test('fires on the explosion of a loss that was near zero', () => {
    const values = [...curve(100, (index) => 2 * 0.9 ** index), 0.5, 2, 8, 40]
    expect(storyOf(exploding, lossesOf(values))).toEqual([expect.stringMatching(/^raise 10\d$/)])
  })

  test('fires on the explosion of a loss that was negative', () => {
    expect(storyOf(exploding, lossesOf([...curve(100, () => -5), 5, 50, 500]))).toEqual(['raise 102'])
  })

  test('fires on an explosion in the very first steps', () => {
    expect(storyOf(exploding, lossesOf([2.32, 331, 1.12e5, 6.69e12, 1.98e14]))).toEqual(['raise 3'])
  })

  test('fires once, and again only after a recovery', () => {
    const calm = curve(50, () => 2)
    const burst = [30, 60, 90, 120, 150]
    const values = [...calm, ...burst, ...calm, ...burst]
    expect(storyOf(exploding, lossesOf(values))).toEqual(['raise 52', 'clear 64', 'raise 107'])
  })

  test('a value that jumps and falls again is no sustained growth', () => {
    expect(storyOf(exploding, lossesOf([...curve(50, () => 2), 1000, 900, 1000, 900, 2, 2]))).toEqual([])
  })

  test('growth to less than ten times is none of its business', () => {
    expect(storyOf(exploding, lossesOf([...curve(50, () => 2), 4, 6, 8, 10, 12, 14, 16]))).toEqual([])
  })

  test('the level of before the growth is the measure: growth does not carry it along', () => {
    const slow = curve(100, (index) => 2 * 1.05 ** index)
    const findings = findingsIn(exploding, lossesOf([...curve(50, () => 2), ...slow]))
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({ facts: { level: expect.toSatisfy((level: number) => level < 2.6) } })
  })

  test('says nothing of rises within the noise of the curve, however many times the level they are', () => {
    const normal = noise(31)
    const wild = curve(3000, () => Math.exp(1.2 * normal()))
    const risen = wild.filter((value, index) => index > 2 && value > 10 && wild[index - 1]! > wild[index - 2]!)
    expect(risen.length).toBeGreaterThan(10)
    expect(storyOf(exploding, lossesOf(wild))).toEqual([])
  })

  test('says nothing below what the loss has come back from', () => {
    const normal = noise(32)
    const hump = [40, 45, 42, 30, 12]
    const calm = (count: number) => curve(count, () => 2 * (1 + 0.05 * normal()))
    const values = [...calm(10), ...hump, ...calm(60), 20, 30, 40, ...calm(60), 30, 90, 180]
    expect(storyOf(exploding, lossesOf(values))).toEqual([`raise ${values.length - 1}`])
  })

  test('a loss that needs hundreds of values to grow, and not by each of them, is none of its business', () => {
    const normal = noise(33)
    const grown = curve(1500, (index) => Math.exp(Math.max(0, (index - 300) / 200)) * Math.exp(0.3 * normal()))
    expect(storyOf(exploding, lossesOf(grown))).toEqual([])
  })

  test('fires on the explosion of a loss that has grown for long', () => {
    const normal = noise(34)
    const grown = curve(1000, (index) => Math.exp(index / 200) * Math.exp(0.2 * normal()))
    const values = [...grown, 2e4, 3e5, 1e8]
    expect(storyOf(exploding, lossesOf(values))).toEqual([expect.stringMatching(/^raise 100[12]$/)])
  })

  test('of a signed loss the distance counts in spreads: noise around zero is no explosion', () => {
    const normal = noise(35)
    const policy = curve(3000, () => 0.01 * normal() * Math.exp(normal()))
    expect(storyOf(exploding, lossesOf(policy))).toEqual([])
  })

  test('is a warning where the target of the loss moves, and critical beyond hope', () => {
    const values = [...curve(50, () => 2), 30, 60, 90, 1e6, 1e11]
    const moving = lossesOf(values).map((one) => ({ ...one, hasMovingTarget: true }))
    expect(findingsIn(exploding, moving)).toMatchObject([
      { severity: 'warning', at: { step: 52 } },
      { severity: 'critical', at: { step: 54 } },
    ])
  })

  test('a state that was saved before it knew the noise goes on', () => {
    let state = exploding.start()
    for (const one of lossesOf(noisyFall(200))) state = exploding.step(state, one, exploding.defaults).state
    const { noise: _, ...old } = state
    state = old
    const found = lossesOf([30, 60, 900, 9000]).flatMap((one) => {
      const outcome = exploding.step(state, one, exploding.defaults)
      state = outcome.state
      return outcome.findings
    })
    expect(found).toMatchObject([{ severity: 'critical' }])
  })

  test('a NaN within the growth changes nothing', () => {
    expect(storyOf(exploding, lossesOf([...curve(50, () => 2), 30, Number.NaN, 40, Infinity, 50]))).toEqual([
      'raise 54',
    ])
  })

  test('a job that begins again from nothing has not exploded', () => {
    const first = lossesOf(curve(200, (index) => 2.3 * 0.95 ** index))
    const again = [2.3, 2.31, 2.32, 2.33, 2.3, 2.2].map((value, step) =>
      seenSample(value, step === 0 ? { step, isBehind: true } : { step, attempt: 1 }),
    )
    expect(storyOf(exploding, [...first, ...again])).toEqual([])
  })

  test('a stray line of an earlier step is no rise', () => {
    const stray = seenSample(50, { step: 3, isBehind: true })
    expect(storyOf(exploding, [...lossesOf([...curve(50, () => 2), 30, 40]), stray])).toEqual([])
  })

  test('it is over when a job that was resumed is calm', () => {
    const burst = lossesOf([...curve(50, () => 2), 30, 60, 90])
    const resumed = curve(20, () => 2).map((value, step) => seenSample(value, { step, attempt: 1 }))
    expect(storyOf(exploding, [...burst, ...resumed])).toEqual(['raise 52', 'clear 10'])
  })

  test('it watches losses of the whole objective and nothing else', () => {
    expect(exploding.watches('sample', 'loss', 'train_loss')).toBe(true)
    expect(exploding.watches('sample', 'eval_loss', 'val_loss')).toBe(true)
    expect(exploding.watches('sample', 'grad_norm', 'grad_norm')).toBe(false)
    expect(exploding.watches('batch', 'nanwatch/cross_entropy', 'other')).toBe(false)
  })

  describe('of a loss alone, whose target may move', () => {
    test('is a warning at most where it grows with what is gained, up and down', () => {
      for (let seed = 1; seed <= 40; seed++) {
        const around = scattered(0.6, seed)
        const values = curve(600, (index) => around(50 * 300 ** (1 / (1 + Math.exp((300 - index) / 15)))))
        expect(severitiesOf(values), `seed ${seed}`).not.toContain('critical')
      }
    })

    test('is a warning at most where rewards come once in a while', () => {
      for (let seed = 1; seed <= 40; seed++) {
        const around = scattered(0.7, seed)
        const values = curve(400, (index) => around(index > 100 && index % 9 < 4 ? 900 : 0.004))
        expect(severitiesOf(values), `seed ${seed}`).not.toContain('critical')
      }
    })

    test('is a warning at most where it begins at 0 and follows a divergence', () => {
      const around = scattered(0.15)
      expect(severitiesOf(curve(200, (index) => around(1e-8 * (index + 1) ** 2)))).not.toContain('critical')
      expect(severitiesOf([0, ...curve(200, (index) => around(0.05 * (index + 1) ** 2))])).not.toContain('critical')
    })

    test('is a warning at most where it grows by a constant amount, as the loss of an actor does', () => {
      const around = scattered(0.01)
      expect(severitiesOf(curve(300, (index) => around(0.05 + 0.4 * index)))).not.toContain('critical')
    })

    test('is a warning below zero, and critical far beyond its first values', () => {
      const normal = noise(9)
      const policy = curve(100, () => 0.02 * normal())
      expect(severitiesOf([...policy, 1, 3, 9, 27])).toEqual(['warning'])
      expect(severitiesOf([...policy, 1, 3, 9, 27, 1e4, 1e7])).toEqual(['warning', 'critical'])
    })

    test('gets worse once it has risen farther than it ever fell', () => {
      const around = scattered(0.2)
      const noisy = curve(100, () => around(1))
      expect(severitiesOf([...noisy, 10, 20, 40])).toEqual(['warning'])
      expect(severitiesOf([...noisy, 10, 20, 40, 400, 4000, 1e6])).toEqual(['warning', 'critical'])
    })
  })

  test('three rises among the first few values are noise, a fourth is a warning: the loss may fall again', () => {
    expect(severitiesOf([0.1287, 0.1786, 0.5688, 1.6159, 0.9385, 1.4318])).toEqual([])
    expect(severitiesOf([0.1017, 0.7656, 1.0746, 1.3276, 0.1781, 0.9102, 0.1979])).toEqual([])
    expect(severitiesOf([0.1287, 0.1786, 0.5688, 1.6159, 6.1, 3.4])).toEqual(['warning'])
  })

  describe('beside a policy', () => {
    const ofPolicy = (values: readonly number[]) =>
      findingsIn(
        exploding,
        lossesOf(values).map((one) => ({ ...one, hasMovingTarget: true, hasPolicy: true })),
      ).flatMap((found) => (found.kind === 'raise' ? [found.severity] : []))
    const around = scattered(0.2)
    const divergence = curve(200, (index) => around(index === 0 ? 0 : 2e-6 * index ** 2))

    test('a loss that begins at 0 and follows the divergence from the reference does not explode', () => {
      expect(ofPolicy(divergence)).toEqual([])
      expect(ofPolicy([-0.0008, 0.0012, -0.0004, 0.002, 0.007, 0.019, 0.034, 0.051])).toEqual([])
      expect(ofPolicy([0.0005, 0.0004, 0.0001, 0.0008, 18.6, 6.2, 3.1, 3.1, 6.2, 9.3, 6.2])).toEqual([])
    })

    test('a loss that goes far beyond anything it has shown does', () => {
      expect(ofPolicy([...divergence, 0.9, 14, 230, 4100])).toContain('warning')
      expect(ofPolicy([0, 0.0001, 0.0002, 0.4, 35, 2800])).toContain('warning')
      expect(ofPolicy([...curve(50, () => around(12)), 300, 900, 2700])).toContain('warning')
    })
  })

  test('a mean that begins at 0 and comes to the level of the loss does not explode', () => {
    for (const share of [0.9, 0.98, 0.995]) {
      for (let seed = 1; seed <= 20; seed++) {
        const around = scattered(0.1, seed)
        const mean = smoothed(
          curve(600, () => around(2.3)),
          share,
        )
        expect(storyOf(exploding, lossesOf(mean)), `${share}, seed ${seed}`).toEqual([])
      }
    }
  })

  test('tells of no overflow where the loss is small or has shown no level', () => {
    const facts = (values: readonly number[]) =>
      findingsIn(exploding, lossesOf(values)).flatMap((found) => (found.kind === 'raise' ? [found.facts] : []))
    expect(facts([0, 0.0001, 0.0002, 0.4, 35, 2800])).toMatchObject([{ samplesToOverflow: null }])
    expect(facts([...curve(50, () => 0.001), 0.1, 0.3, 0.9])).toMatchObject([{ samplesToOverflow: null }])
    expect(facts([...curve(50, () => 2), 30, 40, 50])).toMatchObject([{ samplesToOverflow: expect.any(Number) }])
  })

  test('a quiet loss that goes to a few times that of the untrained model is critical', () => {
    expect(severitiesOf([1.38, 1.39, 1.48, 3.84, 8.58, 6.57, 7.78, 9.25, 9.36, 8.16, 12.2, 15.8, 17.7])).toEqual([
      'critical',
    ])
  })

  test('a single value a hundred thousand times up is critical in a quiet loss, and a spike in a noisy one', () => {
    const jumps = (share: number) => {
      const around = scattered(share)
      return severitiesOf(curve(200, (index) => around(index === 150 ? 1e6 : 2)))
    }
    expect(jumps(0.02)).toEqual(['critical'])
    expect(jumps(0.4)).toEqual([])
  })
})
