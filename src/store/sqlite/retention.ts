import type Database from 'better-sqlite3'
import { CHUNK_SAMPLES } from '../../chunks/chunk.ts'
import { PACKED_COLUMNS } from './chunk-columns.ts'

/** How long the rows of runs that are over are kept. Null keeps everything. */
export interface Retention {
  /** After this many days in which a run wrote nothing, its rows are dropped. */
  readonly rawDays: number | null
  /** Above this many rows altogether, rows are dropped, first those of the runs that were written longest ago. */
  readonly rawSamples: number | null
}

export const KEEP_EVERYTHING: Retention = { rawDays: null, rawSamples: null }

/** The chunks that are emptied in one transaction: a commit waits no longer than that takes. */
const BUCKETS_AT_ONCE = 20
const TIMES_AT_MOST = 400
const FREED_PAGES_AT_ONCE = 128
const DAY_MS = 86_400_000
/** A run that is not running may still go on, for example a failed one. After this long in silence it does not. */
const QUIET_MS = 3_600_000

/** A series with rows that may be dropped. */
interface Candidate {
  readonly id: number
  /** The first ordinal whose row is kept so far. */
  readonly keptFrom: number
  /** The ordinal up to which rows may be dropped. */
  readonly droppable: number
}

/**
 * Drops finite samples of runs that are over, up to some number in each call.
 *
 * It keeps what each chunk comes to, and with that every extreme; every non-finite sample;
 * and the newest chunk of each series, because a run may be resumed and its last
 * sample then moves to another attempt.
 */
export async function dropOldRows(db: Database.Database, retention: Retention, nowMs: number): Promise<void> {
  const { rawDays, rawSamples } = retention
  const candidate = db.prepare<[string], Candidate>(
    `SELECT series.id, kept_from AS keptFrom, (samples - 1) / ${CHUNK_SAMPLES} * ${CHUNK_SAMPLES} AS droppable
     FROM series JOIN files ON files.id = file_id JOIN runs ON runs.id = run_id
     WHERE runs.state NOT IN ('starting', 'running', 'stalled') AND last_read_at < ? AND kept_from < droppable
     ORDER BY last_read_at, series.id LIMIT 1`,
  )
  const rawRows = db.prepare<[], number>('SELECT total(samples - kept_from) FROM series').pluck()
  const empty = db.prepare(
    `UPDATE chunks SET ${PACKED_COLUMNS.map((column) => `${column} = ${column === 'epoch_scale' ? 1 : 'NULL'}`).join(', ')}
     WHERE series_id = :id AND bucket >= :from AND bucket < :to`,
  )
  const mark = db.prepare('UPDATE series SET kept_from = :until WHERE id = :id')
  const dropSome = db.transaction(({ id, keptFrom, droppable }: Candidate) => {
    const until = Math.min(keptFrom + BUCKETS_AT_ONCE * CHUNK_SAMPLES, droppable)
    empty.run({ id, from: keptFrom / CHUNK_SAMPLES, to: until / CHUNK_SAMPLES })
    mark.run({ id, until })
  })
  const next = (): Candidate | undefined => {
    const expired = rawDays === null ? undefined : candidate.get(isoBefore(nowMs, rawDays * DAY_MS))
    if (expired !== undefined || rawSamples === null || rawRows.get()! <= rawSamples) return expired
    return candidate.get(isoBefore(nowMs, QUIET_MS))
  }

  for (let times = 0; times < TIMES_AT_MOST; times++) {
    const found = next()
    if (found === undefined) return
    dropSome.immediate(found)
    db.pragma(`incremental_vacuum(${FREED_PAGES_AT_ONCE})`)
    // Lets waiting commits run in between.
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function isoBefore(nowMs: number, ms: number): string {
  return new Date(nowMs - ms).toISOString()
}
