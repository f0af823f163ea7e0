import type Database from 'better-sqlite3'
import { decodeJson, encodeJson } from '../../protocol/json.ts'

/** Changes the JSON in a column row by row, because a large history does not fit into memory. */
export function rewriteColumn<Old>(
  db: Database.Database,
  table: string,
  column: string,
  change: (old: Old) => unknown,
): void {
  const next = db.prepare<[number], { id: number; text: string }>(
    `SELECT rowid AS id, ${column} AS text FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT 1`,
  )
  const put = db.prepare<[string, number]>(`UPDATE ${table} SET ${column} = ? WHERE rowid = ?`)
  for (let row = next.get(Number.MIN_SAFE_INTEGER); row !== undefined; row = next.get(row.id)) {
    put.run(encodeJson(change(decodeJson<Old>(row.text))), row.id)
  }
}
