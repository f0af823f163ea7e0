import type Database from 'better-sqlite3'
import type { RunStatus } from '../../protocol/run.ts'

export interface FileRow {
  readonly path: string
  readonly run: string
  readonly name: string
  readonly cursor: string | null
  readonly state: string
  readonly backfillUntil: number
}

interface RunRow extends RunStatus {
  readonly run: string
  readonly memory: string
  readonly backfill: number
  readonly lastReadAt: string
}

interface ForgottenRow {
  readonly path: string
  readonly cursor: string | null
}

/** The statements of the writing connection, prepared once. */
export function statements(db: Database.Database) {
  return {
    putRun: db
      .prepare<[object], number>(
        `INSERT INTO runs
           (name, state, state_since, state_known_by, state_reason, backfill, first_seen_at, last_read_at, memory)
         VALUES
           (:run, :state, :stateSince, :stateKnownBy, :stateReason, :backfill, :atIso, coalesce(:readAt, :atIso), :memory)
         ON CONFLICT (name) DO UPDATE SET
           state = :state, state_since = :stateSince, state_known_by = :stateKnownBy, state_reason = :stateReason, backfill = :backfill, memory = :memory, last_read_at = coalesce(:readAt, last_read_at)
         RETURNING id`,
      )
      .pluck(),

    putFile: db
      .prepare<[object], number>(
        `INSERT INTO files (run_id, path, name, format, cursor, state, backfill_until)
         VALUES (:runId, :path, :name, :format, :cursor, :state, :backfillUntil)
         ON CONFLICT (path) DO UPDATE SET
           format = :format, cursor = :cursor, state = :state, backfill_until = :backfillUntil
         RETURNING id`,
      )
      .pluck(),

    putPastFile: db.prepare(
      'INSERT INTO past_files (run_id, path, name, cursor, state) VALUES (:runId, :path, :name, :cursor, :state)',
    ),

    trimPastFiles: db.prepare('DELETE FROM past_files WHERE id <= (SELECT max(id) FROM past_files) - :most'),

    addBatch: db.prepare(
      `INSERT INTO batches (file_id, ordinal, attempt, step, offset, reported_loss, measure)
       VALUES (:fileId, :ordinal, :attempt, :step, :offset, :reportedLoss, :measure)`,
    ),

    addReject: db.prepare(
      'INSERT INTO rejects (file_id, offset, reason, detail, excerpt) VALUES (:fileId, :offset, :reason, :detail, :excerpt)',
    ),

    addGap: db.prepare(
      `INSERT INTO gaps (file_id, at, offset, bytes, reason)
       SELECT id, :at, :offset, :bytes, :reason FROM files WHERE path = :file`,
    ),

    putAlert: db.prepare(
      `INSERT INTO alerts (id, run_id, rule, severity, state, metric, step, attempt, detected_at, message, body)
       VALUES (:id, :runId, :rule, :severity, :state, :metric, :step, :attempt, :detectedAt, :message, :body)
       ON CONFLICT (id) DO UPDATE SET
         rule = :rule, severity = :severity, state = :state, metric = :metric, step = :step, message = :message, body = :body`,
    ),

    addEntry: db.prepare('INSERT INTO entries (at, body) VALUES (:at, :body)'),

    head: db.prepare<[], number>('SELECT max(seq) FROM entries').pluck(),

    owe: db.prepare(
      'INSERT INTO outbox (key, sink, alert_id, body) VALUES (:key, :sink, :alertId, :body) ON CONFLICT DO NOTHING',
    ),

    files: db.prepare<[], FileRow>(
      `SELECT files.path, runs.name AS run, files.name, cursor, files.state, backfill_until AS backfillUntil
       FROM files JOIN runs ON runs.id = files.run_id`,
    ),

    pastFiles: db.prepare<[], FileRow>(
      `SELECT path, runs.name AS run, past_files.name, cursor, past_files.state, 0 AS backfillUntil
       FROM past_files JOIN runs ON runs.id = run_id ORDER BY past_files.id`,
    ),

    runs: db.prepare<[], RunRow>(
      `SELECT name AS run, memory, state, state_since AS stateSince, state_known_by AS stateKnownBy,
         state_reason AS stateReason, backfill, last_read_at AS lastReadAt
       FROM runs`,
    ),

    roots: db.prepare<[], string>('SELECT path FROM roots').pluck(),

    markScanned: db.prepare('INSERT INTO roots (path, first_scanned_at) VALUES (:root, :atIso) ON CONFLICT DO NOTHING'),

    putDaemon: db.prepare(
      "INSERT INTO meta (key, value) VALUES ('daemon', :value) ON CONFLICT (key) DO UPDATE SET value = :value",
    ),

    noteForgotten: db.prepare(
      `INSERT OR REPLACE INTO forgotten (path, cursor)
       SELECT path, cursor FROM files JOIN runs ON runs.id = run_id WHERE runs.name = :run`,
    ),

    forget: db.prepare('DELETE FROM runs WHERE name = :run'),

    forgotten: db.prepare<[], ForgottenRow>('SELECT path, cursor FROM forgotten'),
  }
}
