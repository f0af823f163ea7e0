import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { StoreError } from '../store-error.ts'
import { soundnessOf } from './soundness.ts'

const EVERY_MS = 3_600_000
const KEPT = 3
const UNFINISHED = 'unfinished.db'
const PAGES_AT_ONCE = 1000

/** Copies the database, which may be in use, if the newest back-up is an hour old. The last three copies are kept. */
export async function backUpHourly(db: Database.Database, path: string, nowMs: number): Promise<void> {
  const newest = backups(path)[0]
  if (newest !== undefined && nowMs - statSync(newest).mtimeMs < EVERY_MS) return
  await backUp(db, path, nowMs)
}

/** Copies the database now. A copy gets its name only once it has been found sound. */
export async function backUp(db: Database.Database, path: string, nowMs: number): Promise<void> {
  const folder = folderOf(path)
  mkdirSync(folder, { recursive: true })
  const unfinished = join(folder, UNFINISHED)
  rmSync(unfinished, { force: true })
  await db.backup(unfinished, { progress: () => PAGES_AT_ONCE })
  if (soundnessOf(unfinished) !== 'sound') {
    throw new StoreError(
      `${path}: its back-up is damaged, and so may it be. Restart nanwatch: it checks and repairs it.`,
    )
  }
  renameSync(unfinished, join(folder, `${stamp(nowMs)}.db`))
  for (const old of backups(path).slice(KEPT)) rmSync(old)
}

/** The back-ups of a database, the newest first. */
export function backups(path: string): string[] {
  try {
    return readdirSync(folderOf(path))
      .filter((name) => name.endsWith('.db') && name !== UNFINISHED)
      .sort()
      .reverse()
      .map((name) => join(folderOf(path), name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** A time as a file name. Such names sort by time. */
export function stamp(nowMs: number): string {
  return new Date(nowMs).toISOString().replaceAll(':', '-')
}

/** The folder with the copies of a database. */
export function folderOf(path: string): string {
  return `${path}.backups`
}
