import { resolve } from 'node:path'
import { isCrash } from '../../core/alerts/deaths.ts'
import { isPart } from '../../core/alerts/failure.ts'
import { SeenLog } from '../../core/detect/rule-checks.ts'
import { fileKindOf } from '../../core/formats/file-kind.ts'
import { mainReader } from '../../core/formats/source-readers.ts'
import type { FileUpdate } from '../../core/pipeline/commit.ts'
import type { ReadListener, Rules } from '../../core/pipeline/read.ts'
import { partsOf } from '../../core/pipeline/samples.ts'
import { MISREAD } from '../../core/templates/template-shelf.ts'
import type { Alert } from '../../protocol/alert.ts'
import { errorMessage } from '../../protocol/error-message.ts'
import { GivenRuns, NO_LOG, NOT_THERE, scanPaths } from '../scan-paths.ts'
import { STANDARD_INPUT } from '../standard-input.ts'
import { printable, type Terminal, UsageError } from '../terminal.ts'
import { fileReads } from './file-reads.ts'
import { predictionsLast } from './reading-order.ts'
import { type Reads, Replay, type ReplayFile } from './replay.ts'
import { streamReads } from './stream-reads.ts'

/** What was read of one file. */
export interface FileTotals {
  format: string | null
  samples: number
  batches: number
  rejects: number
  /** How many bytes it had, or of a compressed one its content. */
  bytes: number
  /** What it holds, as far as the rules need to know. */
  readonly seen: SeenLog
  /** Why it could not be read to its end, or null. */
  problem: string | null
}

export interface ReplayedRuns {
  /** Each alert as it stands at last, in the order in which they opened. */
  readonly alerts: readonly Alert[]
  /** The deaths among them that are part of another alert: those of the other ranks, and those of a loss that failed. */
  readonly deaths: readonly Alert[]
  /** By the path of the file. */
  readonly totals: ReadonlyMap<string, FileTotals>
  /** The files of which lines were read otherwise than their format does. */
  readonly misread: ReadonlySet<string>
}

/** Called with what each read came to. */
export type OnUpdate = (update: FileUpdate) => void

/** A file of the command line, and how much there is to read in it. */
export type SizedReplayFile = ReplayFile & { readonly sizeBytes: number }

/** Called with a path that gave nothing to read, and why. */
export type OnUnread = (path: string, reason: string) => void

/**
 * The files that some paths of the command line name, each once, with the runs that they belong to. What could not be
 * looked into is printed, and `onProblem` called for it; so is a path below which there is nothing, with `onNothing`.
 * A path that is not there throws a UsageError, unless `onMissing` takes it.
 */
export async function filesOf(
  paths: readonly string[],
  terminal: Terminal,
  onProblem: OnUnread,
  onNothing: OnUnread = onProblem,
  onMissing: OnUnread | null = null,
): Promise<SizedReplayFile[]> {
  const files: SizedReplayFile[] = []
  const listed = new Set<string>()
  const given = new GivenRuns(paths)
  for (const path of paths) {
    if (path === STANDARD_INPUT) {
      files.push({ path: '-', run: '-', sizeBytes: 0 })
      continue
    }
    const scanned = await scanPaths(path).catch((error: unknown) => {
      if (onMissing === null || !(error instanceof UsageError)) throw error
      terminal.stderr(`${printable(error.message)}\n`)
      onMissing(path, NOT_THERE)
    })
    if (scanned === undefined) continue
    const { rootName, found, problems } = scanned
    for (const { path, reason } of problems) {
      terminal.stderr(`${printable(path)}: not read: ${printable(reason)}\n`)
      onProblem(path, reason)
    }
    if (found.length === 0 && problems.length === 0) {
      terminal.stderr(`${printable(path)}: ${NO_LOG}\n`)
      onNothing(path, NO_LOG)
    }
    const runs = given.name(path, rootName, found)
    for (const file of found) {
      const absolute = resolve(file.path)
      if (!listed.has(absolute)) files.push({ path: file.path, run: runs.get(file.path)!, sizeBytes: file.sizeBytes })
      listed.add(absolute)
    }
  }
  return files
}

