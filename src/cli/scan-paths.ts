import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { databaseRunOf, kindOfPath } from '../core/runs/followed-path.ts'
import { type FoundFile, jobsOfGiven, nameRuns } from '../core/runs/naming.ts'
import { membersOf } from '../tail/dump-follower.ts'
import { scan } from '../tail/scan.ts'
import { UsageError } from './terminal.ts'

export interface SizedFile extends FoundFile {
  readonly sizeBytes: number
}

/** Said of a path of the command line below which there is nothing to read. */
export const NO_LOG = 'no log was found there; a file that is named itself is read whatever it is called'

/** Said of a path of the command line at which there is nothing. */
export const NOT_THERE = 'no such file or folder'

/** The log files at or below a path of the command line. Throws a UsageError when there is nothing. */
export async function scanPaths(path: string): Promise<{
  readonly rootName: string
  readonly found: readonly SizedFile[]
  readonly problems: readonly { path: string; reason: string }[]
}> {
  try {
    const { rootName, files, problems } = await scan(path, [])
    const found: SizedFile[] = []
    for (const file of files) found.push({ ...file, sizeBytes: await sizeBytes(file.path) })
    return { rootName, found, problems }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new UsageError(`${path}: ${NOT_THERE}`, { cause: error })
    }
    throw error
  }
}

/** Throws a UsageError unless a path of the command line is that of one file, or of one run in a database. */
export async function mustBeOneFile(path: string): Promise<void> {
  const { found } = await scanPaths(path)
  if (found.length !== 1 || found[0]?.below !== '') throw new UsageError(`${path}: a folder; name one file`)
}

/** Names the runs of what was found at each path of the command line in turn, knowing all that are given. */
export class GivenRuns {
  readonly #jobs: ReturnType<typeof jobsOfGiven>
  #runs = new Map<string, string>()

  constructor(given: readonly string[]) {
    this.#jobs = jobsOfGiven(new Map(given.map((path) => [path, resolve(path)])))
  }

  /** The runs so far, by file, with those of what was found at one more path. */
  name(path: string, rootName: string, found: readonly FoundFile[]): ReadonlyMap<string, string> {
    const job = found.length === 1 && found[0]!.below === '' ? this.#jobs.get(path) : undefined
    this.#runs = nameRuns(job?.rootName ?? rootName, job?.found ?? found, this.#runs)
    return this.#runs
  }
}

/** How much there is to read at most, and 0 for a run in a database, where that is not known before. Null where nothing is there. */
export async function sizeIfThere(path: string): Promise<number | null> {
  const database = databaseRunOf(path)
  if (database !== null) return existsSync(database.path) ? 0 : null
  const bytes = await sizeBytes(path).catch(() => 0)
  return bytes === 0 && (kindOfPath(path) === 'dump' || !existsSync(path)) ? null : bytes
}

/** How much there is to read at most; of a run in a database that is not known before. */
async function sizeBytes(path: string): Promise<number> {
  switch (kindOfPath(path)) {
    case 'file':
      return (await stat(path)).size
    case 'dump': {
      const members = await membersOf(path)
      const sizes = await Promise.all(members.map(async ({ name }) => (await stat(join(dirname(path), name))).size))
      return sizes.reduce((sum, size) => sum + size, 0)
    }
    case 'database-run':
      return 0
  }
}
