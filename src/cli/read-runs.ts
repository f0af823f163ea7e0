import { resolve } from 'node:path'
import { isPart } from '../core/alerts/failure.ts'
import { kindOf } from '../core/formats/file-kind.ts'
import type { Advance } from '../core/pipeline/advance.ts'
import type { Rules } from '../core/pipeline/read.ts'
import { nameRuns } from '../core/runs/naming.ts'
import { EMPTY_MEMORY, type RunMemory } from '../core/state/run-memory.ts'
import type { Alert } from '../protocol/alert.ts'
import { messageOf } from '../protocol/error-message.ts'
import { type ReplayFile, type ReplayStep, replayFile, replayStream, STANDARD_INPUT } from './replay.ts'
import { scanPaths } from './scan-paths.ts'
import { printable, type Terminal } from './terminal.ts'

/** What was read of one file. */
export interface FileTotals {
  format: string | null
  samples: number
  batches: number
  rejects: number
  /** Why it could not be read to its end, or null. */
  problem: string | null
}

export interface ReplayedRun {
  /** Each alert as it stands at last, in the order in which they opened. */
  readonly alerts: readonly Alert[]
  /** By the path of the file. */
  readonly totals: ReadonlyMap<string, FileTotals>
}

/** Where the content of a file comes from. */
export type Source = (file: ReplayFile, memory: RunMemory, rules: Rules) => AsyncIterable<ReplayStep>

/** The files that some paths of the command line name, each once, with the runs that they belong to. */
export async function filesOf(
  paths: readonly string[],
  terminal: Terminal,
): Promise<(ReplayFile & { sizeBytes: number })[]> {
  const files: (ReplayFile & { sizeBytes: number })[] = []
  let runs = new Map<string, string>()
  for (const path of paths) {
    if (path === STANDARD_INPUT) {
      files.push({ path: '-', run: '-', sizeBytes: 0 })
      continue
    }
    const { rootName, found, problems } = await scanPaths(path)
    for (const { path, reason } of problems) terminal.stderr(`${printable(path)}: not read: ${printable(reason)}\n`)
    runs = nameRuns(rootName, found, runs)
    for (const file of found) {
      const isListed = files.some((other) => resolve(other.path) === resolve(file.path))
      if (!isListed) files.push({ path: file.path, run: runs.get(file.path)!, sizeBytes: file.sizeBytes })
    }
  }
  return files
}

/** The files of each run, in the order in which they are to be read. */
export function groupByRun<T extends ReplayFile>(files: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const file of files) groups.set(file.run, [...(groups.get(file.run) ?? []), file])
  return groups
}

/** Reads all files of a run before anything is said: one file may explain what another shows. */
export async function replayRun(
  files: readonly ReplayFile[],
  rules: Rules,
  source: Source,
  onBytes: (bytes: number) => void,
): Promise<ReplayedRun> {
  const alerts = new Map<string, Alert>()
  const totals = new Map<string, FileTotals>()
  let memory: RunMemory = EMPTY_MEMORY
  for (const file of files) {
    const total: FileTotals = { format: null, samples: 0, batches: 0, rejects: 0, problem: null }
    totals.set(file.path, total)
    let last: Advance | null = null
    let bytesBefore = 0
    try {
      for await (const { outcome, bytesRead } of source(file, memory, rules)) {
        last = outcome
        for (const { alert } of outcome.transitions) alerts.set(alert.id, alert)
        onBytes(bytesRead - bytesBefore)
        bytesBefore = bytesRead
      }
    } catch (error) {
      total.problem = messageOf(error)
    }
    if (last === null) continue
    memory = last.memory
    Object.assign(total, last.file.counts, { format: kindOf(last.file.reader) })
  }
  return { alerts: [...alerts.values()], totals }
}

/** Reads the files of a run from the disk and from standard input, and says of each that could not be read why. One failure is one alert. */
export async function readRun(
  files: readonly ReplayFile[],
  rules: Rules,
  terminal: Terminal,
  onBytes: (bytes: number) => void,
): Promise<ReplayedRun> {
  const source: Source = (file, memory, by) =>
    file.path === '-' ? replayStream(terminal.stdin, file, memory, by) : replayFile(file, memory, by)
  const replayed = await replayRun(files, rules, source, onBytes)
  for (const [path, { problem }] of replayed.totals) {
    if (problem !== null) terminal.stderr(`${printable(path)}: cannot be read: ${problem}\n`)
  }
  return { ...replayed, alerts: replayed.alerts.filter((alert) => !isPart(alert)) }
}
