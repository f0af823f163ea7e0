import { isFinite, type MetricValue } from '../../protocol/value.ts'

/** A series that may be a sum which begins anew with each epoch, as `running_loss` often is; plain JSON. */
export type SumOfEpoch = {
  /** How many values it holds since it began, and the newest. */
  readonly terms: number
  readonly sum: number
  /** The mean of its terms when there were half as many, or fewer. */
  readonly level: number
  /** Whether it has begun anew before. */
  readonly hasBegunAnew?: true
}

/** So many values that rise by about as much as the first are a sum. */
const LEAST_TERMS = 4
/** How far a term may be from the mean of those before. */
const SMALLEST_TERM = 0.1
const LARGEST_TERM = 3
/** The mean of the first few terms, as a share of the first: what grows by less is no sum, but a loss that rises. */
const LEAST_SHARE = 0.6
/** The mean of twice as many terms is no larger than so many times that of the first half: a sum of a loss that rises is news. */
const LARGEST_SHARE = 1.4
/** The first term of the next epoch is no larger than so many times the mean. */
const LARGEST_FIRST = 2

/** The sum after one more value of its series; undefined where that is none. `isFirst` says that it is the first value. */
export function afterValue(
  before: SumOfEpoch | undefined,
  value: MetricValue,
  isFirst: boolean,
): SumOfEpoch | undefined {
  if (!isFinite(value) || value <= 0) return undefined
  if (before === undefined) return isFirst ? begun(value) : undefined
  const mean = before.sum / before.terms
  const term = value - before.sum
  if (term < 0)
    return isSum(before) && value <= LARGEST_FIRST * mean ? { ...begun(value), hasBegunAnew: true } : undefined
  // The first value may be of one batch, and the others of a hundred each.
  if (before.terms === 1 && term > LARGEST_TERM * mean) return { ...before, sum: value, level: value }
  if (term < SMALLEST_TERM * mean || term > LARGEST_TERM * mean) return undefined
  return withTerm({ ...before, terms: before.terms + 1, sum: value })
}

function withTerm(sum: SumOfEpoch): SumOfEpoch | undefined {
  const { terms, level } = sum
  if (terms < LEAST_TERMS || !Number.isInteger(Math.log2(terms))) return sum
  const mean = sum.sum / terms
  const isLevel = terms === LEAST_TERMS ? mean >= LEAST_SHARE * level : mean <= LARGEST_SHARE * level
  return isLevel ? { ...sum, level: mean } : undefined
}

function begun(value: number): SumOfEpoch {
  return { terms: 1, sum: value, level: value }
}

/** Whether a series has shown that it is such a sum: that it rises is no news. */
export function isSum(series: SumOfEpoch | undefined): boolean {
  return series !== undefined && (series.hasBegunAnew === true || series.terms >= LEAST_TERMS)
}
