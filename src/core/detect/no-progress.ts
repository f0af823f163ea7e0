import { isFinite } from '../../protocol/value.ts'
import type { Detector } from './detector.ts'
import { followedLoss } from './followed-loss.ts'
import { type RuleFinding, raised, unchanged } from './rule.ts'
import { percent } from './threshold-wording.ts'
import {
  fallOf,
  foldCourse,
  isFalling,
  isNewBlock,
  NO_COURSE,
  SURE_Z,
  trendZ,
  type WholeCourse,
} from './whole-course.ts'
import { saysValue } from './wording.ts'

type NoProgressParams = {
  /** How many losses there must be before anything is said. */
  readonly leastSamples: number
  /** Above this many negative standard deviations of the rank test there is no fall. */
  readonly flatZ: number
  /** The smallest change that would matter, as a share of the level: a log whose noise could hide it says nothing. */
  readonly change: number
}

interface NoProgressFacts {
  readonly level: number
  readonly samples: number
  /** The largest change that the noise could hide, as a share of the level. */
  readonly hidden: number
  readonly largestRate: number
}

type NoProgressState = {
  readonly attempt: number
  /** The loss that is followed: the first one that the file names. */
  readonly loss: string | null
  readonly largestRate: number
  readonly course: WholeCourse
  /** Whether the loss has fallen: what comes after that is for other rules. */
  readonly hasFallen: boolean
  readonly firing: boolean
}

/** Two standard errors: what a fall may be in truth. */
const ERRORS = 2
/** By how many standard deviations the first value may stand above the others: a loss may have fallen before its second one. */
const FIRST_SIGMAS = 3
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
 * A loss that has not fallen since the run began, at a learning rate above 0, where its noise is too small to hide a fall.
 *
 * A run that was resumed when it had converged, a fine-tune with little to
 * learn and a plateau before the learning starts look the same, so it is noted
 * and no more. What makes it certain is a learning rate of 0 or a gradient of
 * 0, which have rules of their own. A log of losses alone may be of anything.
 */
export const noProgress: Detector<'no-progress', NoProgressFacts, NoProgressParams, NoProgressState> = {
  name: 'no-progress',
  version: 1,
  defaults: { leastSamples: 60, flatZ: 1, change: 0.05 },
  needs: ['samples'],
  leastValues: ({ leastSamples }) => leastSamples,
  judgesCourse: true,
  compares: ['learning_rate', 'train_loss'],
  document: {
    about: 'a loss has not fallen since the run began, at a learning rate above 0',
    watches: 'learning rates and training losses of one file',
    fires: ({ leastSamples, flatZ, change }) =>
      `when the rank test of Mann and Kendall over the means of 32 to 64 blocks (of one loss each at first) gives z > −${flatZ}, and the last third is less than ${percent(change)} below or above the first with ${ERRORS} standard errors added; not where the first loss stands ${FIRST_SIGMAS} spreads and ${percent(change)} above, and never again once z < −${SURE_Z}; after ${leastSamples} losses, in a file with a learning rate above 0`,
    severity: () => 'info',
  },

  headline: saysValue,

  watches: (kind) => kind === 'record',

  start: () => START,

  step(saved, seen, params) {
    if (seen.kind !== 'record' || seen.isBehind) return unchanged(saved)
    const { attempt } = seen.at
    const state = attempt === saved.attempt ? saved : { ...START, attempt, loss: saved.loss, firing: saved.firing }
    if (state.hasFallen && !state.firing) return unchanged(state)
    const rates = seen.samples.flatMap(({ role, value }) =>
      role === 'learning_rate' && isFinite(value) ? [value] : [],
    )
    const largestRate = Math.max(state.largestRate, ...rates)
    const loss = followedLoss(seen, state.loss)
    if (loss === null) return unchanged({ ...state, largestRate })

    const course = foldCourse(state.course, loss.value)
    const next = { ...state, loss: loss.metric, largestRate, course }
    if (course.count < params.leastSamples || !isNewBlock(course)) return unchanged(next)
    if (isFalling(course)) {
      const done = { ...next, course: NO_COURSE, hasFallen: true, firing: false }
      return state.firing ? { state: done, findings: [FALLEN] } : unchanged(done)
    }
    const facts = state.firing || largestRate === 0 || trendZ(course) <= -params.flatZ ? null : standstill(next, params)
    return facts === null ? unchanged(next) : raised({ ...next, firing: true }, 'info', facts)
  },
}

/** What there is to say of a loss whose blocks do not fall; null where it rises, a fall could be hidden, or one came before the blocks. */
function standstill({ course, largestRate }: NoProgressState, { change }: NoProgressParams): NoProgressFacts | null {
  const fall = fallOf(course)
  if (fall === null) return null
  const { sigmas, share } = fall.firstAbove
  const error = ERRORS * fall.error
  const hidden = Math.abs(fall.share) + error
  if (hidden >= change || fall.share > error || (sigmas > FIRST_SIGMAS && share > change)) return null
  return { level: fall.level, samples: course.count, hidden, largestRate }
}
