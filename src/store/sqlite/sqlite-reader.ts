import type Database from 'better-sqlite3'
import type { Alert } from '../../protocol/alert.ts'
import { errorMessage } from '../../protocol/error-message.ts'
import { decodeJson } from '../../protocol/json.ts'
import type { RunSummary, SeriesInfo } from '../../protocol/run.ts'
import { CROSS_ENTROPY, LOSS_ROLES } from '../../protocol/sample.ts'
import { type MetricValue, metricValue } from '../../protocol/value.ts'
import type { Entry, EntryBody, EnvelopeAnswer, Gap, Reject, SamplesAnswer, Seq } from '../../protocol/wire.ts'
import type { DaemonAddress, Reader, StoredBatch } from '../store.ts'
import { StoreError } from '../store-error.ts'
import { envelopes } from './envelope.ts'
import { openForReading } from './open-database.ts'
import { samplePages } from './sample-pages.ts'
import type { SqlReader } from './sql-reader.ts'
import { unpackSamplesFast } from './unpacked-samples.ts'

interface BatchRow {
  readonly step: number | null
  readonly attempt: number
  readonly measure: string
  readonly reportedLoss: string | null
}

interface RunSummaryRow extends Omit<RunSummary, 'files' | 'backfill' | 'lastLoss' | 'lastStep' | 'hasLoss'> {
  readonly files: string
  readonly backfill: number
  readonly hasLoss: number
  readonly memory: string
}

const RUNS = `
  SELECT runs.name AS run, runs.state, state_since AS stateSince, state_known_by AS stateKnownBy,
    state_reason AS stateReason, runs.backfill, runs.memory,
    first_seen_at AS firstSeenAt, last_read_at AS lastReadAt,
    (SELECT json_group_array(path) FROM files WHERE run_id = runs.id) AS files,
    (SELECT coalesce(sum(json_extract(files.state, '$.counts.samples')), 0) FROM files WHERE run_id = runs.id) AS samples,
    (SELECT coalesce(sum(json_extract(files.state, '$.counts.batches')), 0) FROM files WHERE run_id = runs.id) AS batches,
    (SELECT coalesce(sum(json_extract(files.state, '$.counts.rejects')), 0) FROM files WHERE run_id = runs.id) AS rejects,
    EXISTS (SELECT 1 FROM series JOIN files ON files.id = file_id
      WHERE run_id = runs.id AND (role IN (${LOSS_ROLES.map((role) => `'${role}'`).join(', ')}) OR metric = '${CROSS_ENTROPY}')) AS hasLoss,
    (SELECT count(*) FROM gaps JOIN files ON files.id = file_id WHERE run_id = runs.id) AS gaps,
    (SELECT count(*) FROM alerts WHERE run_id = runs.id AND alerts.state = 'firing' AND severity = 'critical'
      AND json_extract(body, '$.partOf') IS NULL) AS critical,
    (SELECT count(*) FROM alerts WHERE run_id = runs.id AND alerts.state = 'firing' AND severity = 'warning'
      AND json_extract(body, '$.partOf') IS NULL) AS warning
  FROM runs ORDER BY last_read_at DESC, runs.id DESC`

const SERIES = `
  SELECT series.id, runs.name AS run, files.path AS file, metric, role, samples, non_finite AS nonFinite, kept_from AS keptFrom
  FROM series JOIN files ON files.id = file_id JOIN runs ON runs.id = run_id`

/** Opens the database for reading, whether or not a daemon writes to it. Throws a StoreError. */
export function sqliteReader(path: string): SqlReader {
  return readerOf(openForReading(path), async (read) => {
    const db = openForReading(path)
    try {
      // A transaction sees the database as it was at its first statement.
      db.exec('BEGIN; SELECT 1 FROM meta')
      const view: Reader = readerOf(db, (within) => within(view))
      return await read(view)
    } finally {
      db.close()
    }
  })
}

