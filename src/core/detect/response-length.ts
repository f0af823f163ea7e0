import type { Detector } from './detector.ts'
import {
  foldOwnCourse,
  LEVEL_SAMPLES,
  NEW_SAMPLES,
  NEWEST_SAMPLES,
  NO_OWN_COURSE,
  type OwnCourse,
  ownLevel,
  severityOfPolicy,
  standingOf,
} from './own-level.ts'
import { perAttempt } from './per-attempt.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { inWords, percent, times } from './threshold-wording.ts'
import { short } from './wording.ts'

type ResponseLengthParams = {
  /** The share of their level below which responses are nearly empty. */
  readonly share: number
  /** How many times their level is an explosion. */
  readonly ratio: number
  /** The same where the lengths stand still at a cap. */
  readonly cappedRatio: number
  /** For how many values they must stand there. */
  readonly staysSamples: number
  /** How many values in a row half of the way back end the incident. */
  readonly recoverySamples: number
}

interface ResponseLengthFacts {
  readonly sign: 'short' | 'long' | 'capped'
  readonly level: number
  readonly length: number
}

type ResponseLengthState = OwnCourse & {
  readonly attempt: number
  readonly sign: ResponseLengthFacts['sign'] | null
  readonly inARow: number
  readonly calmInARow: number
  /** While it fires: the length from which on, or up to which, it is calm. */
  readonly calmFrom: number | null
}

const START: ResponseLengthState = {
  attempt: 0,
  ...NO_OWN_COURSE,
  sign: null,
  inARow: 0,
  calmInARow: 0,
  calmFrom: null,
}
/** Lengths that differ by less stand at a cap, where they had differed by more from one value to the next. */
const CAP_SPREAD = 0.005
const FREE_SPREAD = 0.02

/**
 * The mean length of responses that falls to nearly nothing, or runs up to its cap or to many times its level.
 *
 * A model that learns to reason writes more and more, over the whole run. So
 * the level is that before the newest quarter of the run.
 */
export const responseLength: Detector<
  'response-length',
  ResponseLengthFacts,
  ResponseLengthParams,
  ResponseLengthState
> = perAttempt({
  name: 'response-length',
  version: 1,
  defaults: { share: 0.1, ratio: 4, cappedRatio: 1.5, staysSamples: 12, recoverySamples: 10 },
  needs: ['samples'],
  leastValues: () => LEVEL_SAMPLES + NEW_SAMPLES,
  document: {
    about:
      'the responses of a language model have become nearly empty, or run to their cap or to many times their length',
    watches: 'mean lengths of responses',
    fires: ({ share, ratio, cappedRatio, staysSamples }) =>
      `when the median of the newest ${inWords(NEWEST_SAMPLES)} values has been below ${percent(share)} or above ${times(ratio)} the level before the newest quarter of the run for ${staysSamples} values; above ${times(cappedRatio)} where they lie within ${percent(CAP_SPREAD)} and had differed by ${percent(FREE_SPREAD)} from each to the next; after ${LEVEL_SAMPLES} values and ${NEW_SAMPLES} more`,
    severity: () => 'warning; info where no other metric of the file shows that a policy learns',
  },

  headline: ({ metric }, { sign, level, length }) =>
    `${metric} has ${sign === 'short' ? 'fallen' : 'risen'} to ${short(length)}${sign === 'capped' ? ' and stands still there' : ''}, where ${short(level)} was usual.`,

  roles: ['response_length'],
  start: START,
  kept: ({ sign, calmFrom }) => (calmFrom === null ? {} : { sign, calmFrom }),

  fold(saved, { attempt, value }, params, about) {
    const next = { ...saved, ...foldOwnCourse(saved, value), attempt }
    const length = standingOf(next.newest)
    if (length === null) return unchanged(next)
    if (saved.calmFrom !== null) {
      const isCalm = saved.sign === 'short' ? length > saved.calmFrom : length < saved.calmFrom
      const calmInARow = isCalm ? saved.calmInARow + 1 : 0
      if (calmInARow < params.recoverySamples) return unchanged({ ...next, calmInARow })
      return cleared({ ...next, sign: null, inARow: 0, calmInARow: 0, calmFrom: null })
    }
    const found = judged(next, length, params)
    if (found === null) return unchanged({ ...next, sign: null, inARow: 0 })
    const inARow = found.sign === saved.sign ? saved.inARow + 1 : 1
    if (inARow < params.staysSamples) return unchanged({ ...next, sign: found.sign, inARow })
    const calmFrom = found.sign === 'short' ? 2 * length : Math.sqrt(found.level * length)
    return raised({ ...next, sign: found.sign, inARow: 0, calmFrom }, severityOfPolicy(about), found)
  },
})

function judged(
  { newest, course }: OwnCourse,
  length: number,
  { share, ratio, cappedRatio }: ResponseLengthParams,
): ResponseLengthFacts | null {
  const own = ownLevel(course)
  if (own === null || own.level <= 0) return null
  const { level, noiseShare } = own
  if (length <= share * level) return { sign: 'short', level, length }
  const isStill = Math.max(...newest) - Math.min(...newest) <= CAP_SPREAD * length
  const isCapped = isStill && noiseShare >= FREE_SPREAD && length >= cappedRatio * level
  if (isCapped) return { sign: 'capped', level, length }
  return length >= ratio * level ? { sign: 'long', level, length } : null
}
