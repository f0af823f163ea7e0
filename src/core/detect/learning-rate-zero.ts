import type { Finite } from '../../protocol/value.ts'
import type { Detector } from './detector.ts'
import { followedLoss } from './followed-loss.ts'
import { type RuleFinding, raised, unchanged } from './rule.ts'
import { percent } from './threshold-wording.ts'
import {
  DRIFT_SHARE,
  foldCourse,
  isFalling,
  isLearning,
  isStill,
  NO_COURSE,
  ROUNDED_SAMPLES,
  SHOWN_SHARE,
  SURE_Z,
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
  /** Whether one of these zeros may be a small number that the log has rounded. */
  readonly isRounded: boolean
  /** Whether one was above 0, or the loss fell all the same: there is nothing more to find. */
  readonly isDone: boolean
  readonly firing: boolean
}

const START: LearningRateZeroState = {
  attempt: 0,
  loss: null,
  rate: null,
  zeros: 0,
  course: NO_COURSE,
  isRounded: false,
  isDone: false,
  firing: false,
}

/**
 * A learning rate that is 0 from the first record on, beside a loss that does not move.
 *
 * All learning rates of the file count: the group of a frozen part may well have
 * 0. A warm-up has its 0 once, and a schedule has it at its end. The loss may
 * drift with the order of the data. A log of few decimals rounds a small rate to
 * 0, so there the loss must show for longer that it does not fall.
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
      `at ${leastSamples} records whose learning rates are all exactly 0, from the first one on, while the rank test of \`no-progress\` over the losses gives |z| < ${stillZ}, or their last third is less than ${percent(DRIFT_SHARE)} from the first; where the log writes 0 with decimals (0.0000), at ${ROUNDED_SAMPLES} losses with |z| < ${stillZ} whose last third is less than ${percent(SHOWN_SHARE)} from the first with two standard errors added; called off when a rate is above 0, or the loss falls with z < −${SURE_Z} and by ${percent(DRIFT_SHARE)}`,
    severity: () => 'warning',
  },

  headline: (_at, { rate }) => `${rate} has been 0 since the run began.`,

  watches: (kind) => kind === 'record',

  start: () => START,

  step(saved, seen, params) {
    if (seen.kind !== 'record' || seen.isBehind) return unchanged(saved)
    const { attempt } = seen.at
    const state = attempt === saved.attempt ? saved : { ...START, attempt, firing: saved.firing }
    if (state.isDone && !state.firing) return unchanged(state)

    const rates = seen.samples.filter(({ role }) => role === 'learning_rate')
    const loss = followedLoss(seen, state.loss)
    const next = {
      ...state,
      loss: loss?.metric ?? state.loss,
      rate: state.rate ?? rates[0]?.metric ?? null,
      zeros: state.zeros + (rates.length > 0 ? 1 : 0),
      isRounded: state.isRounded || (rates.length > 0 && seen.isRounded),
      isDone: state.isDone || rates.some(({ value }) => value !== 0),
    }
    return loss === null ? unchanged(next) : judged(next, loss.value, params)
  },
}

function judged(before: LearningRateZeroState, loss: Finite, { leastSamples, stillZ }: LearningRateZeroParams) {
  const course = before.isDone ? NO_COURSE : foldCourse(before.course, loss)
  const state = { ...before, course }
  if (state.isDone) return over(state, 'It has been above 0 since: it was a warm-up.')
  if (course.count < leastSamples || state.zeros < leastSamples) return unchanged(state)
  const { rate, zeros, isRounded } = state
  const learns = isRounded ? isFalling(course) : isLearning(course)
  if (learns) return over({ ...state, isDone: true }, 'The loss falls all the same: it cannot be 0.')
  if (state.firing || rate === null || !isStill(course, stillZ, isRounded)) return unchanged(state)
  const facts = { rate, zeros, losses: course.count, isRounded }
  return raised({ ...state, firing: true }, 'warning', facts)
}

/** There is nothing to find any more: what was found was harmless. */
function over(state: LearningRateZeroState, calledOff: string) {
  const done = { ...state, course: NO_COURSE, firing: false }
  const findings: readonly RuleFinding<never>[] = [{ kind: 'clear', calledOff }]
  return state.firing ? { state: done, findings } : unchanged(done)
}
