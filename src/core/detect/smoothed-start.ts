import type { Finite } from '../../protocol/value.ts'

/**
 * The beginning of a series that may be a smoothed value.
 *
 * A job that logs m = a·m + (1 − a)·L from m = 0, without correcting for it, logs L·(1 − aⁿ): a rise from near 0 to the
 * level of the loss. Until that has come to rest it is no level to compare with. The shape shows it, whatever the name:
 * for one share a, what was smoothed does not rise.
 */
export type SmoothedStart = {
  /** The first values while it is open what they are, and the newest few once they are known to be smoothed. */
  readonly values: readonly Finite[]
  /** The mean rise of the first values. There once they are known to be smoothed. */
  readonly rise?: number
}

export const NO_VALUES: SmoothedStart = { values: [] }

/** The values that count after one more, and the beginning as long as it is not over. */
export type AfterStart = { readonly start: SmoothedStart | null; readonly counted: readonly Finite[] }

/** So many values are held back at most before it is decided. A rule must need as many. */
const DECIDED_SAMPLES = 12
/** Fewer values that rise show nothing. */
const LEAST_RISING = 5
/** It has come to rest where it is no higher than so many values before. */
const REST_SAMPLES = 3
/** It begins with steps of the size of its first value: the second and the third are so many times the first. */
const LEAST_SECOND = 1.4
const LEAST_THIRD = 1.9
/** A smaller share than the first comes to its level within two or three values. */
const SHARES = [0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999]
/** What was smoothed may seem to rise so far, of few values in noise. */
const RISE_RATIO = 1.3
/** The first of them is no less than this share of the next two and of all: a first value alone below a level is no mean from 0. */
const LEAST_FIRST = 0.6
/**
 * Nor does it fall at its third value by more than this, in the logarithm, or so many times what it steps by later, but
 * never by more than the second figure: so does what steps up once, and would have been smoothed by a large share.
 */
const MOST_FALL = 0.6
const MOST_NOISY_FALL = 1.2
const FALL_STEPS = 3
/** A smoothed value rises ever more slowly; this many times as fast it has another reason. */
const FASTER = 2

/** The beginning after one more value. What it holds back counts all at once where it turns out not to be smoothed. */
export function afterStart({ values, rise }: SmoothedStart, value: Finite): AfterStart {
  const after = [...values, value]
  if (rise !== undefined) {
    const newest = after.slice(-REST_SAMPLES)
    const isOver = value <= after[0]! || value - after[0]! > FASTER * REST_SAMPLES * rise
    return isOver ? { start: null, counted: newest } : { start: { values: newest, rise }, counted: [] }
  }
  if (value === 0 && values.length === 0) return { start: NO_VALUES, counted: [] }
  const isRising = value > (values.at(-REST_SAMPLES) ?? values[0] ?? 0)
  if (isRising && after.length < DECIDED_SAMPLES) return { start: { values: after }, counted: [] }
  const rising = isRising ? after : values
  if (!isSmoothed(rising)) return { start: null, counted: after }
  const newest = after.slice(-REST_SAMPLES)
  return isRising
    ? { start: { values: newest, rise: value / after.length }, counted: [] }
    : { start: null, counted: newest }
}

/** Whether these values, the first of their series, are the smoothed ones of a loss that does not rise. */
function isSmoothed(values: readonly number[]): boolean {
  const [first = 0, second = 0, third = 0] = values
  if (values.length < LEAST_RISING || second < LEAST_SECOND * first || third < LEAST_THIRD * first) return false
  return SHARES.some((share) => isLevel(unsmoothed(values, share)))
}

/** What was smoothed, if the smoothed value began at 0 and keeps this share of itself. */
function unsmoothed(values: readonly number[], share: number): number[] {
  return values.map((value, index) => (value - share * (values[index - 1] ?? 0)) / (1 - share))
}

function isLevel(losses: readonly number[]): boolean {
  const half = losses.length >> 1
  const early = median(losses.slice(0, half))
  return (
    losses.every((loss) => loss > 0) &&
    losses[0]! >= LEAST_FIRST * Math.max(median(losses), (losses[1]! + losses[2]!) / 2) &&
    Math.log(losses[1]! / losses[2]!) <= mostFall(losses) &&
    median(losses.slice(half)) <= RISE_RATIO * early
  )
}

function mostFall(losses: readonly number[]): number {
  const steps = losses.slice(3).map((loss, at) => Math.abs(Math.log(loss / losses[at + 2]!)))
  const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length
  return Math.min(MOST_NOISY_FALL, Math.max(MOST_FALL, FALL_STEPS * mean))
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}
