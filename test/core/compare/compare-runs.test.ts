import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { baselineAlert } from '../../../src/core/compare/baseline-alert.ts'
import { compareRuns } from '../../../src/core/compare/compare-runs.ts'
import type { RunCurves } from '../../../src/core/compare/metric-curve.ts'
import type { DetectorSettings } from '../../../src/core/detect/settings.ts'
import { encodeJson } from '../../../src/protocol/json.ts'
import { noise } from '../detect/noise.ts'
import { runOf, runOfFiles, stepped } from './runs.ts'

/** A loss that falls from 2.3 to 0.3, with noise of a tenth. */
function falling(count: number, seed: number, factor: (share: number) => number = () => 1): number[] {
  const normal = noise(seed)
  return Array.from({ length: count }, (_, i) => {
    const share = i / count
    return (0.3 + 2 * Math.exp(-5 * share)) * Math.exp(0.1 * normal()) * factor(share)
  })
}

function lossRun(name: string, values: readonly number[], every = 1): RunCurves {
  return runOf(name, { loss: stepped(values, every) })
}

function alertOf(candidate: RunCurves, baselines: readonly RunCurves[], detectors: DetectorSettings = {}) {
  return baselineAlert(candidate.run, compareRuns(candidate, baselines).compared, { detectors }, '2026-01-01T00:00:00Z')
}

const GOOD = lossRun('good', falling(300, 1))
const LATER = (share: number) => (share < 0.5 ? 1 : 1.6)

describe('a run beside its baseline', () => {
  test('is not told where only the seed is another, for a hundred seeds and four lengths', () => {
    for (const count of [20, 60, 300, 1000]) {
      const told = Array.from({ length: 100 }, (_, seed) =>
        alertOf(lossRun('run', falling(count, 2 * seed + 10)), [lossRun('good', falling(count, 2 * seed + 11))]),
      )
      expect(told.filter((alert) => alert !== null)).toEqual([])
    }
  })

  test('is told where it stays above it, with how far, and since when', () => {
    const alert = alertOf(lossRun('run', falling(300, 2, LATER)), [GOOD])
    expect(alert).toMatchObject({
      rule: 'worse-than-baseline',
      severity: 'warning',
      state: 'firing',
      step: 299,
      file: 'train.log',
      offset: 2990,
    })
    expect(alert?.headline).toMatch(
      /^step 299: loss stands at 0\.\d+, 0\.\d+ above the baseline good \(0\.\d+\), [\d.]+ times its spread, since step 1[45]\d\.$/,
    )
    expect(alert?.cause?.evidence).toContainEqual({ name: 'pairs', value: 300 })
  })

  test('is not told where it is better, or was worse and came back', () => {
    expect(
      alertOf(
        lossRun(
          'run',
          falling(300, 2, () => 0.5),
        ),
        [GOOD],
      ),
    ).toBeNull()
    expect(
      alertOf(
        lossRun(
          'run',
          falling(300, 2, (share) => (share < 0.7 ? 2 : 1)),
        ),
        [GOOD],
      ),
    ).toBeNull()
  })

  test('is not told for a few bad batches at its end', () => {
    const values = falling(300, 2)
    for (let i = 290; i < 300; i++) values[i] = 50
    expect(alertOf(lossRun('run', values), [GOOD])).toBeNull()
  })

  test('is not told for a difference that does not matter, however sure it is', () => {
    const smooth = (factor: number) => Array.from({ length: 300 }, (_, i) => factor * (1 + 1 / (1 + i)))
    expect(alertOf(lossRun('run', smooth(1.05)), [lossRun('good', smooth(1))])).toBeNull()
    expect(alertOf(lossRun('run', smooth(1.15)), [lossRun('good', smooth(1))])).not.toBeNull()
  })

  test('is not told for being a tenth late, and is for learning at a quarter of the pace', () => {
    const at = (pace: number, seed: number) => {
      const normal = noise(seed)
      return Array.from({ length: 200 }, (_, i) => 5 * Math.exp((-pace * i) / 60) * Math.exp(0.02 * normal()))
    }
    expect(alertOf(lossRun('run', at(0.9, 2)), [lossRun('good', at(1, 1))])).toBeNull()
    expect(alertOf(lossRun('run', at(0.25, 2)), [lossRun('good', at(1, 1))])).not.toBeNull()
  })

  test('is compared at the same steps, whatever the intervals of the two logs', () => {
    const dense = lossRun('good', falling(3000, 1), 1)
    const sparse = (seed: number, factor?: (share: number) => number) => lossRun('run', falling(60, seed, factor), 50)
    expect(alertOf(sparse(2), [dense])).toBeNull()
    expect(alertOf(sparse(2, LATER), [dense])).not.toBeNull()
    expect(alertOf(lossRun('run', falling(3000, 2, LATER)), [sparse(1)])).not.toBeNull()
    expect(alertOf(lossRun('run', falling(3000, 2)), [sparse(1)])).toBeNull()
  })

  test('is compared as far as both go', () => {
    const short = lossRun('run', falling(300, 2, LATER).slice(0, 140))
    expect(compareRuns(short, [GOOD]).compared).toMatchObject([{ contrast: { place: 139, pairs: 140 } }])
    expect(alertOf(short, [GOOD])).toBeNull()
    expect(alertOf(lossRun('run', falling(300, 2, LATER).slice(0, 230)), [GOOD])).not.toBeNull()
    const beyond = lossRun('run', [...falling(300, 2), ...falling(300, 3, () => 9)])
    expect(alertOf(beyond, [GOOD])).toBeNull()
  })

  test('is compared by what is finite in either', () => {
    const holes = (values: readonly number[]) => values.map((value, i) => (i % 3 === 0 ? Number.NaN : value))
    expect(alertOf(lossRun('run', holes(falling(300, 2))), [lossRun('good', holes(falling(300, 1)))])).toBeNull()
    const ended = falling(300, 2).map((value, i) => (i > 200 ? Number.NaN : value))
    expect(compareRuns(lossRun('run', ended), [GOOD]).compared[0]?.contrast.place).toBe(200)
    expect(compareRuns(GOOD, [lossRun('dead', ended)]).compared[0]?.contrast.place).toBe(200)
  })

  test('has its thresholds in the settings, and false switches it off', () => {
    const run = lossRun('run', falling(300, 2, LATER))
    expect(alertOf(run, [GOOD], { 'worse-than-baseline': { ratio: 3 } })).toBeNull()
    expect(alertOf(run, [GOOD], { 'worse-than-baseline': false })).toBeNull()
    const overrides = [{ metric: 'loss', detectors: { 'worse-than-baseline': false } }] as const
    const { compared } = compareRuns(run, [GOOD])
    expect(baselineAlert('run', compared, { detectors: {}, overrides }, 'now')).toBeNull()
  })
})

