import { isFinite } from '../../protocol/value.ts'
import { usualChance } from './chance-plateau.ts'
import type { Detector, DetectorInput } from './detector.ts'
import { followedLoss } from './followed-loss.ts'
import { type RuleFinding, raised, unchanged } from './rule.ts'
import { percent } from './threshold-wording.ts'
import {
  FIRST_SIGMAS,
  fallOf,
  fellAtOnce,
  foldCourse,
  isFalling,
  isNewBlock,
  NO_COURSE,
  roseAtOnce,
  SURE_Z,
  trendZ,
  type WholeCourse,
} from './whole-course.ts'
import { saysValue, short } from './wording.ts'

type NoProgressParams = {
  /** How many losses there must be of one that hardly depends on the batch, as guessing does, at chance or where the schedule is over. */
  readonly leastSamples: number
  /** How many there must be of any other. */
  readonly noisySamples: number
  /** How many there must be for a warning of a loss at chance while the schedule goes on: learning may begin after a plateau. */
  readonly chanceSamples: number
  /** The largest standard deviation of a loss that depends little on the batch, as a share of its level. */
  readonly noise: number
  /** Above this many negative standard deviations of the rank test there is no fall. */
  readonly flatZ: number
  /** The smallest change that would matter, as a share of the level: a log whose noise could hide it says nothing. */
  readonly change: number
}

type SeenRecord = Extract<DetectorInput, { kind: 'record' }>

interface NoProgressFacts {
  readonly level: number
  readonly samples: number
  /** The largest change that the noise could hide, as a share of the level. */
  readonly hidden: number
  /** Null where no learning rate is logged. */
  readonly largestRate: number | null
  /** By what share of its first level it has surely risen; null where it stands still. */
  readonly risen: number | null
  /** The number of classes K whose ln K the level is, where the loss depends as little on the batch as guessing; else null. */
  readonly classes: number | null
}

type NoProgressState = {
  readonly attempt: number
  /** The loss that is followed: the first one that the file names. */
  readonly loss: string | null
  readonly largestRate: number
  /** The newest learning rate, and how many losses there were when it last rose above all before it. Older states lack them. */
  readonly rate?: number
  readonly risenAt?: number
  readonly course: WholeCourse
  /** Whether the loss has fallen: what comes after that is for other rules. */
  readonly hasFallen: boolean
  readonly firing: boolean
  /** While it fires: whether as a warning. */
  readonly isWarning?: boolean
}

/** Two standard errors: what a fall may be in truth. */
const ERRORS = 2
/** How near ln K a level must be, as a share of it. */
const CHANCE_TOLERANCE = 0.01
/** A schedule that has come down to this share of its largest learning rate is over. */
const SPENT_SHARE = 0.1
const FALLEN: RuleFinding<never> = { kind: 'clear', calledOff: 'It has fallen since.' }

const START: NoProgressState = {
  attempt: 0,
  loss: null,
  largestRate: 0,
  course: NO_COURSE,
  hasFallen: false,
  firing: false,
}

/**
 * A loss that has not fallen since the run began, where its noise is too small to hide a fall.
 *
 * A run that was resumed when it had converged, a fine-tune with little to
 * learn and a plateau before the learning starts look the same, so it is noted
 * and no more. So is one that surely rises, for a curriculum does too, unless its
 * target moves. A loss that stands at ln K and hardly depends on the batch is
 * that of guessing: it is warned of once the log is long or the schedule over.
 * While the learning rate rises nothing is said. A learning rate of 0 or a
 * gradient of 0 have rules of their own. Where no learning rate is logged the loss
 * alone is judged, unless its target moves: then it need not fall.
 */
