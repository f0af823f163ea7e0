import { type Finite, isFinite, type MetricValue } from '../../protocol/value.ts'
import type { Detector } from './detector.ts'
import { perAttempt } from './per-attempt.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { foldCourse, isNewBlock, median, NO_COURSE, type WholeCourse } from './whole-course.ts'
import { saysValue } from './wording.ts'

type OverfitParams = {
  /** Evaluations before anything is said. */
  readonly warmupEvaluations: number
  /** Prechelt's generalisation loss: how far above its lowest value the loss must be, in per cent. */
  readonly percent: number
  /** For how many evaluations in a row it must be so. */
  readonly evaluations: number
}

interface OverfitFacts {
  readonly best: number
  readonly bestStep: number | null
  readonly inARow: number
}

type OverfitState = {
  readonly attempt: number
  readonly best: number
  readonly bestStep: number | null
  readonly firing: boolean
  readonly course?: WholeCourse
  /** Of a part of a loss: how many parts its record has, and the lowest sum of them. */
  readonly parts?: { readonly count: number; readonly lowestSum: number }
  /** The newest value. States that were saved before it was kept lack it, as they lack the next. */
  readonly last?: Finite
  /** The step of the second evaluation; that of the first, as long as it is the only one. */
  readonly secondStep?: number | null
  /** The epochs of the newest value and of the best one; not there where the log has none beside its steps. */
  readonly epoch?: number
  readonly bestEpoch?: number
  /** The learning rates beside the evaluations; not there where their records have none. */
  readonly rates?: RatesBeside
  /** How many values there were, and how many of the newest were high: all that an earlier version kept of the course. */
  readonly count?: number
  readonly inARow?: number
}

type RatesBeside = {
  readonly highest: number
  readonly last: number
  /** Whether the last had come down to half of the highest before it. */
  readonly isDown: boolean
  /**
   * That of the best evaluation, or of the one before it, for some jobs write the rate that comes next; null where neither
   * had come down.
   */
  readonly atBest: number | null
}

/** A rate at so many times that of the best evaluation begins a new cycle, where it had come down before. */
const RESTART = 2

/** The lowest of n levels of noise alone lies √(2 ln n) standard deviations below them: so many more are a rise. */
const BEYOND_SIGMAS = 1.5
/** Noise that lasts for a few levels shows in the bends over three of them, once there are many. */
const LASTING = 3
const LASTING_FROM = 32
/** The noise of the newest levels counts where it is the larger one. */
const NEWEST = 18
/** MAD to σ of a normal distribution. The variance of a bend, which is a second difference, is six times that of a value. */
const SIGMA_OF_BEND = 1.4826 / Math.sqrt(6)

const START: OverfitState = { attempt: 0, best: 0, bestStep: null, firing: false }

/**
 * A validation loss that rises again: it is some per cent above its best for several evaluations in a row.
 *
 * The lowest of many noisy values is the luckiest one. So levels are compared, each the mean of a 64th to a 32nd of the
 * run once it has 64 values, and they must be farther above the best one than their noise explains. A steady rise is no
 * noise, so that is taken from second differences.
 *
 * One part of a loss may rise while the others fall by more, so the sum of the parts must have risen too. Where they
 * have records of their own, as in an event file, there is no sum, and one that rises is noted only.
 */
export const overfit: Detector<'overfit', OverfitFacts, OverfitParams, OverfitState> = perAttempt({
  name: 'overfit',
  version: 1,
  defaults: { warmupEvaluations: 4, percent: 10, evaluations: 5 },
  needs: ['samples'],
  leastValues: ({ warmupEvaluations, evaluations }) => Math.max(warmupEvaluations, evaluations) + 1,
  judgesCourse: true,
  document: {
    about: 'a validation loss has turned and rises',
    watches: 'validation losses',
    fires: ({ percent, evaluations }) =>
      `Prechelt's GL = 100 (L / best − 1) > ${percent} for ${evaluations} evaluations in a row, and √(2 ln n) + ${BEYOND_SIGMAS} standard deviations of their noise above the best of n of them; a value that is exactly the one before is no evaluation, and where the steps or epochs go back to before the best one all begins anew; above 64 values each is the mean of a 64th to a 32nd of the run; not while the learning rate of its record, which had come down to half by the best evaluation, stands at ${RESTART} times what it was there; the training loss is not compared; of a part of a loss the sum of the parts in its record must have risen as far`,
    severity: () => 'warning; info for a part of a loss where other parts have records of their own',
  },

  headline: saysValue,

  roles: ['val_loss'],
  start: START,
  // A job that goes on from a checkpoint keeps the lowest loss that it has had before it.
  kept: ({ attempt: _, ...saved }, { step }) => (isBehindBest(saved, step) ? { firing: saved.firing } : saved),

  fold(saved, { attempt, step, value }, { warmupEvaluations, evaluations, percent }, about) {
    const { epoch, isPart = false, hasOtherParts = false, otherLosses = [], learningRate } = about
    // Steps that begin again with each epoch do not show where a training does.
    const state = isEpochBehindBest(saved, epoch) ? { ...START, firing: saved.firing } : saved
    // The same value again is none that was computed: the log repeats the last one beside each training loss.
    if (value === state.last) return unchanged({ ...state, attempt })
    const course = foldCourse(state.course ?? courseBefore(state, value), value)
    const { firing } = state
    const secondStep = course.count <= 2 ? step : (state.secondStep ?? null)
    const isOfParts = isPart && otherLosses.length > 0
    const sum = otherLosses.reduce((sum: number, other) => sum + other, value)
    const parts = isOfParts ? partsAfter(state.parts, otherLosses.length + 1, sum) : undefined
    const isBest = course.count === 1 || value <= state.best
    const rates = ratesAfter(state.rates, learningRate, isBest)
    const now = {
      ...state,
      attempt,
      course,
      last: value,
      secondStep,
      ...(epoch === undefined ? {} : { epoch }),
      ...(parts === undefined ? {} : { parts }),
      ...(rates === undefined ? {} : { rates }),
    }
    if (isBest) {
      const next = {
        ...now,
        ...(epoch === undefined ? {} : { bestEpoch: epoch }),
        best: value,
        bestStep: step,
        firing: false,
      }
      return firing ? cleared(next) : unchanged(next)
    }
    if (firing || course.count <= warmupEvaluations || !isNewBlock(course)) return unchanged(now)
    if (!haveRisen(course.blocks, evaluations, percent)) return unchanged(now)
    if (parts !== undefined && sum <= parts.lowestSum * (1 + percent / 100)) return unchanged(now)
    if (isRestarted(rates, learningRate)) return unchanged(now)
    const { best, bestStep } = state
    const severity = isPart && hasOtherParts && !isOfParts ? 'info' : 'warning'
    return raised({ ...now, firing: true }, severity, { best, bestStep, inARow: evaluations * course.blockSamples })
  },
})

