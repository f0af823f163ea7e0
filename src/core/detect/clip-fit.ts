import { CLIP_CONSTANTS, FLOOR_NATS } from '../measure/clip-constants.ts'
import { decimalsOf, halfUnit } from '../measure/printed.ts'

/** How a row of losses is made of the constant of a clip. */
export type ClipFit = {
  readonly nats: number
  /** The losses are multiples of the constant divided by so many rows. */
  readonly rows: number
  /** How far from such a multiple a loss may be, by what the log prints. */
  readonly tolerance: number
  /** How many different losses there are. */
  readonly distinct: number
}

/** Up to so many rows a share of them can be told by a few digits. */
const MOST_ROWS = 256
/** How many shares of so many rows are shares of no fewer: Euler's totient, counted once. */
const OWN_SHARES = Array.from({ length: MOST_ROWS + 1 }, (_, rows) => {
  let count = 0
  for (let part = 1; part <= rows; part++) if (greatestDivisor(part, rows) === 1) count++
  return count
})
const ALL_COUNTS = Array.from({ length: MOST_ROWS }, (_, at) => at + 1)
const POWERS = ALL_COUNTS.filter((rows) => Number.isInteger(Math.log2(rows)))
/** With a smaller share of its rows beyond the clip a training may have a few hard examples. */
export const STUCK_SHARE = 0.1
/** Losses that differ by no more are the same. */
export const SAME_NATS = 2e-4
/** What a sum in float32, and the rows that are right, may add to a loss, as a share of the constant. */
const COMPUTED_ERROR = 5e-7
/** How likely a fit may be by chance: where all losses are the same, which says much already, and else. */
const CHANCE_OF_ONE = 0.01
const CHANCE_OF_SEVERAL = 1e-6
/** Powers of ten and of two, up to a large vocabulary, and the vocabularies of common tokenizers. */
const USUAL_CLASSES = [
  ...Array.from({ length: 6 }, (_, power) => 10 ** (power + 1)),
  ...Array.from({ length: 18 }, (_, power) => 2 ** (power + 1)),
  ...[30522, 32000, 50257, 50304, 128256, 151936],
]
const LEAST_NATS = Math.min(...CLIP_CONSTANTS.map(({ nats }) => nats))
/** The multiples of 100 are round numbers, which other losses may be as well: so many different ones, or one that the loss rose to. */
const DISTINCT_OF_ROUND = 5

/** What the losses of a series show beside a row of them. */
export interface SeriesOfRow {
  /** How many decimals the log writes, at least. */
  readonly decimals: number
  readonly highest: number
}

const NOTHING_KNOWN: SeriesOfRow = { decimals: 0, highest: Infinity }

/**
 * The constant whose multiples by a share of a few rows all the losses are, as far as the log prints them; else null. Of
 * several the one with the fewest rows. Where no loss comes again, nothing stands.
 */
export function clipFitting(losses: readonly number[], series = NOTHING_KNOWN): ClipFit | null {
  const half = losses.length >> 1
  const [older, newer] = [sumOf(losses.slice(0, half)), sumOf(losses.slice(-half))]
  // Rows that are stuck become no fewer, and most losses are too small for a share of the smallest constant.
  if (newer < 0.9 * older || newer < STUCK_SHARE * half * LEAST_NATS) return null
  const distinct = countDistinct(losses)
  if (distinct === losses.length) return null
  const decimals = Math.max(...losses.map(decimalsOf))
  const found = CLIP_CONSTANTS.flatMap(({ nats }): ClipFit | [] => {
    // A round number does not show its decimals. Any other does, and a log may write fewer of a larger one.
    const printed = nats === FLOOR_NATS ? Math.max(series.decimals, decimals) : decimals
    const tolerance = halfUnit(printed) + COMPUTED_ERROR * nats
    const isStuck = newer >= STUCK_SHARE * half * nats
    const rows = isStuck ? rowsOf(losses, nats, tolerance, countsTried(distinct, tolerance / nats)) : null
    // A loss that came down to a round number, as an error in percent does, may be that.
    const isRisen = distinct === 1 && series.highest <= losses[0]! + tolerance
    if (rows === null || (nats === FLOOR_NATS && distinct < DISTINCT_OF_ROUND && !isRisen)) return []
    return rows > 1 && distinct === 1 && isOfGuessing(losses[0]!, tolerance) ? [] : { nats, rows, tolerance, distinct }
  })
  return found.toSorted((a, b) => a.rows - b.rows)[0] ?? null
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b)
}

