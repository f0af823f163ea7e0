import { readFileSync } from 'node:fs'
import type Database from 'better-sqlite3'

/** Linux gives each start of the machine a name of its own. */
const NAME_OF_START = '/proc/sys/kernel/random/boot_id'

/**
 * Whether the machine was started anew since a daemon wrote this database, or may have been: only then can commits that
 * were told of be missing. Takes note of the present start.
 */
export function hasMachineRestarted(db: Database.Database): boolean {
  const now = nameOfStart()
  const before = db.prepare<[], string>("SELECT value FROM meta WHERE key = 'machine-start'").pluck().get()
  if (now !== null && now === before) return false
  db.prepare(
    "INSERT INTO meta (key, value) VALUES ('machine-start', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
  ).run(now ?? 'unknown')
  // Before this was noted, no commit was told of that a power cut could undo.
  return before !== undefined
}

function nameOfStart(): string | null {
  try {
    return readFileSync(NAME_OF_START, 'utf8').trim()
  } catch {
    return null
  }
}
