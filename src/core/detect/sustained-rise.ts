import type { Detector } from './detector.ts'
import { foldLevel, type Level, lossAt, NO_LEVEL, positionIn, typical } from './level.ts'
import { perAttempt } from './per-attempt.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { grouped, powerOfTen, times } from './threshold-wording.ts'
import { saysValue } from './wording.ts'

type SustainedRiseParams = {
  readonly warmupSamples: number
  /** In a log that writes few of its steps, so many steps and a share of the samples are a warm-up too. */
  readonly warmupSteps: number
  /** The mean number of values between two false alarms, at least, of a loss that is on average no worse than its best. */
  readonly runLength: number
  /** How far above its best a loss may stand, as a ratio. */
  readonly margin: number
  /** How many times its best the level must stand at, to be a run that comes undone. */
  readonly criticalRatio: number
  /** How many values of a level back within the margin end the incident. */
  readonly recoverySamples: number
}

interface SustainedRiseFacts {
  readonly best: number
  readonly level: number
}

type SustainedRiseState = {
  readonly attempt: number
  readonly level: Level
  /** The lowest level so far, in the domain of the level; null before the warm-up is over. */
  readonly best: number | null
  /** The e-process of each bet: how much its owner would have won against "no worse than its best". */
  readonly wealth: readonly number[]
  readonly firing: 'warning' | 'critical' | null
  readonly calmInARow: number
}

/** How much of its wealth each bet stakes: bold ones see a big rise soon, careful ones a small one at all. */
const BETS = [0.5, 1, 1.5, 1.9]
/** A rise by half a unit of the logarithm beyond the margin wins a bet whole. */
const WIDTH = 0.5
/** In noise of many spreads a rise within half a spread is none, and of a loss around zero, within a whole one. */
const MARGIN_SPREADS = 0.5
const SIGNED_MARGIN_SPREADS = 1
/** Of the samples of a warm-up one in so many is enough after all of its steps. */
const SPARSE_WARMUP = 5
const LARGEST_WEALTH = 1e12

const NOTHING_WON: readonly number[] = BETS.map(() => 0)
const START: SustainedRiseState = {
  attempt: 0,
  level: NO_LEVEL,
  best: null,
  wealth: NOTHING_WON,
  firing: null,
  calmInARow: 0,
}

/**
 * A loss that stands above its best level for good: a Shiryaev–Roberts e-detector with bounded bets.
 *
 * As long as the loss is on average within the margin of its best, every bet
 * is fair or worse, whatever the noise and however it depends on its past. So
 * the mean of the wealths reaches `runLength` at most once in that many values
 * (Shin, Ramdas, Rinaldo: E-detectors, arXiv 2203.03532).
 */
export const sustainedRise: Detector<'sustained-rise', SustainedRiseFacts, SustainedRiseParams, SustainedRiseState> =
  perAttempt({
    name: 'sustained-rise',
    version: 1,
    defaults: {
      warmupSamples: 100,
      warmupSteps: 1000,
      runLength: 1e6,
      margin: 1.1,
      criticalRatio: 10,
      recoverySamples: 50,
    },
    needs: ['samples'],
    profiles: {
      quiet: { runLength: 1e7, margin: 1.2 },
      sensitive: { runLength: 1e5 },
    },
    failureSign: { weight: 30 },
    document: {
      about: 'a loss has risen above its best and stays there',
      watches: 'training losses',
      fires: ({ runLength, margin, warmupSamples, warmupSteps }) =>
        `when the mean of R_λ reaches ${powerOfTen(runLength)}, where R_λ ← (R_λ + 1)(1 + λ(x − ½)) for λ = ${BETS.join(', ')}, x = ½ + ½ clip((u − best − margin)/${WIDTH}, ±1), margin = max(ln ${margin}, s/${1 / MARGIN_SPREADS}) and best is the lowest m; after ${warmupSamples} values, or ${warmupSamples / SPARSE_WARMUP} and ${grouped(warmupSteps)} steps`,
      severity: ({ criticalRatio }) => `warning; critical when m stands at ${times(criticalRatio)} its best`,
    },

    headline: saysValue,

    roles: ['train_loss'],
    start: START,
    kept: ({ firing }) => ({ firing }),

    fold(state, { attempt, step, value }, params) {
      const { firing } = state
      const level = foldLevel(state.level, value)
      if (!isWarm(level.count, step, params)) return unchanged({ ...state, level })
      // Another domain: what was best in the old one says nothing.
      const isSameDomain = level.isSigned === state.level.isSigned
      const best = state.best === null || !isSameDomain ? level.mean : Math.min(state.best, level.mean)

      const above = positionIn(level, value) - best
      const margin = Math.max(
        Math.log(params.margin),
        (level.isSigned ? SIGNED_MARGIN_SPREADS : MARGIN_SPREADS) * level.spread,
      )
      const share = 0.5 + 0.5 * Math.max(-1, Math.min(1, (above - margin) / WIDTH))
      const wealth = firing === null ? won(state.wealth, share) : NOTHING_WON
      const risen = level.mean - best
      const isHigh = firing !== null || mean(wealth) >= params.runLength
      const critical = isHigh && risen >= Math.log(params.criticalRatio)

      if (isHigh && (firing === null || (critical && firing === 'warning'))) {
        const severity = critical ? ('critical' as const) : ('warning' as const)
        const next = { attempt, level, best, wealth: NOTHING_WON, firing: severity, calmInARow: 0 }
        return raised(next, severity, { best: lossAt(level, best), level: typical(level) })
      }
      if (firing === null) return unchanged({ attempt, level, best, wealth, firing, calmInARow: 0 })
      const calmInARow = risen <= margin ? state.calmInARow + 1 : 0
      if (calmInARow < params.recoverySamples) return unchanged({ attempt, level, best, wealth, firing, calmInARow })
      return cleared({ attempt, level, best, wealth: NOTHING_WON, firing: null, calmInARow: 0 })
    },
  })

function isWarm(count: number, step: number | null, { warmupSamples, warmupSteps }: SustainedRiseParams): boolean {
  return count >= warmupSamples || (step !== null && step >= warmupSteps && count >= warmupSamples / SPARSE_WARMUP)
}

function won(wealth: readonly number[], share: number): readonly number[] {
  // A list of known length takes a fifth of the memory of one that is pushed to.
  return [wonBy(0, wealth, share), wonBy(1, wealth, share), wonBy(2, wealth, share), wonBy(3, wealth, share)]
}

function wonBy(at: number, wealth: readonly number[], share: number): number {
  return Math.min((wealth[at]! + 1) * (1 + BETS[at]! * (share - 0.5)), LARGEST_WEALTH)
}

function mean(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