describe('a short run', () => {
  const COUNTS = [12, 13, 14, 15, 16, 18, 20, 24, 30, 35]
  const shaped = (name: string, count: number, seed: number, shape: (share: number) => number) => {
    const normal = noise(seed)
    const values = Array.from({ length: count }, (_, i) => shape(i / (count - 1)) * Math.exp(0.003 * normal()))
    return runOf(name, { val_loss: stepped(values) })
  }
  const early = (share: number) => 0.5 + 1.8 * Math.exp(-4 * share)
  const steady = (share: number) => 2.3 - 1.4 * share
  const late = (share: number) => 2.3 - 1.4 * share ** 2
  const toldOf = (count: number, good: (share: number) => number, run: (share: number) => number, baselines: number) =>
    alertOf(
      shaped('run', count, 9, run),
      Array.from({ length: baselines }, (_, i) => shaped(`good${i}`, count, i + 1, good)),
    ) !== null

  const worse = [
    { name: 'learns nothing beside one that learns steadily', good: steady, run: () => 2.3 },
    { name: 'learns nothing beside one that learns late', good: late, run: () => 2.3 },
    { name: 'learns nothing beside one that learns at once', good: early, run: () => 2.3 },
    {
      name: 'stands at 1.5 times its baseline from the middle on',
      good: early,
      run: (share: number) => early(share) * (share > 0.5 ? 1.5 : 1),
    },
    {
      name: 'rises from the middle on',
      good: steady,
      run: (share: number) => (share < 0.5 ? steady(share) : 1.1 + share),
    },
  ]
  for (const { name, good, run } of worse) {
    test(`that ${name} is told, from 12 values on`, () => {
      for (const baselines of [1, 3]) {
        expect(COUNTS.filter((count) => !toldOf(count, good, run, baselines))).toEqual([])
      }
    })
  }

  for (const [name, good] of Object.entries({ early, steady, late })) {
    test(`that is as good as its baseline, or a little late, is not told: ${name}`, () => {
      for (const baselines of [1, 3]) {
        expect(COUNTS.filter((count) => toldOf(count, good, good, baselines))).toEqual([])
        expect(COUNTS.filter((count) => toldOf(count, good, (share) => good(0.85 * share), baselines))).toEqual([])
      }
    })
  }

  test('is not told for noise of a tenth, for a hundred seeds', () => {
    for (const count of COUNTS) {
      const told = Array.from({ length: 100 }, (_, seed) =>
        alertOf(lossRun('run', falling(count, 2 * seed + 10)), [lossRun('good', falling(count, 2 * seed + 11))]),
      )
      expect(told.filter((alert) => alert !== null)).toEqual([])
    }
  })
})

