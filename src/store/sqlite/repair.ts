import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, readSync, renameSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isSqlite } from '../../core/binary/sqlite-head.ts'
import { openSqlite } from '../../sqlite/open-sqlite.ts'
import { backups, stamp } from './backups.ts'
import { APPLICATION_ID, SCHEMA_VERSION, schemaVersion } from './schema-version.ts'
import { soundnessOf } from './soundness.ts'
import { Verifier } from './verify.ts'

const APPLICATION_ID_OFFSET = 68

/**
 * Puts a damaged database aside, and its newest sound back-up in its place.
 *
 * What was read since that back-up is read again, because the back-up holds
 * older cursors. Without a back-up reading begins anew. A file that is no
 * database of nanwatch stays as it is, and so does one that cannot be opened
 * now. Returns what was done, in words, or null where there was nothing to do.
 * The caller must hold the lock.
 */
export function repair(path: string, nowMs: number, isDamaged = false): string | null {
  if (!existsSync(path) || (!isDamaged && soundnessOf(path) !== 'damaged')) return null
  const copies = backups(path)
  if (!isOurs(path) && copies.length === 0) return null

  const aside = `${path}.damaged-${stamp(nowMs)}`
  mkdirSync(aside)
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    if (existsSync(file)) renameSync(file, join(aside, basename(file)))
  }
  const copy = copies.find(isWholeAndSound)
  if (copy === undefined)
    return `the database was damaged and is now in ${aside}; there was no back-up, so everything is read again`
  copyFileSync(copy, path)
  return `the database was damaged and is now in ${aside}; the back-up ${basename(copy)} took its place, and what came after it is read again`
}

/** Whether a back-up is sound and all its samples are what was written: it may hold the same damage as the original. */
function isWholeAndSound(copy: string): boolean {
  if (soundnessOf(copy) !== 'sound') return false
  const db = openSqlite(copy, { readonly: true })
  try {
    // One of an older schema is checked sample by sample when it is brought up to date.
    if (schemaVersion(db) < SCHEMA_VERSION) return true
    const verifier = new Verifier(db)
    let found = verifier.next()
    while (found === null) found = verifier.next()
    return found === 'end'
  } finally {
    db.close()
  }
}

/** Whether the file begins like a database of nanwatch, even if the rest of it is damaged. */
function isOurs(path: string): boolean {
  const header = Buffer.alloc(APPLICATION_ID_OFFSET + 4)
  const file = openSync(path, 'r')
  try {
    readSync(file, header, 0, header.length, 0)
  } finally {
    closeSync(file)
  }
  return isSqlite(header) && header.readUInt32BE(APPLICATION_ID_OFFSET) === APPLICATION_ID
}
