import { bySeverity, type Severity } from '../../protocol/alert.ts'
import type { Finite } from '../../protocol/value.ts'
import { phaseOf } from '../records/fields.ts'
import type { Detector } from './detector.ts'
import { isPrecise, moreThanOwnRepeats } from './frozen.ts'
import { NEWEST_SAMPLES, standingOf, withNewest } from './own-level.ts'
import { perAttempt } from './per-attempt.ts'
import { calledOff, cleared, type RuleOutcome, raised, unchanged } from './rule.ts'
import { inWords, percent, powerOfTen } from './threshold-wording.ts'
import { short } from './wording.ts'

type ConstantRewardParams = {
  /** The fewest equal rewards in a row that are told. */
  readonly equalSamples: number
  /** The largest probability of that many, by the log's own rate of repeats. */
  readonly chance: number
  /** From how many on it is a warning where the reward has never been another. */
  readonly constantSamples: number
  /** The share of groups without spread from which on there is nothing to learn from. */
  readonly share: number
  /** How many values in a row end the incident. */
  readonly recoverySamples: number
}

interface ConstantRewardFacts {
  /** `never`: no reward was ever another; `stuck`: it was higher once; `groups`: all responses to a prompt are worth the same. */
  readonly sign: 'never' | 'stuck' | 'groups'
  readonly inARow: number
}

type ConstantRewardState = {
  readonly attempt: number
  readonly last: Finite | null
  readonly inARow: number
  readonly pairs: number
  readonly repeats: number
  readonly longest: number
  readonly best: number | null
  readonly worst: number | null
  readonly newest: readonly number[]
  readonly calmInARow: number
  readonly firing: Severity | null
}

const START: ConstantRewardState = {
  attempt: 0,
  last: null,
  inARow: 0,
  pairs: 0,
  repeats: 0,
  longest: 0,
  best: null,
  worst: null,
  newest: [],
  calmInARow: 0,
  firing: null,
}
/** A reward of few digits within this share of its range from the highest is as good as that. */
const NEARLY_SHARE = 0.05

type RewardOutcome = RuleOutcome<ConstantRewardState, ConstantRewardFacts>

/**
 * A reward that is always exactly the same, or the same for all responses to a prompt: there is nothing to learn from.
 *
 * A rare reward is 0 for many episodes before the first one, and a solved task
 * gives the highest reward each time: the first is noted for long, the second
 * is no failure.
 */
export const constantReward: Detector<
  'constant-reward',
  ConstantRewardFacts,
  ConstantRewardParams,
  ConstantRewardState
> = perAttempt({
  name: 'constant-reward',
  version: 1,
  defaults: { equalSamples: 20, chance: 1e-9, constantSamples: 60, share: 0.95, recoverySamples: 10 },
  needs: ['samples'],
  leastValues: ({ equalSamples }) => equalSamples,
  document: {
    about: 'the reward of a policy is always the same',
    watches: 'rewards and returns of training, shares of groups without spread',
    fires: ({ equalSamples, chance, share }) =>
      `at n equal values in a row that were never another, or stand below the highest, by ${percent(NEARLY_SHARE)} of their range where they have few digits: n ≥ ${equalSamples}, three times the longest row before, and pⁿ ≤ ${powerOfTen(chance)} by the log's own rate p of repeats; or when the median of the newest ${inWords(NEWEST_SAMPLES)} shares has been at ${percent(share)} for ${equalSamples - NEWEST_SAMPLES} values`,
    severity: ({ constantSamples }) =>
      `warning; info up to ${constantSamples} values where the reward was never another`,
  },

  headline({ metric, value }, { sign, inARow }) {
    if (sign === 'groups') return `${metric} is ${short(value)}: hardly a group of responses differs in its reward.`
    const before = sign === 'never' ? 'and was never anything else' : 'and had been higher'
    return `${metric} has been exactly ${short(value)} for ${inARow} values, ${before}.`
  },

  roles: ['reward', 'zero_std_share'],
  start: START,
  kept: ({ best, worst, pairs, repeats, longest, firing }) => ({ best, worst, pairs, repeats, longest, firing }),

  fold(saved, { attempt, metric, role, value }, params) {
    // A policy that is only evaluated does the same each time it meets the same.
    if (phaseOf(metric) === 'validation') return unchanged(saved)
    if (role === 'zero_std_share') return withShare({ ...saved, attempt }, value, params)
    return value === saved.last ? withEqual({ ...saved, attempt }, params) : withOther({ ...saved, attempt }, value)
  },
})

function withShare(saved: ConstantRewardState, value: Finite, params: ConstantRewardParams): RewardOutcome {
  const newest = withNewest(saved.newest, value)
  const standing = standingOf(newest)
  if (standing === null) return unchanged({ ...saved, newest })
  const isHigh = standing >= params.share
  if (saved.firing !== null) {
    const calmInARow = isHigh ? 0 : saved.calmInARow + 1
    if (calmInARow < params.recoverySamples) return unchanged({ ...saved, newest, calmInARow })
    return cleared({ ...saved, newest, inARow: 0, calmInARow: 0, firing: null })
  }
  const inARow = isHigh ? saved.inARow + 1 : 0
  if (inARow < params.equalSamples - NEWEST_SAMPLES) return unchanged({ ...saved, newest, inARow })
  return raised({ ...saved, newest, inARow, firing: 'warning' }, 'warning', { sign: 'groups', inARow })
}

function withEqual(saved: ConstantRewardState, params: ConstantRewardParams): RewardOutcome {
  const { pairs, firing } = saved
  const inARow = saved.inARow + 1
  const next = { ...saved, inARow }
  if (pairs > 0) {
    if (firing !== null || isSolved(saved) || inARow < moreThanOwnRepeats(saved, params)) return unchanged(next)
    return raised({ ...next, firing: 'warning' }, 'warning', { sign: 'stuck', inARow })
  }
  if (inARow < params.equalSamples) return unchanged(next)
  const severity = inARow < params.constantSamples ? 'info' : 'warning'
  if (firing !== null && bySeverity(severity, firing) >= 0) return unchanged(next)
  return raised({ ...next, firing: severity }, severity, { sign: 'never', inARow })
}

/** Whether the reward is as high as it ever was, or nearly so. */
function isSolved({ last, best, worst }: ConstantRewardState): boolean {
  if (last === null || best === null || worst === null) return false
  return last >= best - (isPrecise(last) ? 0 : NEARLY_SHARE * (best - worst))
}

function withOther(saved: ConstantRewardState, value: Finite): RewardOutcome {
  const { last, best, worst, inARow, firing } = saved
  const wasConstant = saved.pairs === 0 && firing !== null
  const next = {
    ...saved,
    last: value,
    inARow: 1,
    pairs: last === null ? 0 : saved.pairs + inARow,
    // A row that was an incident is no repeat of the log's own.
    repeats: saved.repeats + (firing === null && inARow > 1 ? inARow - 1 : 0),
    longest: Math.max(saved.longest, firing === null || wasConstant ? inARow : 0),
    best: Math.max(best ?? value, value),
    worst: Math.min(worst ?? value, value),
    firing: null,
  }
  if (firing === null) return unchanged(next)
  return wasConstant ? calledOff(next, 'The reward has changed.') : cleared(next)
}
