import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'

/**
 * Copies a database as it lies on the disk at this moment, with its log: what
 * would be found if its process were killed now. Answers with the copy's path.
 */
export function imageOf(database: string, folder: string): string {
  mkdirSync(folder, { recursive: true })
  const copy = join(folder, basename(database))
  for (const part of ['', '-wal']) if (existsSync(database + part)) copyFileSync(database + part, copy + part)
  return copy
}