/** Files or alerts of each run, in the order in which the runs first appear. */
export function byRun<Of extends { readonly run: string }>(all: readonly Of[]): ReadonlyMap<string, readonly Of[]> {
  const runs = new Map<string, Of[]>()
  for (const one of all) {
    const ofRun = runs.get(one.run)
    if (ofRun === undefined) runs.set(one.run, [one])
    else ofRun.push(one)
  }
  return runs
}

/**
 * Reads all files before anything is said: one may explain what another shows, of another run, too. So may the alerts of
 * `others`, runs that are not read.
 */
export async function replayRuns(
  files: readonly ReplayFile[],
  rules: Rules,
  readsOf: (file: ReplayFile) => Reads,
  onBytes: (bytes: number) => void,
  others: readonly Alert[] = [],
  onUpdate: OnUpdate = () => undefined,
): Promise<ReplayedRuns> {
  const replay = new Replay(rules)
  const totals = new Map<string, FileTotals>()
  const ordered: ReplayFile[] = []
  for (const ofRun of byRun(files).values()) ordered.push(...(await predictionsLast(ofRun)))
  for (const file of ordered) {
    const seen = new SeenLog()
    const total: FileTotals = { format: null, samples: 0, batches: 0, rejects: 0, bytes: 0, seen, problem: null }
    totals.set(file.path, total)
    let bytesBefore = 0
    try {
      for await (const update of replay.read(file, readsOf(file), listening(seen))) {
        const { file: read, samples, batches, bytesRead } = update
        onUpdate(update)
        for (const part of partsOf(samples)) {
          if ('columns' in part) for (const column of part.columns) seen.column(column, part.steps?.at(-1) ?? null)
          else for (const sample of part) seen.sample(sample)
        }
        for (const { measure } of batches) seen.batch(measure)
        Object.assign(total, read.state.counts, { format: fileKindOf(mainReader(read.state)), bytes: bytesRead })
        onBytes(bytesRead - bytesBefore)
        bytesBefore = bytesRead
      }
    } catch (error) {
      total.problem = errorMessage(error)
    }
  }
  replay.end(others)
  const { alerts, misread } = replay
  return { alerts, deaths: alerts.filter((alert) => isPart(alert) && isCrash({ alert })), totals, misread }
}

/** A listener that only looks whether there are times, and zeros that the log may have rounded. */
function listening(seen: SeenLog): ReadListener {
  return {
    record(record) {
      if (record.kind !== 'scalars') return
      if (record.time !== null) seen.hasTimes = true
      for (const scalar of record.scalars) if (scalar.zeroDecimals !== undefined) seen.roundedZero(scalar)
    },
    rows({ source, from, length }) {
      for (let row = from; row < from + length && !seen.hasTimes; row++) seen.hasTimes = source.timeOf(row) !== null
    },
    skippedLine: () => undefined,
    hidden: () => undefined,
  }
}

/** Reads files from the disk and from standard input, and says of each that could not be read why. One failure is one alert. */
export async function readRuns(
  files: readonly ReplayFile[],
  rules: Rules,
  terminal: Terminal,
  onBytes: (bytes: number) => void,
  onUpdate?: OnUpdate,
): Promise<ReplayedRuns> {
  const readsOf = ({ path }: ReplayFile) => (path === '-' ? streamReads(terminal.stdin) : fileReads)
  const replayed = await replayRuns(files, rules, readsOf, onBytes, [], onUpdate)
  for (const [path, { problem }] of replayed.totals) {
    if (problem !== null) terminal.stderr(`${printable(path)}: cannot be read: ${problem}\n`)
  }
  for (const path of replayed.misread) terminal.stderr(`${printable(path)}: ${MISREAD}\n`)
  return { ...replayed, alerts: replayed.alerts.filter((alert) => !isPart(alert)) }
}
