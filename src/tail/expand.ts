import { basename, dirname } from 'node:path'
import { withDumps } from '../core/runs/dumps.ts'
import { databaseRunPath } from '../core/runs/followed-path.ts'
import type { FoundFile } from '../core/runs/naming.ts'
import { openDatabase } from './database-read.ts'

const DATABASE_NAME = /\.(?:db|sqlite3?)$/i

/** So much of a key tells runs of the same name apart. */
const KEY_CHARACTERS = 8

interface Expanded {
  readonly files: readonly FoundFile[]
  readonly problems: readonly { readonly path: string; readonly reason: string }[]
}

/** The files as they are followed: those of a dump together, and each run of a tracker's database by itself. */
export function expand(found: readonly FoundFile[]): Expanded {
  const files: FoundFile[] = []
  const problems: { path: string; reason: string }[] = []
  for (const file of withDumps(found)) {
    if (!DATABASE_NAME.test(file.path)) {
      files.push(file)
      continue
    }
    const opening = openDatabase(file.path)
    if (opening.kind === 'unreadable') problems.push({ path: file.path, reason: opening.reason })
    // Only a tracker's database is refused with advice: most others have nothing to do with training.
    if (opening.kind === 'refused') problems.push({ path: file.path, reason: opening.advice })
    if (opening.kind !== 'open') continue
    using reader = opening.reader
    const runs = reader.runs()
    for (const { key, name } of runs) {
      const isAlone = runs.every((other) => other.key === key || other.name !== name)
      files.push(runOf(file, key, isAlone ? name : `${name}-${key.slice(0, KEY_CHARACTERS)}`))
    }
  }
  return { files, problems }
}

/** One run of a database: named by itself, in the folder that the database is in. */
function runOf({ path, below }: FoundFile, key: string, name: string): FoundFile {
  const folder = below.includes('/') ? `${dirname(below)}/` : ''
  const file = databaseRunPath(path, key)
  return { path: file, below: `${folder}${basename(file)}`, ownRun: `${folder}${name}` }
}