/** How many losses are none that stands before them. A loop, for it is counted at each loss. */
function countDistinct(losses: readonly number[]): number {
  let distinct = 0
  for (let at = 0; at < losses.length; at++) {
    let before = 0
    while (before < at && Math.abs(losses[before]! - losses[at]!) > SAME_NATS) before++
    if (before === at) distinct++
  }
  return distinct
}

/**
 * The counts of rows at which chance does not explain that so many different losses are multiples of a constant.
 *
 * By chance a loss is as near to one of `rows` multiples with the probability p = 2 · tolerance · rows / constant. All that
 * differ are so with its power, for each constant and number of rows that are tried. One loss alone is a share of fewer
 * rows as well, so only those count that are none; and of more rows than all of them allow it may be one of a power of two,
 * as most batches have.
 */
function countsTried(distinct: number, toleranceShare: number): readonly number[] {
  const key = `${distinct} ${toleranceShare}`
  const known = KNOWN_COUNTS.get(key)
  if (known !== undefined) return known
  const counts = countsOf(distinct, toleranceShare)
  if (KNOWN_COUNTS.size === MOST_KNOWN) KNOWN_COUNTS.clear()
  KNOWN_COUNTS.set(key, counts)
  return counts
}

/** They are the same for all losses of a log, and are asked for at each of them. */
const KNOWN_COUNTS = new Map<string, readonly number[]>()
const MOST_KNOWN = 256

function countsOf(distinct: number, toleranceShare: number): readonly number[] {
  const ofOneRow = CLIP_CONSTANTS.length * (2 * toleranceShare) ** distinct
  if (distinct > 1) {
    const most = (CHANCE_OF_SEVERAL / ofOneRow) ** (1 / (distinct + 1))
    return ALL_COUNTS.slice(0, Math.min(MOST_ROWS, Math.floor(most)))
  }
  const few = withinChance(ALL_COUNTS, ofOneRow)
  return few.length === MOST_ROWS
    ? few
    : [...few, ...withinChance(POWERS, ofOneRow).filter((rows) => rows > few.length)]
}

/** The first of these counts of rows, whose shares together fit one loss by chance seldom enough. */
function withinChance(counts: readonly number[], ofOneRow: number): readonly number[] {
  let shares = 0
  const end = counts.findIndex((rows) => {
    shares += OWN_SHARES[rows]!
    return shares * ofOneRow > CHANCE_OF_ONE
  })
  return end < 0 ? counts : counts.slice(0, end)
}

/** Whether a loss is the constant times a share of the rows that is large enough. */
export function fits(loss: number, { nats, rows, tolerance }: Omit<ClipFit, 'distinct'>): boolean {
  const count = Math.round((loss * rows) / nats)
  return count >= 1 && count <= rows && Math.abs(loss - (count * nats) / rows) <= tolerance
}

/** The fewest rows of which all losses are shares. */
function rowsOf(losses: readonly number[], nats: number, tolerance: number, tried: readonly number[]): number | null {
  const share = losses[0]! / nats
  for (const rows of tried) {
    // Most counts of rows are out of question by the first loss alone.
    if (Math.abs(share * rows - Math.round(share * rows)) * nats > 1.001 * tolerance * rows) continue
    if (losses.every((loss) => fits(loss, { nats, rows, tolerance }))) return rows
  }
  return null
}

/** Whether a loss is what guessing among a usual number of classes costs: half of −ln 1e-8 is ln 10 000, where a head of so many begins. */
function isOfGuessing(loss: number, tolerance: number): boolean {
  return USUAL_CLASSES.some((classes) => Math.abs(loss - Math.log(classes)) <= tolerance)
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
