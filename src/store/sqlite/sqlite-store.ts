import { randomUUID } from 'node:crypto'
import type Database from 'better-sqlite3'
import { mainReader } from '../../core/formats/source-readers.ts'
import type { Commit, FileUpdate, FollowedFile, RunUpdate } from '../../core/pipeline/commit.ts'
import type { SavedRun } from '../../core/state/saved-run.ts'
import { messageOf } from '../../protocol/alert.ts'
import { decodeJson, encodeJson } from '../../protocol/json.ts'
import type { Seq } from '../../protocol/wire.ts'
import type { ForgottenFile, Resumption, Store } from '../store.ts'
import type { StoreCare } from '../store-care.ts'
import { StoreError } from '../store-error.ts'
import { lock } from './lock.ts'
import { hasMachineRestarted } from './machine-start.ts'
import { openForWriting } from './open-for-writing.ts'
import { repair } from './repair.ts'
import { ReservedSpace } from './reserved-space.ts'
import { KEEP_EVERYTHING, type Retention } from './retention.ts'
import { sampleWriter } from './sample-writer.ts'
import { sqliteCare } from './sqlite-care.ts'
import { sqliteOutbox } from './sqlite-outbox.ts'
import { isDamage, isFull, reasonOf } from './sqlite-reason.ts'
import { type FileRow, statements } from './statements.ts'
import { WalFlush } from './wal-flush.ts'

/** How many files are remembered whose path another file has taken. A log that was renamed is found within minutes. */
const MOST_PAST_FILES = 1024

export interface SqliteOptions {
  readonly retention?: Retention
  /** How much room on the disk is reserved for the time when it is full; 0 for none. */
  readonly reservedBytes?: number
  /** Whether it was found to be damaged. Then it is put aside, even if a quick check finds nothing. */
  readonly isDamaged?: boolean
  /** Called with each statement before it runs; throwing makes the statement fail. For tests of failures. */
  readonly onStatement?: (sql: string) => void
}

/** The store and its care, which share the writing connection. */
export interface SqliteStore extends Store, StoreCare {}

