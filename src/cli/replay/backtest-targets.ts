import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Alert } from '../../protocol/alert.ts'
import type { Reader } from '../../store/store.ts'
import { findRun } from '../find-run.ts'
import { GivenRuns, NO_LOG, scanPaths, sizeIfThere } from '../scan-paths.ts'
import { UsageError } from '../terminal.ts'
import type { ReplayFile } from './replay.ts'

/** A run to be judged again. */
export interface Target {
  readonly run: string
  readonly files: readonly (ReplayFile & { readonly sizeBytes: number; readonly isGone: boolean })[]
  /** What fired when it was watched; null of files that the database does not know. */
  readonly stored: readonly Alert[] | null
}

/**
 * The runs that the command line names, by their names or by paths; all of the database where it names none. Throws a
 * UsageError. `onProblem` is called for each folder and database below a path that could not be looked into, and for a path
 * below which there is nothing.
 */
export async function targetsOf(
  named: readonly string[],
  reader: Reader | null,
  onProblem: (path: string, reason: string) => void,
): Promise<Target[]> {
  const runs = (await reader?.runs()) ?? []
  const targets = new Map<string, Target>()
  const addStored = async (run: string, paths: readonly string[]) => {
    if (targets.has(run)) return
    const files = await Promise.all(paths.map((path) => fileOf(path, run)))
    targets.set(run, { run, files, stored: (await reader?.alerts({ run })) ?? [] })
  }
  if (named.length === 0) for (const { run, files } of runs) await addStored(run, files)
  const given = new GivenRuns(named)
  for (const text of named) {
    if (!existsSync(text)) {
      if (reader === null) throw new UsageError(`${text}: no such file or folder, and there is no database`)
      const { run, files } = findRun(runs, text)
      await addStored(run, files)
      continue
    }
    const { rootName, found, problems } = await scanPaths(text)
    for (const { path, reason } of problems) onProblem(path, reason)
    if (found.length === 0 && problems.length === 0) onProblem(text, NO_LOG)
    const names = given.name(text, rootName, found)
    for (const file of found) {
      const known = runs.find(({ files }) => files.includes(resolve(file.path)))
      if (known !== undefined) await addStored(known.run, known.files)
      else addFile(targets, names.get(file.path)!, { ...file, run: names.get(file.path)!, isGone: false })
    }
  }
  return [...targets.values()]
}

function addFile(targets: Map<string, Target>, run: string, file: Target['files'][number]): void {
  // A run of the database may have the same name: it is another one.
  const key = `\u0000${run}`
  const before = targets.get(key)
  targets.set(key, { run, files: [...(before?.files ?? []), file], stored: null })
}

async function fileOf(path: string, run: string): Promise<Target['files'][number]> {
  const sizeBytes = await sizeIfThere(path)
  return { path, run, sizeBytes: sizeBytes ?? 0, isGone: sizeBytes === null }
}