/**
 * Whether a new attempt, of which this is the second step, goes back to before the best value, or to the beginning, as the
 * next of several trainings in one log does.
 */
function isBehindBest({ bestStep, secondStep = null }: Omit<OverfitState, 'attempt'>, step: number | null): boolean {
  return step !== null && ((bestStep !== null && step <= bestStep) || (secondStep !== null && step <= secondStep))
}

/** The same of an epoch, in any record. */
function isEpochBehindBest({ epoch: last, bestEpoch }: OverfitState, epoch: number | undefined): boolean {
  return epoch !== undefined && last !== undefined && bestEpoch !== undefined && epoch < last && epoch <= bestEpoch
}

/** The learning rates after one more evaluation. */
function ratesAfter(
  before: RatesBeside | undefined,
  rate: MetricValue | undefined,
  isBest: boolean,
): RatesBeside | undefined {
  if (rate === undefined || !isFinite(rate)) return before
  const highest = Math.max(before?.highest ?? 0, rate)
  const isDown = rate * RESTART <= highest
  const now = { highest, last: rate, isDown }
  if (before !== undefined && !isBest) return { ...now, atBest: before.atBest }
  const down = [...(isDown ? [rate] : []), ...(before?.isDown === true ? [before.last] : [])]
  return { ...now, atBest: down.length === 0 ? null : Math.min(...down) }
}

/** Whether the learning rate begins anew, as with warm restarts: the loss rises with it and falls back within the cycle. */
function isRestarted(rates: RatesBeside | undefined, rate: MetricValue | undefined): boolean {
  if (rates === undefined || rates.atBest === null || rate === undefined || !isFinite(rate)) return false
  return rate > 0 && rate >= RESTART * rates.atBest
}

/** The lowest sum of the parts after one more record. Of other parts than before it begins anew. */
function partsAfter(before: OverfitState['parts'], count: number, sum: number): NonNullable<OverfitState['parts']> {
  const lowestSum = before?.count === count ? Math.min(before.lowestSum, sum) : sum
  return { count, lowestSum }
}

/** What is known of the course in a state of an earlier version: its best value, and how often it was as high as now. */
function courseBefore({ count = 0, best, inARow = 0 }: OverfitState, value: number): WholeCourse {
  const values = count === 0 ? [] : [best, ...Array.from({ length: inARow }, () => value)]
  return values.reduce((course, one) => foldCourse(course, one as Finite), NO_COURSE)
}

/** Whether the newest levels are all so many per cent above the best one, and farther than by noise. */
function haveRisen(levels: readonly number[], inARow: number, percent: number): boolean {
  const best = Math.min(...levels)
  const newest = Math.min(...levels.slice(-inARow))
  // A ratio is meaningless for a loss that may be negative.
  if (best <= 0 || levels.length <= inARow || newest <= best * (1 + percent / 100)) return false
  const sigma = Math.max(
    noiseOf(levels, 1),
    noiseOf(levels.slice(-NEWEST), 1),
    levels.length < LASTING_FROM ? 0 : noiseOf(levels, LASTING),
  )
  return newest > best + sigma * (Math.sqrt(2 * Math.log(levels.length)) + BEYOND_SIGMAS)
}

/** The standard deviation of levels around their course, by their bends over so many of them. */
function noiseOf(levels: readonly number[], over: number): number {
  const bends = levels.slice(2 * over).map((level, at) => Math.abs(level - 2 * levels[at + over]! + levels[at]!))
  return bends.length === 0 ? 0 : median(bends) * SIGMA_OF_BEND
}
