/** The first bytes of every SQLite database, each a character of Latin-1. */
export const SQLITE_MAGIC = 'SQLite format 3\0'

/** Whether the first bytes of a file are those of an SQLite database. */
export function isSqlite(head: Uint8Array): boolean {
  if (head.length < SQLITE_MAGIC.length) return false
  for (let at = 0; at < SQLITE_MAGIC.length; at++) if (head[at] !== SQLITE_MAGIC.charCodeAt(at)) return false
  return true
}
