import { orNull, type SampleChunk } from './chunk.ts'
import { summaryOf } from './summary.ts'

/** So many buckets of a series are a section. Once a later bucket is there, what charts need of it is packed into one blob. */
export const SECTION_BUCKETS = 64

export function sectionOf(bucket: number): number {
  return Math.floor(bucket / SECTION_BUCKETS)
}

/** Neighbouring samples of one attempt, as a chart draws them. */
export interface Extremes {
  readonly attempt: number
  readonly firstOrdinal: number
  readonly lastOrdinal: number
  readonly minStep: number | null
  readonly maxStep: number | null
  /** Of the finite values. */
  readonly min: number | null
  readonly max: number | null
  /** The ordinals of the first NaN, Infinity and -Infinity. */
  readonly firstNan: number | null
  readonly firstInfinity: number | null
  readonly firstNegInfinity: number | null
}

const FIELDS = [
  'attempt',
  'firstOrdinal',
  'lastOrdinal',
  'minStep',
  'maxStep',
  'min',
  'max',
  'firstNan',
  'firstInfinity',
  'firstNegInfinity',
] as const satisfies readonly (keyof Extremes)[]
const [FIRST_ORDINAL, LAST_ORDINAL] = [1, 2]
/** The columns of which the least, the greatest and the first number stays where rows are merged. */
const [LEAST, GREATEST, FIRST] = [
  [3, 5],
  [4, 6],
  [7, 8, 9],
]

/** Packs extremes: a row of float64s each, with NaN for null. */
export function packExtremes(all: readonly Extremes[]): Float64Array {
  const rows = new Float64Array(all.length * FIELDS.length)
  all.forEach((extremes, row) => {
    FIELDS.forEach((field, column) => {
      rows[row * FIELDS.length + column] = extremes[field] ?? Number.NaN
    })
  })
  return rows
}

/** The extremes of a chunk in parts: those samples of it that `groupOf` puts into one group. */
export function partsOf(chunk: SampleChunk, groupOf: (ordinal: number) => number): Extremes[] {
  const { attempt, ordinals, values, steps } = chunk
  const parts: Extremes[] = []
  for (let from = 0, until = 0; from < ordinals.length; from = until) {
    const group = groupOf(ordinals[from]!)
    for (until = from + 1; until < ordinals.length && groupOf(ordinals[until]!) === group; until++);
    const [own, ownValues, ownSteps] = [ordinals, values, steps].map((column) => column.subarray(from, until))
    parts.push({ ...summaryOf({ ordinals: own!, values: ownValues!, steps: ownSteps! }), attempt })
  }
  return parts
}

/**
 * Merges packed extremes: those of one attempt that `groupOf` puts into one group, by the ordinal of their first sample.
 * Those of one attempt are given in their order.
 */
export function mergeExtremes(all: readonly Float64Array[], groupOf: (firstOrdinal: number) => number): Extremes[] {
  const merged = new Float64Array(all.reduce((length, rows) => length + rows.length, 0))
  let end = 0
  /** Where the row of a group and an attempt begins in `merged`. */
  const places = new Map<string, number>()
  let [place, group, attempt] = [-1, Number.NaN, Number.NaN]
  for (const rows of all) {
    for (let at = 0; at < rows.length; at += FIELDS.length) {
      const own = groupOf(rows[at + FIRST_ORDINAL]!)
      if (own !== group || rows[at] !== attempt) {
        ;[group, attempt] = [own, rows[at]!]
        place = places.get(`${group} ${attempt}`) ?? end
        places.set(`${group} ${attempt}`, place)
      }
      if (place < end) mergeRow(merged, place, rows, at)
      else for (let column = 0; column < FIELDS.length; column++) merged[end++] = rows[at + column]!
    }
  }
  const unpacked: Extremes[] = []
  for (let at = 0; at < end; at += FIELDS.length) unpacked.push(unpackedAt(merged, at))
  return unpacked.sort((a, b) => a.firstOrdinal - b.firstOrdinal)
}

function mergeRow(into: Float64Array, place: number, rows: Float64Array, at: number): void {
  into[place + LAST_ORDINAL] = rows[at + LAST_ORDINAL]!
  for (const column of LEAST) {
    const [own, before] = [rows[at + column]!, into[place + column]!]
    if (own < before || Number.isNaN(before)) into[place + column] = own
  }
  for (const column of GREATEST) {
    const [own, before] = [rows[at + column]!, into[place + column]!]
    if (own > before || Number.isNaN(before)) into[place + column] = own
  }
  for (const column of FIRST) if (Number.isNaN(into[place + column])) into[place + column] = rows[at + column]!
}

function unpackedAt(rows: Float64Array, at: number): Extremes {
  return {
    attempt: rows[at]!,
    firstOrdinal: rows[at + 1]!,
    lastOrdinal: rows[at + 2]!,
    minStep: orNull(rows[at + 3]!),
    maxStep: orNull(rows[at + 4]!),
    min: orNull(rows[at + 5]!),
    max: orNull(rows[at + 6]!),
    firstNan: orNull(rows[at + 7]!),
    firstInfinity: orNull(rows[at + 8]!),
    firstNegInfinity: orNull(rows[at + 9]!),
  }
}