describe('several baselines', () => {
  const normal = noise(77)
  const smooth = (factor: number, seed: number) => {
    const of = noise(seed)
    return Array.from({ length: 200 }, (_, i) => factor * (1 + 3 * Math.exp(-i / 20)) * Math.exp(0.01 * of()))
  }

  test('show how far such runs lie apart: less than one alone needs is told', () => {
    const baselines = [1, 2, 3].map((seed) => lossRun(`good${seed}`, smooth(1 + 0.002 * normal(), seed)))
    const run = lossRun('run', smooth(1.07, 9))
    expect(alertOf(run, baselines)?.headline).toMatch(/above the 3 baselines \([\d.]+\), [\d.]+ times their spread/)
    expect(alertOf(run, baselines.slice(0, 1))).toBeNull()
  })

  test('that lie far apart explain what one alone would not', () => {
    const baselines = [1, 1.3, 1.6].map((factor, i) => lossRun(`good${i}`, smooth(factor, i)))
    const run = lossRun('run', smooth(1.75, 9))
    expect(alertOf(run, baselines)).toBeNull()
    expect(alertOf(run, baselines.slice(0, 1))).not.toBeNull()
  })

  test('that end early are left out, and that is said', () => {
    const short = lossRun('short', falling(300, 5).slice(0, 100))
    const { compared, notCompared } = compareRuns(lossRun('run', falling(300, 2)), [GOOD, short])
    expect(compared).toMatchObject([{ contrast: { baselines: ['good'], pairs: 300 } }])
    expect(notCompared).toEqual([
      { baseline: 'short', metric: 'loss', reason: 'it ends at step 99, and other baselines go on' },
    ])
  })
})

