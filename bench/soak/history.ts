import Database from 'better-sqlite3'

/**
 * The whole of what was read and judged. Left out is what a clock or a counter
 * says: when something was detected or last read, and the numbers of the entries.
 */
const HISTORY: readonly string[] = [
  `SELECT path, metric, role, samples, non_finite FROM series JOIN files ON files.id = file_id ORDER BY path, metric`,
  `SELECT path, metric, ordinal, attempt, step, value, kind, raw, offset FROM samples
    JOIN series ON series.id = series_id JOIN files ON files.id = file_id ORDER BY path, metric, ordinal`,
  `SELECT path, metric, bucket, attempt, finite, nan, infinity, neg_infinity, min, max, first, last, sum, crc FROM rollups JOIN series ON series.id = series_id JOIN files ON files.id = file_id
    ORDER BY path, metric, bucket, attempt`,
  `SELECT path, ordinal, attempt, step, offset, reported_loss, measure FROM batches
    JOIN files ON files.id = file_id ORDER BY path, ordinal`,
  `SELECT path, offset, reason, detail, excerpt FROM rejects JOIN files ON files.id = file_id ORDER BY path, offset`,
  `SELECT path, format, cursor, files.state, backfill_until FROM files ORDER BY path`,
  `SELECT name, state, backfill, json_remove(memory, '$.incidents', '$.pace') FROM runs ORDER BY name`,
  `SELECT json_remove(body, '$.detectedAt', '$.resolvedAt') FROM alerts ORDER BY id`,
  `SELECT count(*) FROM gaps`,
]

/** How many rows of two histories differ. */
export function countDifferences(one: string, other: string): number {
  const [first, second] = [new Database(one, { readonly: true }), new Database(other, { readonly: true })]
  try {
    return HISTORY.map((query) => differing(rowsOf(first, query), rowsOf(second, query))).reduce((a, b) => a + b)
  } finally {
    first.close()
    second.close()
  }
}

function rowsOf(db: Database.Database, query: string): IterableIterator<unknown[]> {
  return db.prepare(query).raw().iterate() as IterableIterator<unknown[]>
}

function differing(first: Iterator<unknown[]>, second: Iterator<unknown[]>): number {
  let count = 0
  for (;;) {
    const [a, b] = [first.next(), second.next()]
    if (a.done && b.done) return count
    if (a.done || b.done || !a.value.every((value, i) => value === b.value[i])) count++
  }
}
