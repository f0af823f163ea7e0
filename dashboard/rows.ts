/**
 * The finite values of one series, in order of reading, as typed columns.
 *
 * A row stands for one sample or for several neighbours: then `xFrom` to `xTo`
 * is the stretch that they cover and `min` to `max` holds their extremes, so a
 * series of any length fits into a bounded number of rows and loses no spike.
 */
export interface Rows {
  length: number
  xFrom: Float64Array
  xTo: Float64Array
  min: Float64Array
  max: Float64Array
  /** Ordinal of the first sample of the row. */
  ordinal: Float64Array
  attempt: Int32Array
}

export interface Row {
  readonly xFrom: number
  readonly xTo: number
  readonly min: number
  readonly max: number
  readonly ordinal: number
  readonly attempt: number
}

/** Above this many rows, neighbours are merged. Twenty times what the widest chart can show. */
export const ROW_LIMIT = 40_000
const FIRST_CAPACITY = 256

export function emptyRows(): Rows {
  return withCapacity(FIRST_CAPACITY)
}

/** Adds a row at the end; first merges neighbours when there are `limit` rows. */
export function pushRow(rows: Rows, row: Row, limit: number = ROW_LIMIT): void {
  // Where nothing can be merged the next try is a whole limit later, or each row would cost a pass over all.
  if (rows.length > 0 && rows.length % limit === 0) merge(rows, limit, row.ordinal)
  if (rows.length === rows.xFrom.length) grow(rows)
  write(rows, rows.length++, row)
}

/** Stretches of rows of the same attempt, as [start, end) pairs in order of reading. */
export function attemptsOf(rows: Rows): { readonly start: number; readonly end: number }[] {
  const attempts: { start: number; end: number }[] = []
  let start = 0
  for (let i = 1; i <= rows.length; i++) {
    if (i < rows.length && rows.attempt[i] === rows.attempt[start]) continue
    attempts.push({ start, end: i })
    start = i
  }
  return attempts
}

/**
 * Makes room by merging neighbours that stand for few samples.
 *
 * A row takes in the next one while both together stay within an even share of
 * all samples, so recent rows do not stay fine while old ones turn to blocks.
 */
function merge(rows: Rows, limit: number, endOrdinal: number): void {
  const first = rows.ordinal[0] ?? 0
  const shareSamples = Math.ceil((4 * (endOrdinal - first)) / limit)
  let kept = 0
  for (let i = 1; i < rows.length; i++) {
    const next = i + 1 < rows.length ? rows.ordinal[i + 1]! : endOrdinal
    const fits = next - rows.ordinal[kept]! <= shareSamples
    if (fits && rows.attempt[i] === rows.attempt[kept]) {
      rows.xFrom[kept] = Math.min(rows.xFrom[kept]!, rows.xFrom[i]!)
      rows.xTo[kept] = Math.max(rows.xTo[kept]!, rows.xTo[i]!)
      rows.min[kept] = Math.min(rows.min[kept]!, rows.min[i]!)
      rows.max[kept] = Math.max(rows.max[kept]!, rows.max[i]!)
    } else {
      kept++
      write(rows, kept, rowAt(rows, i))
    }
  }
  rows.length = Math.min(rows.length, kept + 1)
}

export function rowAt(rows: Rows, i: number): Row {
  return {
    xFrom: rows.xFrom[i]!,
    xTo: rows.xTo[i]!,
    min: rows.min[i]!,
    max: rows.max[i]!,
    ordinal: rows.ordinal[i]!,
    attempt: rows.attempt[i]!,
  }
}

function write(rows: Rows, i: number, row: Row): void {
  rows.xFrom[i] = row.xFrom
  rows.xTo[i] = row.xTo
  rows.min[i] = row.min
  rows.max[i] = row.max
  rows.ordinal[i] = row.ordinal
  rows.attempt[i] = row.attempt
}

function grow(rows: Rows): void {
  const larger = withCapacity(rows.xFrom.length * 2)
  larger.xFrom.set(rows.xFrom)
  larger.xTo.set(rows.xTo)
  larger.min.set(rows.min)
  larger.max.set(rows.max)
  larger.ordinal.set(rows.ordinal)
  larger.attempt.set(rows.attempt)
  Object.assign(rows, larger, { length: rows.length })
}

function withCapacity(capacity: number): Rows {
  return {
    length: 0,
    xFrom: new Float64Array(capacity),
    xTo: new Float64Array(capacity),
    min: new Float64Array(capacity),
    max: new Float64Array(capacity),
    ordinal: new Float64Array(capacity),
    attempt: new Int32Array(capacity),
  }
}
