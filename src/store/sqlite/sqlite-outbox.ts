import type Database from 'better-sqlite3'
import type { Outbox } from '../../core/alerts/outbox.ts'
import { decodeJson } from '../../protocol/json.ts'
import type { WalFlush } from './wal-flush.ts'

interface OwedRow {
  readonly id: number
  readonly key: string
  readonly attempts: number
  readonly body: string
}

/** The rows that may be sent to a sink: only the oldest of each alert, or `resolved` could overtake a `firing` that is being retried. */
const OWED = `
  FROM outbox AS owed WHERE state = 'owed' AND sink = ? AND NOT EXISTS (
    SELECT 1 FROM outbox AS older
    WHERE older.state = 'owed' AND older.sink = owed.sink AND older.alert_id = owed.alert_id AND older.id < owed.id
  )`

/** The notifications owed, the oldest first for each sink. A row is marked after its delivery, and never before. */
export function sqliteOutbox(db: Database.Database, flush: WalFlush): Outbox {
  const due = db.prepare<[string, number], OwedRow>(
    `SELECT id, key, attempts, body ${OWED} AND not_before_ms <= ? ORDER BY id LIMIT 1`,
  )
  const nextDue = db.prepare<[string], number | null>(`SELECT min(not_before_ms) ${OWED}`).pluck()
  const settle = db.prepare<[string, string | null, number]>('UPDATE outbox SET state = ?, reason = ? WHERE id = ?')
  const postpone = db.prepare<[number, string, number]>(
    'UPDATE outbox SET attempts = attempts + 1, not_before_ms = ?, reason = ? WHERE id = ?',
  )
  return {
    async due(sink, nowMs) {
      const row = due.get(sink, nowMs)
      if (row === undefined) return null
      // What leaves the machine cannot be taken back by a power cut, so neither may the reason for it.
      await flush.done()
      const { body, ...owed } = row
      return { ...owed, transition: decodeJson(body) }
    },
    async nextDueMs(sink) {
      return nextDue.get(sink) ?? null
    },
    async markDelivered(id) {
      settle.run('delivered', null, id)
    },
    async markRefused(id, reason) {
      settle.run('refused', reason, id)
    },
    async postpone(id, untilMs, reason) {
      postpone.run(untilMs, reason, id)
    },
  }
}
