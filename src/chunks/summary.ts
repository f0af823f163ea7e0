import type { SampleChunk } from './chunk.ts'

/** What a chunk comes to: for charts, and for when its finite samples are dropped. */
export interface Summary {
  readonly firstOrdinal: number
  readonly lastOrdinal: number
  readonly minStep: number | null
  readonly maxStep: number | null
  /** How many samples are finite. The next five fields are about those only. */
  readonly finite: number
  readonly min: number | null
  readonly max: number | null
  readonly first: number | null
  readonly last: number | null
  /** Added up in the order of reading; null where it overflows a double. */
  readonly sum: number | null
  readonly nan: number
  readonly infinity: number
  readonly negInfinity: number
  /** The ordinals of the first NaN, Infinity and -Infinity. */
  readonly firstNan: number | null
  readonly firstInfinity: number | null
  readonly firstNegInfinity: number | null
  /** The step of the first non-finite sample. */
  readonly badStep: number | null
}

export function summaryOf({ ordinals, values, steps }: Pick<SampleChunk, 'ordinals' | 'values' | 'steps'>): Summary {
  const count = ordinals.length
  let [finite, min, max, sum] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
  let [first, last]: (number | null)[] = [null, null]
  let [minStep, maxStep] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let i = 0; i < count; i++) {
    const [value, step] = [values[i]!, steps[i]!]
    if (step < minStep) minStep = step
    if (step > maxStep) maxStep = step
    if (!Number.isFinite(value)) continue
    finite++
    if (value < min) min = value
    if (value > max) max = value
    first ??= value
    last = value
    sum += value
  }
  const hasStep = minStep <= maxStep
  return {
    firstOrdinal: ordinals[0]!,
    lastOrdinal: ordinals[count - 1]!,
    minStep: hasStep ? minStep : null,
    maxStep: hasStep ? maxStep : null,
    finite,
    min: finite > 0 ? min : null,
    max: finite > 0 ? max : null,
    first: first ?? null,
    last: last ?? null,
    sum: Number.isFinite(sum) ? sum : null,
    ...(finite === count ? ALL_FINITE : nonFiniteOf(ordinals, values, steps)),
  }
}

type NonFiniteSummary = Pick<
  Summary,
  'nan' | 'infinity' | 'negInfinity' | 'firstNan' | 'firstInfinity' | 'firstNegInfinity' | 'badStep'
>

const ALL_FINITE: NonFiniteSummary = {
  nan: 0,
  infinity: 0,
  negInfinity: 0,
  firstNan: null,
  firstInfinity: null,
  firstNegInfinity: null,
  badStep: null,
}

function nonFiniteOf(ordinals: Float64Array, values: Float64Array, steps: Float64Array): NonFiniteSummary {
  const found = [...values.keys()].filter((i) => !Number.isFinite(values[i]))
  const of = (value: number) => found.filter((i) => Object.is(values[i], value))
  const [nan, infinity, negInfinity] = [of(Number.NaN), of(Number.POSITIVE_INFINITY), of(Number.NEGATIVE_INFINITY)]
  const firstOf = (indexes: readonly number[]) => (indexes[0] === undefined ? null : ordinals[indexes[0]]!)
  const badStep = steps[found[0]!]!
  return {
    nan: nan.length,
    infinity: infinity.length,
    negInfinity: negInfinity.length,
    firstNan: firstOf(nan),
    firstInfinity: firstOf(infinity),
    firstNegInfinity: firstOf(negInfinity),
    badStep: Number.isNaN(badStep) ? null : badStep,
  }
}
