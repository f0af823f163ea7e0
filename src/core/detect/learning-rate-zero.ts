import type { Finite } from '../../protocol/value.ts'
import type { Detector } from './detector.ts'
import { followedLoss } from './followed-loss.ts'
import { type RuleFinding, raised, unchanged } from './rule.ts'
import { percent } from './threshold-wording.ts'
import {
  DRIFT_SHARE,
  EXACT_DECIMALS,
  fallsAllTheSame,
  fewestDecimals,
  foldCourse,
  NO_COURSE,
  ROUNDED_SAMPLES,
  SHOWN_SHARE,
  SURE_Z,
  stillSeverity,
  TELLING_DECIMALS,
  type WholeCourse,
} from './whole-course.ts'

type LearningRateZeroParams = {
  /** How many records with a learning rate there must be, and how many with a loss. */
  readonly leastSamples: number
  /** Between minus and plus so many standard deviations of the rank test the loss does not move. */
  readonly stillZ: number
}

interface LearningRateZeroFacts {
  readonly rate: string
  readonly zeros: number
  readonly losses: number
  readonly isRounded: boolean
}

type LearningRateZeroState = {
  readonly attempt: number
  /** The loss that is followed: the first one that the file names. */
  readonly loss: string | null
  /** The learning rate that stood in the log first. */
  readonly rate: string | null
  /** The records with a learning rate. */
  readonly zeros: number
  readonly course: WholeCourse
  /** The fewest decimals of one of these zeros that may be a small number; null or absent where each is exact. */
  readonly zeroDecimals?: number | null
  /** Whether one was above 0, or the loss fell all the same: there is nothing more to find. */
  readonly isDone: boolean
  readonly firing: boolean
  /** While it fires: whether only as a note. */
  readonly isNoted?: boolean
}

const START: LearningRateZeroState = {
  attempt: 0,
  loss: null,
  rate: null,
  zeros: 0,
  course: NO_COURSE,
  isDone: false,
  firing: false,
}

/**
 * A learning rate that is 0 from the first record on, beside a loss that does not move.
 *
 * All learning rates of the file count: the group of a frozen part may well have
 * 0. A warm-up has its 0 once, and a schedule has it at its end. The loss may
 * drift with the order of the data. A log of few decimals rounds a small rate to
 * 0, so there the loss must show for longer that it does not fall, and is only
 * noted.
 */
export const learningRateZero: Detector<
  'learning-rate-zero',
  LearningRateZeroFacts,
  LearningRateZeroParams,
  LearningRateZeroState
> = {
  name: 'learning-rate-zero',
  version: 1,
  defaults: { leastSamples: 12, stillZ: 2 },
  needs: ['samples'],
  leastValues: ({ leastSamples }) => leastSamples,
  leastRounded: ROUNDED_SAMPLES,
  compares: ['learning_rate', 'train_loss'],
  failureSign: { weight: 55 },
  document: {
    about: 'the learning rate is 0 from the beginning, and the loss does not move',
    watches: 'learning rates and training losses of one file',
    fires: ({ leastSamples, stillZ }) =>
      `at ${leastSamples} records whose learning rates are all exactly 0, from the first one on, while the rank test of \`no-progress\` over the losses gives |z| < ${stillZ}, or their last third is less than ${percent(DRIFT_SHARE)} from the first; where the log writes 0 with fewer than ${EXACT_DECIMALS} decimals (0.0000), at ${ROUNDED_SAMPLES} losses with |z| < ${stillZ}, where the target of the loss does not move or its last third is less than ${percent(SHOWN_SHARE)} from the first with two standard errors added; called off when a rate is above 0, or the loss falls with z < −${SURE_Z} and by ${percent(DRIFT_SHARE)}`,
    severity: ({ leastSamples }) =>
      `warning; info where the log writes 0 with fewer than ${TELLING_DECIMALS} decimals, and of ${TELLING_DECIMALS} from ${leastSamples} quiet losses on`,
  },

  headline: (_at, { rate }) => `${rate} has been 0 since the run began.`,

  watches: (kind) => kind === 'record',

  start: () => START,

  calm: (state, { attempt }) => (attempt === state.attempt && state.isDone && !state.firing ? state : null),

  step(saved, seen, params) {
    if (seen.kind !== 'record' || seen.isBehind) return unchanged(saved)
    const { attempt } = seen.at
    const state =
      attempt === saved.attempt ? saved : { ...START, attempt, firing: saved.firing, isNoted: saved.isNoted ?? false }
    if (state.isDone && !state.firing) return unchanged(state)

    const rates = seen.samples.filter(({ role }) => role === 'learning_rate')
    // Most logs have no learning rate: of their losses nothing is kept.
    if (rates.length === 0 && state.rate === null) return unchanged(state)
    const loss = followedLoss(seen, state.loss)
    const next = {
      ...state,
      loss: loss?.metric ?? state.loss,
      rate: state.rate ?? rates[0]?.metric ?? null,
      zeros: state.zeros + (rates.length > 0 ? 1 : 0),
      zeroDecimals: fewestDecimals(state.zeroDecimals, seen.zeroDecimals.learning_rate),
      isDone: state.isDone || rates.some(({ value }) => value !== 0),
    }
    return loss === null ? unchanged(next) : judged(next, loss.value, params, seen.hasMovingTarget !== true)
  },
}

function judged(
  before: LearningRateZeroState,
  loss: Finite,
  { leastSamples, stillZ }: LearningRateZeroParams,
  shouldFall: boolean,
) {
  const course = before.isDone ? NO_COURSE : foldCourse(before.course, loss)
  const state = { ...before, course }
  if (state.isDone) return over(state, 'It has been above 0 since: it was a warm-up.')
  if (course.count < leastSamples || state.zeros < leastSamples) return unchanged(state)
  const { rate, zeros, zeroDecimals = null } = state
  if (fallsAllTheSame(course, zeroDecimals))
    return over({ ...state, isDone: true }, 'The loss falls all the same: it cannot be 0.')
  if (rate === null || (state.firing && state.isNoted !== true)) return unchanged(state)
  const severity = stillSeverity(course, stillZ, zeroDecimals, TELLING_DECIMALS, shouldFall)
  if (severity === null || (state.firing && severity === 'info')) return unchanged(state)
  const facts = { rate, zeros, losses: course.count, isRounded: zeroDecimals !== null }
  return raised({ ...state, firing: true, isNoted: severity === 'info' }, severity, facts)
}

/** There is nothing to find any more: what was found was harmless. */
function over(state: LearningRateZeroState, calledOff: string) {
  const done = { ...state, course: NO_COURSE, firing: false }
  const findings: readonly RuleFinding<never>[] = [{ kind: 'clear', calledOff }]
  return state.firing ? { state: done, findings } : unchanged(done)
}
