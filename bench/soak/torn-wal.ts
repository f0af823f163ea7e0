import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { type SqliteStore, sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import type { Store } from '../../src/store/store.ts'
import { follow, noFileEvents } from '../../test/daemon/following.ts'
import { imageOf } from '../../test/store/sqlite/disk-image.ts'
import { countDifferences } from './history.ts'
import { logLine } from './log-line.ts'
import { type Outcome, pauseMs, seededRandom, type Tell } from './promise.ts'

const SEED = 9
const COMMITS = 50
const LINES_A_COMMIT = 12
const SWEEP_MS = 5
const PATIENCE_MS = 20_000
const TORN_BYTES = 4096

export interface TornWalSettings {
  readonly trials: number
  /** From how many of the states that come back the log is read again, at most. */
  readonly readings: number
  /** How a commit reaches the store: as one, or in parts that the check must catch. */
  readonly save?: (store: Store, commit: Parameters<Store['commit']>[0]) => Promise<number>
}

/** What a database holds, in one line of text. */
const STATE = `SELECT coalesce((SELECT max(cursor) FROM files), '-') || ' ' ||
  (SELECT count(*) || ' ' || total(ordinal * kind + ordinal) || ' ' || total(value) || ' ' || total(step) FROM samples) || ' ' ||
  (SELECT count(*) || ' ' || total(finite) FROM rollups) || ' ' || (SELECT count(*) FROM batches) || ' ' ||
  (SELECT count(*) FROM rejects) || ' ' || (SELECT count(*) || ' ' || coalesce(max(seq), 0) FROM entries) || ' ' ||
  (SELECT count(*) || ' ' || total(length(body)) FROM alerts) || ' ' || (SELECT total(length(memory)) FROM runs)`

/**
 * Cuts, zeroes or scrambles the write-ahead log of a database, as a power cut
 * may: what is found must be what some commit had left, whole, and the log of
 * the job must lead from there to the same history.
 */
export async function tornWal(
  { trials, readings, save = (store, commit) => store.commit(commit) }: TornWalSettings,
  tell: Tell,
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'nanwatch-wal-'))
  const startedMs = Date.now()
  try {
    const log = join(folder, 'runs', 'job', 'metrics.jsonl')
    const { image, whole, states } = await record(folder, log, save)
    const random = seededRandom(SEED)
    const counts = { torn: 0, corrupt: 0, different: 0 }
    const found = new Set<string>()
    const wal = readFileSync(`${image}-wal`)
    const trial = join(folder, 'trial.db')
    for (let done = 1; done <= trials; done++) {
      lay(image, trial, damaged(wal, random))
      const { state, isSound } = look(trial)
      if (!isSound) counts.corrupt++
      else if (!states.has(state)) counts.torn++
      else if (!found.has(state)) {
        found.add(state)
        if (found.size > readings) continue
        counts.different += await readAgain(trial, folder, log, whole)
      }
      if (done % 2000 === 0) tell(`${done} of ${trials} trials`)
    }
    return {
      counts,
      figures: {
        trials,
        commits: states.size - 1,
        recoveryPoints: found.size,
        readAgain: Math.min(readings, found.size),
        walBytes: wal.length,
        seconds: Math.round((Date.now() - startedMs) / 1000),
      },
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Has a job read in many commits, of which the write-ahead log holds all. */
async function record(folder: string, log: string, save: NonNullable<TornWalSettings['save']>) {
  mkdirSync(dirname(log), { recursive: true })
  writeFileSync(log, '')
  const database = join(folder, 'nanwatch.db')
  const store = sqliteStore(database)
  const reader = new Database(database, { readonly: true })
  const state = reader.prepare<[], string>(STATE).pluck()
  const states = new Set<string>()
  let commits = 0
  const watched: SqliteStore = {
    ...store,
    async commit(commit) {
      const seq = await save(store, commit)
      states.add(state.get()!)
      commits++
      return seq
    },
  }
  const end = await follow({
    root: dirname(dirname(log)),
    store: watched,
    fileEvents: noFileEvents(),
    sweepMs: SWEEP_MS,
  })
  // The schema and the first listing of the folder lie in the database itself: they are never in doubt.
  await store.upkeep(0)
  // While somebody reads what there was at the beginning, the log cannot begin anew.
  const holder = new Database(database, { readonly: true })
  holder.exec('BEGIN; SELECT count(*) FROM runs')
  for (let i = 0; i < COMMITS; i++) {
    const before = commits
    const lines = Array.from({ length: LINES_A_COMMIT }, (_, j) => logLine(690 + i * LINES_A_COMMIT + j))
    appendFileSync(log, lines.join(''))
    await until(() => commits > before)
  }
  await until(() => cursorOf(database) === statSync(log).size)
  await end()
  const image = imageOf(database, join(folder, 'image'))
  for (const connection of [reader, holder]) connection.close()
  await store.close()
  return { image, whole: database, states }
}

/** What is left of a log whose tail was being written: cut, zeroed, scrambled, or with one bit turned. */
function damaged(wal: Buffer, random: () => number): Buffer {
  const at = Math.floor(random() * wal.length)
  const copy = Buffer.from(wal)
  switch (Math.floor(random() * 4)) {
    case 0:
      return copy.subarray(0, at)
    case 1:
      return copy.fill(0, at)
    case 2:
      for (let i = at; i < Math.min(copy.length, at + TORN_BYTES); i++) copy[i] = Math.floor(random() * 256)
      return copy
    default:
      copy[at]! ^= 1 << Math.floor(random() * 8)
      return copy
  }
}

function lay(image: string, trial: string, log: Buffer): void {
  for (const part of ['-shm', '-wal', '.lock']) rmSync(trial + part, { force: true })
  copyFileSync(image, trial)
  writeFileSync(`${trial}-wal`, log)
}

function look(database: string): { readonly state: string; readonly isSound: boolean } {
  const db = new Database(database)
  try {
    // Left as it was found, for whoever reads on from it.
    db.pragma('wal_autocheckpoint = 0')
    const isSound = db.pragma('quick_check', { simple: true }) === 'ok'
    return { state: db.prepare<[], string>(STATE).pluck().get()!, isSound }
  } catch {
    return { state: '', isSound: false }
  } finally {
    db.close()
  }
}

/** Reads on from a recovered database. Answers in how many rows the history then differs. */
async function readAgain(database: string, folder: string, log: string, whole: string): Promise<number> {
  const store = sqliteStore(database)
  const end = await follow({ root: join(folder, 'runs'), store, fileEvents: noFileEvents(), sweepMs: SWEEP_MS })
  const isRead = await until(() => cursorOf(database) === statSync(log).size)
  await end()
  await store.close()
  return isRead ? countDifferences(database, whole) : 1
}

function cursorOf(database: string): unknown {
  const db = new Database(database, { readonly: true })
  try {
    return db.prepare("SELECT json_extract(cursor, '$.offset') FROM files").pluck().get()
  } finally {
    db.close()
  }
}

async function until(holds: () => boolean): Promise<boolean> {
  const deadline = Date.now() + PATIENCE_MS
  while (!holds()) {
    if (Date.now() > deadline) return false
    await pauseMs(2)
  }
  return true
}