/** Opens the database for the one daemon that may write it. Throws a StoreError. */
export function sqliteStore(path: string, options: SqliteOptions = {}): SqliteStore {
  const { retention = KEEP_EVERYTHING, reservedBytes = 0, isDamaged = false, onStatement } = options
  const unlock = lock(path)
  const reserved = new ReservedSpace(path, reservedBytes)
  let db: Database.Database
  let repaired: string | null
  try {
    repaired = repair(path, Date.now(), isDamaged)
    db = withRoom(reserved, () => openForWriting(path, onStatement))
    // Entries count on from those of the back-up, or from those that a power cut has left. With a new epoch no follower
    // takes their numbers for the old ones.
    if (hasMachineRestarted(db) || repaired !== null)
      db.prepare("UPDATE meta SET value = ? WHERE key = 'epoch'").run(randomUUID())
  } catch (error) {
    unlock()
    throw error instanceof StoreError ? error : new StoreError(`${path}: cannot be repaired: ${reasonOf(error)}`)
  }
  reserved.take()
  const write = statements(db)
  const putSamples = sampleWriter(db)
  const flush = new WalFlush(path)

  const apply = db.transaction((commit: Commit): Seq => {
    const runIds = new Map<string, number>()
    for (const run of commit.runs) runIds.set(run.run, putRun(run, commit.atIso))
    for (const update of commit.files) putFile(update, runIds)
    for (const { run, path, name, cursor, state } of commit.pastFiles) {
      write.putPastFile.run({
        runId: runIds.get(run),
        path,
        name,
        cursor: encodeJson(cursor),
        state: encodeJson(state),
      })
    }
    if (commit.pastFiles.length > 0) write.trimPastFiles.run({ most: MOST_PAST_FILES })
    for (const { alert } of commit.transitions) {
      const { id, rule, severity, state, metric, step, attempt, detectedAt } = alert
      const runId = runIds.get(alert.run)
      write.putAlert.run({
        id,
        runId,
        rule,
        severity,
        state,
        metric,
        step,
        attempt,
        detectedAt,
        message: messageOf(alert),
        body: encodeJson(alert),
      })
    }
    for (const gap of commit.gaps) write.addGap.run({ ...gap, at: commit.atIso })
    for (const entry of commit.entries) write.addEntry.run({ at: commit.atIso, body: encodeJson(entry) })
    for (const { key, sink, transition } of commit.owed) {
      write.owe.run({ key, sink, alertId: transition.alert.id, body: encodeJson(transition) })
    }
    for (const root of commit.scannedRoots) write.markScanned.run({ root, atIso: commit.atIso })
    return write.head.get() ?? 0
  })

  function putRun({ memory, backfill, ...run }: RunUpdate, atIso: string): number {
    return write.putRun.get({ ...run, memory: encodeJson(memory), backfill: backfill ? 1 : 0, atIso })!
  }

  function putFile({ file, samples, moves, batches, rejects }: FileUpdate, runIds: ReadonlyMap<string, number>): void {
    const fileId = write.putFile.get({
      runId: runIds.get(file.run),
      path: file.path,
      name: file.name,
      format: mainReader(file.state).format,
      cursor: file.cursor === null ? null : encodeJson(file.cursor),
      state: encodeJson(file.state),
      backfillUntil: file.backfillUntil,
    })!
    putSamples(fileId, samples, moves)
    for (const { ordinal, attempt, step, offset, measure, reportedLoss } of batches) {
      const loss = reportedLoss === null ? null : encodeJson(reportedLoss)
      write.addBatch.run({ fileId, ordinal, attempt, step, offset, reportedLoss: loss, measure: encodeJson(measure) })
    }
    for (const { offset, reason, detail, excerpt } of rejects)
      write.addReject.run({ fileId, offset, reason, detail, excerpt })
  }

  const forgetRun = db.transaction((run: string) => {
    write.noteForgotten.run({ run })
    if (write.forget.run({ run }).changes === 0) throw new StoreError(`${run}: no such run`)
  })

  /** Runs a change, in the reserved space if need be. It happens as a whole or not at all. Throws a StoreError. */
  const change = <T>(work: () => T): T => {
    try {
      // If the last transaction could not even be rolled back, this one would become part of it, and never be committed.
      if (db.inTransaction) db.exec('ROLLBACK')
      return withRoom(reserved, work)
    } catch (error) {
      if (error instanceof StoreError) throw error
      throw new StoreError(`${path}: cannot write: ${reasonOf(error)}`, { cause: error, isDamage: isDamage(error) })
    }
  }

  return {
    async commit(commit) {
      return change(() => {
        const head = apply.immediate(commit)
        // A power cut may undo a commit, but it undoes the cursor as well, so nothing is lost: the log is read again, and
        // tells the same alerts. Those that are on the disk it does not even repeat.
        if (commit.transitions.length > 0) flush.begin()
        return head
      })
    },

    async resumption(): Promise<Resumption> {
      const files = write.files.all().map(followedFile)
      const pastFiles = write.pastFiles.all().map(followedFile)
      const runs = write.runs.all().map(
        ({ memory, backfill, ...row }): SavedRun => ({
          ...row,
          memory: decodeJson(memory),
          backfill: backfill === 1,
        }),
      )
      const forgotten = write.forgotten
        .all()
        .map(({ path, cursor }): ForgottenFile => ({ path, cursor: cursor === null ? null : decodeJson(cursor) }))
      return { scannedRoots: new Set(write.roots.all()), files, pastFiles, runs, forgotten }
    },

    async announce(address) {
      change(() => write.putDaemon.run({ value: encodeJson(address) }))
    },

    async forget(run) {
      change(() => forgetRun.immediate(run))
    },

    ...sqliteCare(db, path, { retention, reserved, repaired }),
    outbox: sqliteOutbox(db, flush),

    async close() {
      await flush.done().catch(() => undefined)
      db.pragma('wal_checkpoint(TRUNCATE)')
      db.close()
      unlock()
    },
  }
}

function followedFile({ cursor, state, ...row }: FileRow): FollowedFile {
  return { ...row, cursor: cursor === null ? null : decodeJson(cursor), state: decodeJson(state) }
}

/** Runs `work`. If the disk was full it frees the reserved space and runs it once more. */
function withRoom<T>(reserved: ReservedSpace, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!isFull(error) || !reserved.free()) throw error
    return work()
  }
}
