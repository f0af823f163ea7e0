import type { Sample } from '../../protocol/sample.ts'
import { isFinite } from '../../protocol/value.ts'
import { phaseOf } from '../records/fields.ts'
import { standingOf, withNewest } from './own-level.ts'

/** What a policy gains, by the first reward of training that its file names. */
export type Gain = {
  readonly metric: string
  readonly first: readonly number[]
  readonly newest: readonly number[]
  /** The highest that it has stood at. */
  readonly best: number | null
}

const FIRST_SAMPLES = 5
/** At so much of all that was gained it is at its best. */
const BEST_SHARE = 0.9

/** The gain after one more sample of any series. */
export function foldGain(gain: Gain | null, { metric, role, value }: Sample): Gain | null {
  if (role !== 'reward' || !isFinite(value) || phaseOf(metric) === 'validation') return gain
  if (gain !== null && gain.metric !== metric) return gain
  const first = gain?.first ?? []
  const newest = withNewest(gain?.newest ?? [], value)
  const standing = standingOf(newest)
  const best = gain?.best ?? standing
  return {
    metric,
    first: first.length < FIRST_SAMPLES ? [...first, value] : first,
    newest,
    best: standing === null || best === null ? best : Math.max(best, standing),
  }
}

/** Whether it has risen above all that it began with, and stands about as high as it ever did. */
export function isAtBest(gain: Gain | null): boolean {
  const standing = gain === null ? null : standingOf(gain.newest)
  if (gain === null || standing === null || gain.best === null) return false
  const start = Math.max(...gain.first)
  return standing > start && standing - start >= BEST_SHARE * (gain.best - start)
}

/** Of what was gained it is lost where so much is gone again. */
const LOST_SHARE = 0.5

/** Whether it had risen above all that it began with, and has lost at least half of that since, and more than it scatters by. */
export function isLost(gain: Gain | null): boolean {
  const standing = gain === null ? null : standingOf(gain.newest)
  if (gain === null || standing === null || gain.best === null) return false
  const start = Math.max(...gain.first)
  const lost = gain.best - standing
  const scatter = Math.max(...gain.newest) - Math.min(...gain.newest)
  return gain.best > start && lost > scatter && lost >= LOST_SHARE * (gain.best - start)
}