/** Reads through one connection. Nothing is awaited within an answer, so no commit of this process comes between its statements. */
function readerOf(db: Database.Database, snapshot: Reader['snapshot']): SqlReader {
  const epoch = db.prepare<[], string>("SELECT value FROM meta WHERE key = 'epoch'").pluck()
  const daemon = db.prepare<[], string>("SELECT value FROM meta WHERE key = 'daemon'").pluck()
  const head = db.prepare<[], number | null>('SELECT max(seq) FROM entries').pluck()
  const entriesAfter = db.prepare<[Seq, number], { seq: number; at: string; body: string }>(
    'SELECT seq, at, body FROM entries WHERE seq > ? ORDER BY seq LIMIT ?',
  )
  const runs = db.prepare<[], RunSummaryRow>(RUNS)
  const alerts = db
    .prepare<[object], string>(
      `SELECT body FROM alerts JOIN runs ON runs.id = run_id
       WHERE (:run IS NULL OR runs.name = :run) AND (:state IS NULL OR alerts.state = :state)
         AND (:withParts = 1 OR json_extract(body, '$.partOf') IS NULL)
       ORDER BY detected_at DESC, alerts.rowid DESC`,
    )
    .pluck()
  const seriesOfRun = db.prepare<[object], SeriesInfo>(
    `${SERIES} WHERE :run IS NULL OR runs.name = :run ORDER BY series.id`,
  )
  const oneSeries = db.prepare<[number], SeriesInfo>(`${SERIES} WHERE series.id = ?`)
  const batches = db.prepare<[object], BatchRow>(
    `SELECT step, attempt, measure, reported_loss AS reportedLoss FROM batches JOIN files ON files.id = file_id
     WHERE path = :file AND (:until IS NULL OR step <= :until) ORDER BY ordinal DESC LIMIT :limit`,
  )
  const rejects = db.prepare<[string, number], Reject>(
    `SELECT runs.name AS run, path AS file, offset, reason, detail, excerpt
     FROM rejects JOIN files ON files.id = file_id JOIN runs ON runs.id = run_id
     WHERE runs.name = ? ORDER BY rejects.id DESC LIMIT ?`,
  )
  const gaps = db.prepare<[string], Gap & { at: string }>(
    `SELECT runs.name AS run, path AS file, at, offset, bytes, reason
     FROM gaps JOIN files ON files.id = file_id JOIN runs ON runs.id = run_id
     WHERE runs.name = ? ORDER BY gaps.id`,
  )

  const [pages, envelope] = [samplePages(db), envelopes(db)]
  const samplesOf = db.transaction((seriesId: number, after: number, limit: number): SamplesAnswer | null => {
    const series = oneSeries.get(seriesId)
    if (series === undefined) return null
    return { series, ...pages(seriesId, after, limit) }
  })
  const envelopeOf = db.transaction((seriesId: number, buckets: number): EnvelopeAnswer | null => {
    const series = oneSeries.get(seriesId)
    return series === undefined ? null : envelope(series, buckets)
  })

  return {
    epoch: async () => epoch.get() ?? '',
    head: async () => head.get() ?? 0,
    async daemon() {
      const address = daemon.get()
      return address === undefined ? null : decodeJson<DaemonAddress>(address)
    },
    entriesAfter: async (seq, limit) =>
      entriesAfter
        .all(seq, limit)
        .map(({ body, ...entry }): Entry => ({ ...decodeJson<EntryBody>(body), seq: entry.seq, at: entry.at })),
    runs: async () => runs.all().map(runSummary),
    alerts: async ({ run, state, withParts = false }) =>
      alerts
        .all({ run: run ?? null, state: state ?? null, withParts: withParts ? 1 : 0 })
        .map((body) => decodeJson<Alert>(body)),
    series: async (run) => seriesOfRun.all({ run: run ?? null }),
    samples: async (seriesId, after, limit) => samplesOf(seriesId, after, limit),
    envelope: async (seriesId, buckets) => envelopeOf(seriesId, buckets),
    batches: async (file, until, limit) => batches.all({ file, until, limit }).reverse().map(storedBatch),
    rejects: async (run, limit) => rejects.all(run, limit),
    gaps: async (run) => gaps.all(run),
    snapshot,
    query: (sql) => query(db, sql),
    close: async () => void db.close(),
  }
}

function runSummary({ memory, backfill, files, hasLoss, ...row }: RunSummaryRow): RunSummary {
  const { lastStep, lastLoss } = decodeJson<{ lastStep: number | null; lastLoss: MetricValue | null }>(memory)
  return { ...row, files: decodeJson(files), backfill: backfill === 1, hasLoss: hasLoss === 1, lastStep, lastLoss }
}

function storedBatch({ measure, reportedLoss, ...row }: BatchRow): StoredBatch {
  return { ...row, measure: decodeJson(measure), reportedLoss: reportedLoss === null ? null : decodeJson(reportedLoss) }
}

function query(db: Database.Database, sql: string): ReturnType<SqlReader['query']> {
  let statement: Database.Statement<[], unknown[]>
  try {
    unpackSamplesFast(db)
    statement = db.prepare<[], unknown[]>(sql)
  } catch (error) {
    throw new StoreError(`sql: ${errorMessage(error)}. The tables are described in docs/database.md.`, {
      cause: error,
    })
  }
  if (!statement.reader || !statement.readonly) {
    throw new StoreError('sql: only statements that read are run; this one would change the database.')
  }
  return {
    columns: statement.columns().map((column) => column.name),
    *rows() {
      for (const row of statement.raw().safeIntegers().iterate()) yield row.map(readable)
    },
  }
}

function readable(cell: unknown): unknown {
  if (Buffer.isBuffer(cell)) return cell.toString('hex')
  if (typeof cell === 'bigint') return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell)
  return typeof cell === 'number' ? metricValue(cell) : cell
}
