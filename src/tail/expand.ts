import { basename, dirname } from 'node:path'
import { isDatabaseName } from '../core/formats/file-names.ts'
import { withDumps } from '../core/runs/dump-members.ts'
import { databaseRunPath } from '../core/runs/followed-path.ts'
import type { FoundFile } from '../core/runs/naming.ts'
import { databasePrint } from './database-follower.ts'
import { type DatabaseRun, openDatabase } from './database-read.ts'

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
    if (!isDatabaseName(basename(file.path))) {
      files.push(file)
      continue
    }
    const { runs, problem } = contentOf(file.path)
    if (problem !== null) problems.push({ path: file.path, reason: problem })
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

interface DatabaseContent {
  readonly runs: readonly DatabaseRun[]
  readonly problem: string | null
}

/** What each database held when it last changed: to open one can mean to copy it. */
const contents = new Map<string, DatabaseContent & { readonly print: string }>()

function contentOf(path: string): DatabaseContent {
  const print = databasePrint(path)
  const known = contents.get(path)
  if (known?.print === print) return known
  const opening = openDatabase(path)
  switch (opening.kind) {
    case 'unreadable':
      return { runs: [], problem: opening.reason }
    case 'unknown':
      return remembered(path, print, [], null)
    case 'refused':
      return remembered(path, print, [], opening.advice)
    case 'open': {
      const { reader } = opening
      try {
        return remembered(path, print, reader.runs(), null)
      } finally {
        reader[Symbol.dispose]()
      }
    }
  }
}

function remembered(
  path: string,
  print: string,
  runs: readonly DatabaseRun[],
  problem: string | null,
): DatabaseContent {
  contents.set(path, { print, runs, problem })
  return { runs, problem }
}
