import { describe, expect, test } from 'vitest'
import type { Alert } from '../../src/protocol/alert.ts'
import { curve, noise } from '../core/detect/noise.ts'
import { WatchedRun } from '../core/pipeline/watched-run.ts'
import { DOUBTFUL_KINDS, FAULTY_KINDS, HEALTHY_KINDS, type MadeKind, madeLog, SIZES } from './made-runs.ts'

/** Runs of each kind, by their length: the long ones take long. */
const RUNS: Readonly<Record<number, number>> = { 20: 50, 60: 50, 300: 15, 1000: 5 }
/** The rules that need no hundred points; the other rules have tests of their own. */
const SHORT_RULES = ['worse-than-start', 'no-progress', 'learning-rate-zero', 'bad-gradient']

/** What people see of a run of this kind at its end. */
function alertsOf(kind: MadeKind, count: number, seed: number): readonly Alert[] {
  const run = new WatchedRun().read('train.log', madeLog(kind, count, seed))
  return run.alerts.filter(({ partOf }) => partOf === null)
}

/** The share of runs of this kind for which something holds. */
function shareOf(kind: MadeKind, count: number, holds: (alerts: readonly Alert[]) => boolean): number {
  const seeds = Array.from({ length: RUNS[count]! }, (_, at) => at + 1)
  return seeds.filter((seed) => holds(alertsOf(kind, count, seed))).length / seeds.length
}

/** The rules behind the alerts that are not info, the signs of each among them. */
function warningsIn(alerts: readonly Alert[]): readonly string[] {
  return alerts
    .filter(({ severity }) => severity !== 'info')
    .flatMap(({ rule, signs }) => [rule, ...signs.map((sign) => sign.rule)])
}

function isStandingAs(rules: readonly string[]) {
  return (alerts: readonly Alert[]) => {
    const standing = alerts.filter(({ state, severity }) => state === 'firing' && severity !== 'info')
    return warningsIn(standing).some((rule) => rules.includes(rule))
  }
}

describe('made runs', () => {
  for (const kind of HEALTHY_KINDS) {
    for (const count of SIZES) {
      test(`${kind}, ${count} points: no rule for short runs warns, and nothing is critical`, () => {
        const isWarned = (alerts: readonly Alert[]) => warningsIn(alerts).some((rule) => SHORT_RULES.includes(rule))
        const isCritical = (alerts: readonly Alert[]) => alerts.some(({ severity }) => severity === 'critical')
        expect(shareOf(kind, count, isWarned)).toBeLessThanOrEqual(0.02)
        expect(shareOf(kind, count, isCritical)).toBe(0)
      })
    }
  }

  for (const kind of ['healthy', 'schedule ends at 0', 'frozen group', 'calibrates its loss scale'] as const) {
    for (const count of SIZES.filter((size) => size <= 300)) {
      test(`${kind}, ${count} points: healthy, whatever the rule`, () => {
        expect(shareOf(kind, count, (alerts) => warningsIn(alerts).length > 0)).toBeLessThanOrEqual(0.02)
      })
    }
  }

  const told: Readonly<Record<(typeof FAULTY_KINDS)[number], readonly string[]>> = {
    hot: ['worse-than-start', 'exploding'],
    'slowly hot': ['worse-than-start', 'exploding'],
    'zero rate': ['learning-rate-zero'],
    overflow: ['bad-gradient', 'worse-than-start'],
    underflow: ['bad-gradient'],
    'over-fit': ['overfit'],
  }
  for (const kind of FAULTY_KINDS) {
    for (const count of SIZES) {
      test(`${kind}, ${count} points: warned of at the end by ${told[kind].join(' or ')}`, () => {
        expect(shareOf(kind, count, isStandingAs(told[kind]))).toBeGreaterThanOrEqual(0.98)
      })
    }
  }

  for (const kind of DOUBTFUL_KINDS) {
    test(`${kind}: noted in long logs and warned of in no short one, for a run that had converged looks the same`, () => {
      expect(shareOf(kind, 300, (alerts) => alerts.some(({ rule }) => rule === 'no-progress'))).toBe(1)
      for (const count of [20, 60, 300])
        expect(shareOf(kind, count, (alerts) => warningsIn(alerts).length > 0)).toBeLessThanOrEqual(0.04)
    })
  }

  test('where a gradient overflows the loss is among the signs of what stands at the end', () => {
    const hasLoss = (alerts: readonly Alert[]) =>
      alerts.some(
        ({ state, metric, signs }) =>
          state === 'firing' && [metric, ...signs.map((one) => one.metric)].includes('loss'),
      )
    for (const count of SIZES) expect(shareOf('overflow', count, hasLoss)).toBe(1)
  })

  const zeros = [
    { what: 'a learning rate, six decimals', beside: 'lr=0.000000', found: ['learning-rate-zero warning'] },
    { what: 'a learning rate, four decimals', beside: 'lr=0.0000', found: ['learning-rate-zero info'] },
    { what: 'a gradient norm, six decimals', beside: 'grad_norm=0.000000', found: ['bad-gradient warning'] },
    { what: 'a gradient norm, three decimals', beside: 'norm 0.000', found: ['bad-gradient info'] },
  ]
  for (const { what, beside, found } of zeros) {
    test(`zeros of ${what}, beside a noisy loss that does not fall`, () => {
      const normal = noise(5)
      const lines = curve(200, () => 2.1 * (1 + 0.2 * normal())).map(
        (loss, step) => `step ${step} loss ${loss.toFixed(4)} ${beside}\n`,
      )
      const { alerts } = new WatchedRun().read('train.log', lines.join(''))
      expect(alerts.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(found)
    })
  }

  test('how a log is cut into reads changes nothing', () => {
    for (const kind of FAULTY_KINDS) {
      const log = madeLog(kind, 60, 3)
      const parts = new WatchedRun()
      for (let bytes = 500; bytes < log.length + 500; bytes += 500) parts.read('train.log', log.slice(0, bytes))
      expect(parts.alerts).toEqual(new WatchedRun().read('train.log', log).alerts)
    }
  })
})
