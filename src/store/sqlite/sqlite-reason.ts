import Database from 'better-sqlite3'

/** Whether the disk may be full: there was no room for a page, for the index of the log, or for a file. */
export function isFull(error: unknown): boolean {
  const cause = sqliteError(error)
  return cause !== null && /^SQLITE_(FULL|IOERR_SHMSIZE|CANTOPEN)$/.test(cause.code)
}

/** Whether the disk is full for sure. */
export function hasNoRoom(error: unknown): boolean {
  return sqliteError(error)?.code === 'SQLITE_FULL'
}

/** Whether SQLite found the file to be damaged, or to be no database. */
export function isDamage(error: unknown): boolean {
  const cause = sqliteError(error)
  return cause !== null && /^SQLITE_(CORRUPT|NOTADB)/.test(cause.code)
}

/** What went wrong and what to do about it, for people. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (isDamage(error)) {
    return `${error.message}. Restart nanwatch: it puts the file aside and reads on from the newest back-up`
  }
  return hasNoRoom(error)
    ? `${error.message}. Make room: nothing is lost, and it is tried again every second`
    : error.message
}

function sqliteError(error: unknown): InstanceType<typeof Database.SqliteError> | null {
  if (error instanceof Database.SqliteError) return error
  return error instanceof Error && error.cause !== undefined ? sqliteError(error.cause) : null
}
