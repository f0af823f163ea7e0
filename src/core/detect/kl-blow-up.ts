import type { Detector } from './detector.ts'
import {
  firstLevel,
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
import { inWords, times } from './threshold-wording.ts'
import { short } from './wording.ts'

type KlBlowUpParams = {
  /** How many times its own level a divergence has to reach. */
  readonly ratio: number
  /** Below so many nats it is small, whatever its level was. */
  readonly leastNats: number
  /** For how many values it must stand there. */
  readonly staysSamples: number
  /** How many values in a row below half of that ratio end the incident. */
  readonly recoverySamples: number
}

interface KlBlowUpFacts {
  readonly levelNats: number
  readonly divergenceNats: number
}

type KlBlowUpState = OwnCourse & {
  readonly attempt: number
  readonly high: number
  readonly calmInARow: number
  /** While it fires: the divergence below which it is calm. */
  readonly calmNats: number | null
}

const START: KlBlowUpState = { attempt: 0, ...NO_OWN_COURSE, high: 0, calmInARow: 0, calmNats: null }
/** An estimate around 0 has no level; so many deviations take its place. */
const SPREADS = 2

/**
 * A divergence between policies that rises far beyond what it was, and stays there.
 *
 * One from the reference begins at 0 and rises while all goes well, and its
 * estimates may be negative. So what it was is its level before the newest
 * quarter of the run, and one that grew may grow on. Where it rises as slowly
 * as that while the reward falls, it is compared with the first third.
 */
export const klBlowUp: Detector<'kl-blow-up', KlBlowUpFacts, KlBlowUpParams, KlBlowUpState> = perAttempt({
  name: 'kl-blow-up',
  version: 1,
  defaults: { ratio: 10, leastNats: 0.1, staysSamples: 12, recoverySamples: 10 },
  needs: ['samples'],
  leastValues: () => LEVEL_SAMPLES + NEW_SAMPLES,
  document: {
    about: 'the KL divergence of a policy has risen far beyond its level and stays there',
    watches: 'KL divergences',
    fires: ({ ratio, leastNats, staysSamples }) =>
      `when the median of the newest ${inWords(NEWEST_SAMPLES)} values has been above ${leastNats} nats and ${times(ratio)} the level before the newest quarter of the run for ${staysSamples} values; ${times(2 * ratio)} where that level had grown twofold; where the reward of the file has lost half of what it had gained, it is the level of the first third instead; after ${LEVEL_SAMPLES} values and ${NEW_SAMPLES} more`,
    severity: () => 'warning; info where no other metric of the file shows that a policy learns',
  },

  headline: ({ metric }, { levelNats, divergenceNats }) =>
    `${metric} has risen to ${short(divergenceNats)} nats, where ${short(levelNats)} was usual.`,

  roles: ['kl'],
  start: START,
  kept: ({ calmNats }) => ({ calmNats }),

  fold(saved, { attempt, value }, params, about) {
    const next = { ...saved, ...foldOwnCourse(saved, value), attempt }
    const divergenceNats = standingOf(next.newest)
    if (divergenceNats === null) return unchanged(next)
    if (saved.calmNats !== null) {
      const calmInARow = divergenceNats < saved.calmNats ? saved.calmInARow + 1 : 0
      if (calmInARow < params.recoverySamples) return unchanged({ ...next, calmInARow })
      return cleared({ ...next, high: 0, calmInARow: 0, calmNats: null })
    }
    // Where the reward is lost a slow rise is none that goes with learning.
    const own = about.isGainLost === true ? firstLevel(next.course) : ownLevel(next.course)
    if (own === null) return unchanged(next)
    const neededNats = Math.max(params.leastNats, params.ratio * own.growth * Math.max(own.level, SPREADS * own.spread))
    const high = divergenceNats >= neededNats ? saved.high + 1 : 0
    if (high < params.staysSamples) return unchanged({ ...next, high })
    return raised({ ...next, high: 0, calmNats: neededNats / 2 }, severityOfPolicy(about), {
      levelNats: own.level,
      divergenceNats,
    })
  },
})
