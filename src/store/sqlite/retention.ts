import type Database from 'better-sqlite3'
import { ROLLUP_SAMPLES } from './rollup.ts'

/** What may be dropped of runs that are over. Null keeps everything. */
export interface Retention {
  /** Rows of runs that wrote nothing for so many days. */
  readonly rawDays: number | null
  /** Above so many rows altogether, those of the runs that wrote last longest ago. */
  readonly rawSamples: number | null
}

export const KEEP_EVERYTHING: Retention = { rawDays: null, rawSamples: null }

/** Rows deleted in one transaction: commits wait for no longer than that takes. */
const CHUNK_ORDINALS = 20 * ROLLUP_SAMPLES
const CHUNKS_AT_MOST = 400
const FREED_PAGES_AT_ONCE = 128
const DAY_MS = 86_400_000
/** A run that counts as failed may go on; one that is silent for as long does not. */
const QUIET_MS = 3_600_000

interface Candidate {
  readonly id: number
  readonly keptFrom: number
  readonly droppable: number
}

/**
 * Drops finite samples of runs that are over, up to some number with each call.
 *
 * What stays: the roll-ups, so every extreme; every non-finite sample; and the
 * newest bucket, for the run may be resumed and its last sample be moved.
 */
export async function dropOldRows(db: Database.Database, retention: Retention, nowMs: number): Promise<void> {
  const { rawDays, rawSamples } = retention
  const candidate = db.prepare<[string], Candidate>(
    `SELECT series.id, kept_from AS keptFrom, (samples - 1) / ${ROLLUP_SAMPLES} * ${ROLLUP_SAMPLES} AS droppable
     FROM series JOIN files ON files.id = file_id JOIN runs ON runs.id = run_id
     WHERE runs.state <> 'running' AND last_read_at < ? AND kept_from < droppable
     ORDER BY last_read_at, series.id LIMIT 1`,
  )
  const rawRows = db.prepare<[], number>('SELECT total(samples - kept_from) FROM series').pluck()
  const remove = db.prepare(
    'DELETE FROM samples WHERE series_id = :id AND ordinal >= :keptFrom AND ordinal < :until AND kind = 0',
  )
  const mark = db.prepare('UPDATE series SET kept_from = :until WHERE id = :id')
  const dropChunk = db.transaction(({ id, keptFrom, droppable }: Candidate) => {
    const until = Math.min(keptFrom + CHUNK_ORDINALS, droppable)
    remove.run({ id, keptFrom, until })
    mark.run({ id, until })
  })
  const next = (): Candidate | undefined => {
    const expired = rawDays === null ? undefined : candidate.get(isoBefore(nowMs, rawDays * DAY_MS))
    if (expired !== undefined || rawSamples === null || rawRows.get()! <= rawSamples) return expired
    return candidate.get(isoBefore(nowMs, QUIET_MS))
  }

  for (let chunks = 0; chunks < CHUNKS_AT_MOST; chunks++) {
    const found = next()
    if (found === undefined) return
    dropChunk.immediate(found)
    db.pragma(`incremental_vacuum(${FREED_PAGES_AT_ONCE})`)
    // Commits go between.
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function isoBefore(nowMs: number, ms: number): string {
  return new Date(nowMs - ms).toISOString()
}
