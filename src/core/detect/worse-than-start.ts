import type { Finite } from '../../protocol/value.ts'
import { AT_START_SHARE, BACK_FALLEN_SHARE, BACK_SPREADS, backAtStart, LEAST_THIRDS } from './back-at-start.ts'
import type { Detector } from './detector.ts'
import {
  FEWEST_NEWEST,
  FEWEST_RETURNED,
  foldGround,
  type Ground,
  type GroundParams,
  isRegained,
  LONE_FALL,
  LONE_NOISE,
  LONE_SPREADS,
  type LostGround,
  lostGround,
  MOST_NEWEST,
  NO_GROUND,
  NOISE_SPREADS,
  RISES,
  sureSamples,
} from './ground.ts'
import { perAttempt } from './per-attempt.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { afterStart, NO_VALUES, type SmoothedStart } from './smoothed-start.ts'
import { inWords, percent, times } from './threshold-wording.ts'
import { saysValue } from './wording.ts'

type WorseThanStartParams = GroundParams & {
  /** How many values in a row near the best level end the incident. */
  readonly recoverySamples: number
}

type WorseThanStartState = {
  readonly attempt: number
  /** The first values, while they may be those of a smoothed loss that begins at 0. Not there after it. */
  readonly smoothed?: SmoothedStart
  readonly ground: Ground
  readonly firing: boolean
  /** While it fires because it is back at its start: below this it has learned again. */
  readonly regainedBelow?: number
  readonly calmInARow: number
}

/** The ratio of a loss that stands twice as far above, in the logarithm. */
function square(ratio: number): number {
  return Number((ratio ** 2).toPrecision(2))
}

/**
 * A loss that stays far above the best level of its beginning: a short run that diverged, and a long one that did so early.
 *
 * `sustained-rise` takes the level after its warm-up for the best, so it needs
 * a hundred values and does not know what came before them. This rule compares
 * the median of the newest values with the lowest median of the beginning.
 */
export const worseThanStart: Detector<'worse-than-start', LostGround, WorseThanStartParams, WorseThanStartState> =
  perAttempt({
    name: 'worse-than-start',
    version: 1,
    defaults: { leastSamples: 16, beginSamples: 100, ratio: 1.8, spreads: 5, recoverySamples: 10 },
    needs: ['samples'],
    profiles: {
      quiet: { ratio: 2.5, spreads: 6 },
      sensitive: { ratio: 1.5, spreads: 4 },
    },
    leastValues: ({ leastSamples }) => leastSamples,
    judgesCourse: true,
    failureSign: { weight: 35 },
    document: {
      about: 'a loss stays far above where it began, in a short run as well',
      watches: 'training losses',
      fires: ({ leastSamples, beginSamples, ratio, spreads }) =>
        `when the median of the newest quarter of all values (${inWords(FEWEST_NEWEST)} to ${inWords(MOST_NEWEST)} of them) stands at ${times(ratio)} the best level of the beginning, and ${inWords(spreads)} of its own spreads and ${inWords(NOISE_SPREADS)} of those of the beginning above it, with no more than one value in five near it, or each of them at ${times(square(ratio))} all values before, and half of all values (${inWords(FEWEST_RETURNED)} to ${inWords(MOST_NEWEST)}) where it came back from as high before; that level is the lowest median of three in a row among the first ${beginSamples}, where low values stand together and come no more, or the first value where the spread of all later ones is at most ${percent(LONE_NOISE)} and they stand ${LONE_SPREADS} of them above it and fall by no more than ${percent(LONE_FALL)} of that; or when the newest ${inWords(RISES)} values are each the largest so far, after as many that were not, and the last stands at ${times(square(ratio))}; after ${leastSamples} values, or n ≥ ${sureSamples({ leastSamples })} with ${leastSamples}/n times as many spreads of its own; or when, of ${LEAST_THIRDS} to ${beginSamples} values, the last third stands at its start, ${percent(AT_START_SHARE)} to 130 % of the median of the first three, and its best third was at ${percent(BACK_FALLEN_SHARE)} of it or below, ${inWords(BACK_SPREADS)} spreads away; the first values do not count while they rise as a mean does that began at 0`,
      severity: () => 'warning',
    },

    headline: saysValue,

    roles: ['train_loss'],
    start: { attempt: 0, smoothed: NO_VALUES, ground: NO_GROUND, firing: false, calmInARow: 0 },
    kept: ({ firing, regainedBelow }) => ({ firing, ...(regainedBelow !== undefined && { regainedBelow }) }),

    calm(state, { attempt, values, hasMovingTarget }, params) {
      if (state.smoothed !== undefined || state.firing || state.regainedBelow !== undefined) return null
      let { ground } = state
      for (let index = 0; index < values.length; index++) {
        const after = foldGround(ground, values[index] as Finite, params)
        if (after === ground) continue
        ground = after
        if (!hasMovingTarget && (lostGround(ground, params) !== null || backInBeginning(ground) !== null)) return null
      }
      return ground === state.ground ? state : { attempt, ground, firing: false, calmInARow: 0 }
    },

    fold(state, { attempt, value }, params, { hasMovingTarget = false }) {
      const { start, counted } = state.smoothed ? afterStart(state.smoothed, value) : { start: null, counted: [value] }
      if (start !== null) return unchanged({ ...state, smoothed: start })
      const ground = counted.reduce<Ground>((before, one) => foldGround(before, one, params), state.ground)
      if (state.firing) {
        const { regainedBelow } = state
        const isCalm = isRegained(ground, params) && (regainedBelow === undefined || value < regainedBelow)
        const calmInARow = isCalm ? state.calmInARow + 1 : 0
        const isOver = ground.isSigned || calmInARow >= params.recoverySamples
        return isOver
          ? cleared({ attempt, ground, firing: false, calmInARow: 0 })
          : unchanged({
              attempt,
              ground,
              firing: true,
              ...(regainedBelow !== undefined && { regainedBelow }),
              calmInARow,
            })
      }
      if (ground === state.ground && state.smoothed === undefined) return unchanged(state)
      // A loss whose target moves rises while all goes well.
      const lost = hasMovingTarget ? null : lostGround(ground, params)
      const back = hasMovingTarget || lost !== null ? null : backInBeginning(ground)
      const found = lost ?? back
      const regained = back === null ? {} : { regainedBelow: (back.best + back.level) / 2 }
      const next = { attempt, ground, firing: found !== null, ...regained, calmInARow: 0 }
      return found === null ? unchanged(next) : raised(next, 'warning', found)
    },
  })

/** Whether a loss is back at its start within its beginning. One that is near its best is told at once by its newest value. */
function backInBeginning({ early, isSigned }: Ground): LostGround | null {
  return early === undefined || isSigned ? null : backAtStart(early)
}
