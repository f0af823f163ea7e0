import Database from 'better-sqlite3'
import { kindOfLine, type LineKind, logLine } from './log-line.ts'

/** What became of the lines that were written; all 0 when each is in the store once and in order. */
export interface LineCounts {
  readonly lost: number
  readonly doubled: number
  /** Rows that begin where no line begins, or say something else than the line. */
  readonly torn: number
  readonly disordered: number
}

/** Rows in the order in which they were stored, as the number of the line and where it began. */
const ROWS: Readonly<Record<LineKind, string>> = {
  loss: `SELECT offset, step FROM samples JOIN series ON series.id = series_id JOIN files ON files.id = file_id
    WHERE path = ? AND metric = 'loss' ORDER BY ordinal`,
  batch: `SELECT offset, step FROM batches JOIN files ON files.id = file_id WHERE path = ? ORDER BY ordinal`,
  reject: `SELECT offset, NULL AS step FROM rejects JOIN files ON files.id = file_id WHERE path = ? ORDER BY rejects.id`,
}

/** Compares what a database holds of each file with its `lines` numbered lines. */
export function countLines(database: string, paths: readonly string[], lines: number): LineCounts {
  const db = new Database(database, { readonly: true })
  const total = { lost: 0, doubled: 0, torn: 0, disordered: 0 }
  try {
    const expected = expectedOffsets(lines)
    for (const path of paths) {
      for (const kind of ['loss', 'batch', 'reject'] as const) {
        const rows = db.prepare(ROWS[kind]).iterate(path) as IterableIterator<Row>
        const counts = compare(expected[kind], rows)
        for (const name of ['lost', 'doubled', 'torn', 'disordered'] as const) total[name] += counts[name]
      }
    }
    return total
  } finally {
    db.close()
  }
}

interface Row {
  readonly offset: number
  readonly step: number | null
}

function compare(expected: ReadonlyMap<number, number>, rows: Iterable<Row>): LineCounts {
  const seen = new Set<number>()
  let [doubled, torn, disordered, last] = [0, 0, 0, -1]
  for (const { offset, step } of rows) {
    const number = expected.get(offset)
    if (number === undefined || (step !== null && step !== number)) torn++
    else if (seen.has(offset)) doubled++
    else if (offset < last) disordered++
    seen.add(offset)
    last = offset
  }
  let lost = 0
  for (const offset of expected.keys()) if (!seen.has(offset)) lost++
  return { lost, doubled, torn, disordered }
}

/** The number of each line of a kind, by the byte where it begins. */
function expectedOffsets(lines: number): Readonly<Record<LineKind, ReadonlyMap<number, number>>> {
  const offsets = {
    loss: new Map<number, number>(),
    batch: new Map<number, number>(),
    reject: new Map<number, number>(),
  }
  let offset = 0
  for (let number = 0; number < lines; number++) {
    offsets[kindOfLine(number)].set(offset, number)
    offset += Buffer.byteLength(logLine(number))
  }
  return offsets
}
