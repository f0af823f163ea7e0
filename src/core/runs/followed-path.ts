import { isDatabaseName } from '../formats/file-names.ts'
import { isDumpPath } from './dump-members.ts'

/** What a followed path stands for: a file, the numbered files of a dump, or one run in a database. */
export type PathKind = 'file' | 'dump' | 'database-run'

/** The run with this key in the database at `path`, as a path of its own. */
export function databaseRunPath(path: string, key: string): string {
  return `${path}#${encodeURIComponent(key)}`
}

/** The database and the key that a path made by `databaseRunPath` names; null for any other path. */
export function databaseRunOf(path: string): { readonly path: string; readonly key: string } | null {
  const found = /^(.+)#([^#/]+)$/.exec(path)
  if (found === null) return null
  const [, database = '', key = ''] = found
  const name = database.slice(database.lastIndexOf('/') + 1)
  return isDatabaseName(name) ? { path: database, key: decoded(key) } : null
}

export function kindOfPath(path: string): PathKind {
  if (databaseRunOf(path) !== null) return 'database-run'
  return isDumpPath(path) ? 'dump' : 'file'
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // The key was not made by `databaseRunPath`, so it is taken as it is.
    return text
  }
}
