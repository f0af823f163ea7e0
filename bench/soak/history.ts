import Database from 'better-sqlite3'
import type { Tell } from './promise.ts'

/**
 * The whole of what was read and judged. Left out is what a clock or a counter
 * says: when something was detected, last written or last read, that a log was silent for long or who held it, what its last lines may
 * mean for its end, and the numbers of the entries.
 */
const HISTORY: readonly string[] = [
  `SELECT path, metric, role, samples, non_finite FROM series JOIN files ON files.id = file_id ORDER BY path, metric`,
  `SELECT path, metric, ordinal, attempt, step, value, kind, raw, offset FROM samples
    JOIN series ON series.id = series_id JOIN files ON files.id = file_id ORDER BY path, metric, ordinal`,
  `SELECT path, metric, bucket, attempt, finite, nan, infinity, neg_infinity, min, max, first, last, sum FROM rollups JOIN series ON series.id = series_id JOIN files ON files.id = file_id
    ORDER BY path, metric, bucket, attempt`,
  `SELECT path, ordinal, attempt, step, offset, reported_loss, measure FROM batches
    JOIN files ON files.id = file_id ORDER BY path, ordinal`,
  `SELECT path, offset, reason, detail, excerpt FROM rejects JOIN files ON files.id = file_id ORDER BY path, offset`,
  `SELECT path, format, cursor, files.state, backfill_until FROM files ORDER BY path`,
  `SELECT name, CASE WHEN state IN ('failed', 'crashed') THEN state END, backfill,
    json_remove(memory, '$.incidents', '$.pace', '$.writer', '$.endSigns') FROM runs ORDER BY name`,
  `SELECT json_remove(body, '$.detectedAt', '$.resolvedAt') FROM alerts WHERE rule <> 'stall' ORDER BY id`,
  `SELECT count(*) FROM gaps`,
]

/** How many rows stand in one of two histories alone; `tell` is given the first of each kind. */
export function countDifferences(one: string, other: string, tell: Tell = () => undefined): number {
  const [first, second] = [new Database(one, { readonly: true }), new Database(other, { readonly: true })]
  try {
    return HISTORY.map((query) => {
      const [more, less] = onlyInOne(rowsOf(first, query), rowsOf(second, query))
      if (more.length + less.length > 0) tell(`${query}\n  one: ${more[0]}\n  other: ${less[0]}`)
      return Math.max(more.length, less.length)
    }).reduce((a, b) => a + b)
  } finally {
    first.close()
    second.close()
  }
}

function rowsOf(db: Database.Database, query: string): IterableIterator<unknown[]> {
  return db.prepare(query).raw().iterate() as IterableIterator<unknown[]>
}

/** The rows, as text, that only one of two results holds. While both go on alike nothing is kept. */
function onlyInOne(first: Iterator<unknown[]>, second: Iterator<unknown[]>): [readonly string[], readonly string[]] {
  const [more, less] = [new Set<string>(), new Set<string>()]
  for (;;) {
    const [a, b] = [first.next(), second.next()]
    if (a.done && b.done) return [[...more], [...less]]
    const [one, other] = [a, b].map(({ value }) => (value === undefined ? null : JSON.stringify(value.map(inOrder))))
    if (one === other) continue
    if (typeof one === 'string' && !less.delete(one)) more.add(one)
    if (typeof other === 'string' && !more.delete(other)) less.add(other)
  }
}

/** The column with the members of an object in the order of their names: which was set first is no part of the history. */
function inOrder(column: unknown): unknown {
  if (typeof column !== 'string' || !column.startsWith('{')) return column
  try {
    return JSON.stringify(JSON.parse(column), (_, value: unknown) =>
      isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
    )
  } catch {
    // The excerpt of a broken line.
    return column
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