describe('what is compared', () => {
  const values = stepped(falling(60, 1))

  test('is the training loss and the validation loss, each with its like', () => {
    const run = runOf('run', { loss: values, val_loss: values, acc: values, box_loss: values })
    expect(compareRuns(run, [run]).compared.map(({ curve }) => curve.metric)).toEqual(['loss', 'val_loss'])
  })

  test('is of the file that says most of it, with the file of the baseline that counts as it does', () => {
    const stepless = values.map(({ value }) => ({ step: null, value }))
    const run = runOfFiles('run', {
      'checkpoint-30/state.json': { loss: values.slice(0, 30) },
      'checkpoint-60/state.json': { loss: values },
      'state.json': { loss: values },
      'stdout.log': { loss: [...stepless, ...stepless] },
    })
    const { compared } = compareRuns(run, [run])
    expect(compared).toMatchObject([{ curve: { file: 'state.json' }, contrast: { pairs: 60, place: 59 } }])
    const counted = runOfFiles('good', { 'stdout.log': { loss: stepless }, 'metrics.csv': { loss: values } })
    expect(compareRuns(runOf('run', { loss: stepless }), [counted]).compared).toHaveLength(1)
  })

  test('is a loss of another name where each run has but one', () => {
    const compared = (other: Parameters<typeof runOf>[1]) =>
      compareRuns(runOf('run', { loss: values }), [runOf('good', other)]).compared.length
    expect(compared({ 'train/loss': values })).toBe(1)
    expect(compared({ 'train/loss': values, lm_loss: values })).toBe(0)
    expect(compared({ val_loss: values })).toBe(0)
  })

  test('is a part of a loss, or else an accuracy, where there is nothing else', () => {
    const parts = runOf('run', { box_loss: values, acc: values })
    expect(compareRuns(parts, [parts]).compared.map(({ curve }) => curve.metric)).toEqual(['box_loss'])
    const accuracy = (level: number, seed: number) => {
      const normal = noise(seed)
      return runOf('run', { acc: stepped(Array.from({ length: 60 }, () => level + normal())) })
    }
    expect(alertOf(accuracy(70, 1), [accuracy(90, 2)])?.headline).toMatch(
      /acc stands at [67]\d.*, [12]\d.* below the baseline/,
    )
    expect(alertOf(accuracy(90, 1), [accuracy(70, 2)])).toBeNull()
    expect(alertOf(accuracy(90, 1), [accuracy(90, 2)])).toBeNull()
  })

  test('is no loss of two opponents, and none of reinforcement learning', () => {
    const gan = runOf('run', { loss: values, d_loss: values, g_loss: values })
    const learner = runOf('run', { loss: values, 'rollout/ep_rew_mean': values })
    for (const run of [gan, learner]) {
      expect(compareRuns(run, [run])).toMatchObject({
        compared: [],
        notCompared: [{ reason: expect.stringContaining('do not say') }],
      })
    }
  })

  const refused = [
    {
      name: 'no loss',
      run: runOf('run', { lr: values }),
      good: GOOD,
      says: 'no loss and no accuracy is logged by both',
    },
    {
      name: 'a baseline without one',
      run: GOOD,
      good: runOf('good', { lr: values }),
      says: 'no loss and no accuracy was read of it',
    },
    {
      name: 'no step in common',
      run: runOf('run', { loss: values.map(({ step, value }) => ({ step: step! + 1000, value })) }),
      good: GOOD,
      says: 'the steps do not overlap: steps 1000 to 1059 of the run and steps 0 to 299 of the baseline',
    },
    {
      name: 'a baseline that counts epochs',
      run: lossRun('run', falling(5000, 1)),
      good: lossRun('good', falling(20, 1)),
      says: 'the steps hardly overlap: steps 0 to 4999 of the run and steps 0 to 19 of the baseline',
    },
    {
      name: 'steps in one of the two only',
      run: runOf('run', { loss: values.map(({ value }) => ({ step: null, value })) }),
      good: GOOD,
      says: 'only the baseline counts steps',
    },
    {
      name: 'too few values',
      run: lossRun('run', falling(11, 1)),
      good: lossRun('good', falling(11, 2)),
      says: '11 values in common, and 12 are needed',
    },
  ]
  for (const { name, run, good, says } of refused) {
    test(`is nothing with ${name}, and that is said`, () => {
      const { compared, notCompared } = compareRuns(run, [good])
      expect(compared).toEqual([])
      expect(notCompared.map(({ reason }) => reason)).toEqual([says])
    })
  }
})

test('whatever the logs hold, the comparison is finite and can be written as JSON', () => {
  const number = fc.oneof(
    fc.double({ noNaN: false }),
    fc.constantFrom(0, -1, 1e-320, 1e308, -1e308, Number.NaN, Infinity),
    fc.double({ min: 0.1, max: 3, noNaN: true }),
  )
  const logged = fc.record({ step: fc.option(fc.nat(200), { nil: null, freq: 20 }), value: number })
  const run = fc.array(logged, { maxLength: 60 })
  fc.assert(
    fc.property(run, run, run, (one, other, third) => {
      const baselines = [runOf('b', { loss: other }), runOf('c', { loss: third })]
      const { compared } = compareRuns(runOf('a', { loss: one }), baselines)
      for (const { contrast } of compared) {
        for (const value of Object.values(contrast))
          if (typeof value === 'number') expect(value).toSatisfy(Number.isFinite)
      }
      expect(() => encodeJson(baselineAlert('a', compared, { detectors: {} }, 'now'))).not.toThrow()
    }),
    { numRuns: 300 },
  )
})
