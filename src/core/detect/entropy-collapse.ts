import { bySeverity, type Severity } from '../../protocol/alert.ts'
import type { Detector } from './detector.ts'
import { NEWEST_SAMPLES, severityOfPolicy, standingOf, withNewest } from './own-level.ts'
import { perAttempt, type SampleContext } from './per-attempt.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { inWords, percent } from './threshold-wording.ts'
import { median } from './whole-course.ts'
import { short } from './wording.ts'

type EntropyCollapseParams = {
  /** The share of its first entropy below which a policy has collapsed. */
  readonly share: number
  /** For how many values at least it must stand there; half as long, too, as it fell from half of its first entropy. */
  readonly staysSamples: number
  /** How many values in a row above twice that share end the incident. */
  readonly recoverySamples: number
}

interface EntropyCollapseFacts {
  readonly startNats: number
  readonly entropyNats: number
  /** Whether the reward has risen and is as high as it ever was: what a solved task looks like. */
  readonly isGainAtBest: boolean
}

type EntropyCollapseState = {
  readonly attempt: number
  /** The first values, until they show the entropy that the policy began with. */
  readonly first: readonly number[]
  readonly newest: readonly number[]
  /** Whether an entropy below zero was met: that of a density, which has no floor at 0. */
  readonly isDifferential: boolean
  /** How many values in a row it has stood below half of its start. */
  readonly belowHalf: number
  /** How many of these it took to come down, and how many values it has been down. */
  readonly fell: number
  readonly low: number
  readonly count: number
  readonly isSudden: boolean
  readonly calmInARow: number
  readonly firing: Severity | null
}

const START: EntropyCollapseState = {
  attempt: 0,
  first: [],
  newest: [],
  isDifferential: false,
  belowHalf: 0,
  fell: 0,
  low: 0,
  count: 0,
  isSudden: false,
  calmInARow: 0,
  firing: null,
}
const FIRST_SAMPLES = 5
/** How long it must stand near 0, in the time that it took to fall there from half. */
const STAYS_SHARE = 0.5
/** A fall of fewer values, or over less of the run so far, is sudden: no policy learns so fast. */
const SUDDEN_SAMPLES = 40
const SUDDEN_SHARE = 0.33
/** A policy that begins nearly certain has nothing to lose. */
const SMALLEST_START_NATS = 0.01
const OVER = 2

/**
 * The entropy of a policy that falls to nearly nothing and stays there: it takes the same action nearly every time.
 *
 * The entropy of every policy falls as it learns, and one that sinks over the
 * whole run is healthy. So it must have stood near 0 for half as long as it took
 * to come down from half of its start. The entropy of a density (of continuous
 * actions) goes on below 0 and means nothing there.
 */
export const entropyCollapse: Detector<
  'entropy-collapse',
  EntropyCollapseFacts,
  EntropyCollapseParams,
  EntropyCollapseState
> = perAttempt({
  name: 'entropy-collapse',
  version: 1,
  defaults: { share: 0.05, staysSamples: 12, recoverySamples: 10 },
  needs: ['samples'],
  leastValues: ({ staysSamples }) => NEWEST_SAMPLES + staysSamples,
  document: {
    about: 'the entropy of a policy has fallen to nearly 0 and stays there',
    watches: 'entropies of a policy',
    fires: ({ share, staysSamples }) =>
      `when the median of the newest ${inWords(NEWEST_SAMPLES)} values has been below ${percent(share)} of its start, the second highest of the first ${inWords(FIRST_SAMPLES)}, for ${staysSamples} values, and for half as many as it took to fall there from half of its start; not of an entropy that goes below 0, and not where it began below ${SMALLEST_START_NATS} nats`,
    severity: () =>
      `warning; info where no other metric of the file shows that a policy learns, or the reward has risen and is at its best and the fall took more than ${SUDDEN_SAMPLES} values and ${percent(SUDDEN_SHARE)} of the run`,
  },

  headline: ({ metric }, { entropyNats, startNats }) =>
    `${metric} has collapsed to ${short(entropyNats)} nats, ${percent(Number((entropyNats / startNats).toPrecision(2)))} of the ${short(startNats)} that it began with.`,

  roles: ['entropy'],
  start: START,
  kept: ({ first, isDifferential, count, isSudden, firing }) => ({ first, isDifferential, count, isSudden, firing }),

  fold(saved, { attempt, metric, value }, params, about) {
    const first = saved.first.length < FIRST_SAMPLES ? [...saved.first, value] : saved.first
    // A loss of the entropy is its negative, as Stable-Baselines3 logs it.
    const sign = median(first) < 0 && isNegated(metric) ? -1 : 1
    const startNats = startOf(first.map((one) => sign * one))
    const newest = withNewest(saved.newest, sign * value)
    const isDifferential =
      saved.isDifferential || (first.length === FIRST_SAMPLES && sign * value < -params.share * Math.abs(startNats))
    const next = { ...saved, attempt, first, newest, isDifferential, count: saved.count + 1 }
    const entropyNats = standingOf(newest)
    if (entropyNats === null) return unchanged(next)
    const severity = severityOf(next, about)
    const facts = { startNats, entropyNats: Math.max(0, entropyNats), isGainAtBest: about.isGainAtBest ?? false }
    if (saved.firing !== null) {
      const isBack = isDifferential || entropyNats > OVER * params.share * startNats
      const calmInARow = isBack ? saved.calmInARow + 1 : 0
      if (calmInARow >= params.recoverySamples)
        return cleared({ ...next, belowHalf: 0, fell: 0, low: 0, calmInARow: 0, firing: null })
      if (isBack || bySeverity(severity, saved.firing) >= 0) return unchanged({ ...next, calmInARow })
      return raised({ ...next, calmInARow, firing: severity }, severity, facts)
    }
    if (isDifferential || startNats < SMALLEST_START_NATS) return unchanged(next)

    const belowHalf = entropyNats < startNats / 2 ? saved.belowHalf + 1 : 0
    const low = entropyNats <= params.share * startNats ? saved.low + 1 : 0
    const fell = low === 1 ? belowHalf : saved.fell
    const isSudden = low === 1 ? fell < Math.max(SUDDEN_SAMPLES, SUDDEN_SHARE * next.count) : saved.isSudden
    const isLong = low >= Math.max(params.staysSamples, STAYS_SHARE * fell)
    if (!isLong) return unchanged({ ...next, belowHalf, fell, isSudden, low })
    return raised({ ...next, belowHalf, fell, isSudden, low, firing: severity }, severity, facts)
  },
})

/** Slowly, and with a reward at its best, a policy becomes certain where it has found what to do. */
function severityOf({ isSudden }: EntropyCollapseState, about: SampleContext): Severity {
  return about.isGainAtBest === true && !isSudden ? 'info' : severityOfPolicy(about)
}

/** The second highest of the first values: one of them may be an outlier, and it may fall from the first on. */
function startOf(first: readonly number[]): number {
  const [highest = 0, second = highest] = first.toSorted((a, b) => b - a)
  return second
}

function isNegated(metric: string): boolean {
  return /loss|neg/i.test(metric)
}