export const noProgress: Detector<'no-progress', NoProgressFacts, NoProgressParams, NoProgressState> = {
  name: 'no-progress',
  version: 1,
  defaults: { leastSamples: 20, noisySamples: 60, chanceSamples: 100, noise: 0.02, flatZ: 1, change: 0.05 },
  needs: ['samples'],
  leastValues: ({ leastSamples }) => leastSamples,
  judgesCourse: true,
  compares: ['train_loss'],
  document: {
    about: 'a loss has not fallen since the run began, and no learning rate of 0 explains it',
    watches: 'training losses of one file, and learning rates beside them',
    fires: ({ leastSamples, noisySamples, noise, flatZ, change }) =>
      `when the rank test of Mann and Kendall over the means of 32 to 64 blocks (of one loss each at first) gives z > −${flatZ}, and the last third is less than ${percent(change)} below or above the first with ${ERRORS} standard errors added, or z ≥ ${SURE_Z} and the last third is ${percent(change)} above the first with ${ERRORS} standard errors taken off; not where the first loss stands ${FIRST_SIGMAS} spreads and ${percent(change)} above, nor while the learning rate rose for more than half of the run, and never again once z < −${SURE_Z}; after ${noisySamples} losses, or ${leastSamples} that deviate by ${percent(noise)} at most and stand within ${percent(CHANCE_TOLERANCE)} of ln K or whose learning rate is down to ${percent(SPENT_SHARE)} of its largest; in a file whose learning rates are not all 0, or that has none and no target that moves`,
    severity: ({ chanceSamples }) =>
      `info; warning at ln K (K as of \`chance-plateau\`), after ${chanceSamples} losses or once the learning rate is down`,
  },

  headline: (at, { risen }) =>
    risen === null
      ? saysValue(at)
      : `${at.metric} is ${short(at.value)}, and has risen by ${percent(roughly(risen))} since the run began.`,

  watches: (kind) => kind === 'record',

  start: () => START,

  calm: (state, { attempt }) => (attempt === state.attempt && state.hasFallen && !state.firing ? state : null),

  step(saved, seen, params) {
    if (seen.kind !== 'record' || seen.isBehind) return unchanged(saved)
    const { attempt } = seen.at
    const state = attempt === saved.attempt ? saved : { ...START, attempt, loss: saved.loss, firing: saved.firing }
    if (state.hasFallen && !state.firing) return unchanged(state)
    const withRate = afterRates(state, seen)
    const loss = followedLoss(seen, state.loss)
    if (loss === null) return unchanged(withRate)

    const course = foldCourse(state.course, loss.value)
    const next = { ...withRate, loss: loss.metric, course }
    if (course.count < params.leastSamples || !isNewBlock(course)) return unchanged(next)
    if (isFalling(course)) {
      const done = { ...next, course: NO_COURSE, hasFallen: true, firing: false }
      return state.firing ? { state: done, findings: [FALLEN] } : unchanged(done)
    }
    if (state.isWarning || isElsewhere(next, seen) || trendZ(course) <= -params.flatZ) return unchanged(next)
    if (hasRate(next) ? isWarmingUp(next) : seen.hasMovingTarget === true) return unchanged(next)
    const facts = (seen.hasMovingTarget === true ? null : rise(next, params)) ?? standstill(next, params)
    if (facts === null) return unchanged(next)
    const isLong = course.count >= (facts.classes === null ? params.noisySamples : params.chanceSamples)
    // A loss whose target moves may stand at ln 2 while all goes well.
    const isWarning = facts.classes !== null && seen.hasMovingTarget !== true && (isLong || isSpent(next))
    if (facts.classes === null && facts.risen === null && !isLong && !isSpent(next)) return unchanged(next)
    if (state.firing && !isWarning) return unchanged(next)
    return raised({ ...next, firing: true, isWarning }, isWarning ? 'warning' : 'info', facts)
  },
}

/** The state after the learning rates of a record, if it has any. */
function afterRates(state: NoProgressState, { samples }: SeenRecord): NoProgressState {
  const rates = samples.flatMap(({ role, value }) => (role === 'learning_rate' && isFinite(value) ? [value] : []))
  if (rates.length === 0) return state
  const rate = Math.max(...rates)
  return rate > state.largestRate
    ? { ...state, rate, largestRate: rate, risenAt: state.course.count }
    : { ...state, rate }
}

/** Whether another rule says more of it: `bad-gradient` of gradient norms of 0, `frozen` of a loss that is always the same. */
function isElsewhere({ course: { blocks } }: NoProgressState, { samples }: SeenRecord): boolean {
  const norms = samples.filter(({ role }) => role === 'grad_norm')
  return (norms.length > 0 && norms.every(({ value }) => value === 0)) || blocks.every((block) => block === blocks[0])
}

/** Whether the file has named a learning rate. */
function hasRate({ rate, largestRate }: Pick<NoProgressState, 'rate' | 'largestRate'>): boolean {
  return rate !== undefined || largestRate > 0
}

/** The largest learning rate that the file has named, or null. */
function largestOf(state: Pick<NoProgressState, 'rate' | 'largestRate'>): number | null {
  return hasRate(state) ? state.largestRate : null
}

/** Whether the learning rate rose during more than half of the course, or was never above 0. */
function isWarmingUp({ largestRate, risenAt = 0, course }: NoProgressState): boolean {
  return largestRate === 0 || 2 * risenAt > course.count
}

/** Whether the schedule has come to its end: what has not been learned will not be. */
function isSpent({ rate, largestRate }: NoProgressState): boolean {
  return rate !== undefined && rate <= SPENT_SHARE * largestRate
}

/** What there is to say of a loss whose blocks rise, with near certainty and by more than a change that matters; else null. */
function rise({ course, ...state }: NoProgressState, { change }: NoProgressParams): NoProgressFacts | null {
  if (trendZ(course) < SURE_Z) return null
  const fall = fallOf(course)
  if (fall === null || -fall.share - ERRORS * fall.error < change) return null
  return {
    level: fall.level,
    samples: course.count,
    hidden: 0,
    risen: -fall.share,
    largestRate: largestOf(state),
    classes: null,
  }
}

/** What there is to say of a loss whose blocks do not fall; null where it rises, a fall could be hidden, or one came before the blocks. */
function standstill(state: NoProgressState, params: NoProgressParams): NoProgressFacts | null {
  const { course } = state
  const fall = fallOf(course)
  if (fall === null) return null
  const error = ERRORS * fall.error
  const hidden = Math.abs(fall.share) + error
  if (hidden >= params.change || fall.share > error || fellAtOnce(fall, params.change)) return null
  if (roseAtOnce(fall, params.change)) return null
  const isLikeGuessing = fall.noise <= params.noise
  if (!isLikeGuessing && course.count < params.noisySamples) return null
  const chance = isLikeGuessing ? usualChance(fall.level, course.first, CHANCE_TOLERANCE) : null
  const classes = chance === null ? null : Math.round(Math.exp(chance))
  return {
    level: fall.level,
    samples: course.count,
    hidden,
    risen: null,
    largestRate: largestOf(state),
    classes,
  }
}

/** With two digits. */
function roughly(share: number): number {
  return Number(share.toPrecision(2))
}
