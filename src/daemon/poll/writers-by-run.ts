import type { IntervalsByRun } from '../../core/job/intervals-by-run.ts'
import { UNSEEN, type Writer } from '../../core/job/writer.ts'
import type { Writers } from '../../core/pipeline/observations.ts'
import type { SavedRun } from '../../core/state/saved-run.ts'
import type { OpenForWriting, Processes } from '../../tail/processes.ts'

/** What is known of the processes of one run, and when all processes were last looked at for it. */
interface Known {
  readonly writer: Writer
  /** Empty where nobody was seen, or where this is known from an earlier daemon. */
  readonly holders: readonly OpenForWriting[]
  /** By the steady clock; null where this daemon has not looked yet. */
  readonly lookedMs: number | null
  /** When it was found that nobody holds a log any more; null where somebody does, or nobody was seen. */
  readonly goneMs: number | null
  /** Whether the run had been written to by then, since it is watched. */
  readonly hadGrown: boolean
  /** How many times in a row nobody was seen. */
  readonly misses: number
}

/** A run that was written to within this time is not looked at: its process lives. */
const QUIET_MS = 3000
/** Between two looks at all processes lies this many times the processor time that the last one took. */
const REST = 50
const LEAST_REST_MS = 2000
/** What a process wrote at its end may be read so long after it was seen to be gone. */
const LAST_BYTES_MS = 10_000
/** A run of which nobody was seen is looked at again after this time, then after twice as long, and so on. */
const AGAIN_MS = 10_000
const LONGEST_AGAIN_MS = 300_000

/**
 * Who writes to each run.
 *
 * All processes are looked at only where a run is new, or its processes may have changed, and for all such runs
 * together. After that one call to the file system tells whether the same process still holds the log.
 */
export class WritersByRun implements Writers {
  readonly #processes: Processes
  readonly #known = new Map<string, Known>()
  #pending: ReadonlySet<string> = new Set()
  #nextLookMs = Number.NEGATIVE_INFINITY

  constructor(processes: Processes, runs: Iterable<SavedRun>) {
    this.#processes = processes
    for (const { run, memory } of runs) {
      const { writer } = memory
      if (writer === undefined || writer.place !== processes.place) continue
      const { pid, name, isGone } = writer
      this.#known.set(run, {
        writer: { kind: isGone ? 'gone' : 'alive', process: { pid, name } },
        holders: [],
        lookedMs: null,
        goneMs: null,
        hadGrown: false,
        misses: 0,
      })
    }
  }

  get place(): string {
    return this.#processes.place
  }

  of(run: string): Writer {
    return this.#known.get(run)?.writer ?? UNSEEN
  }

  isPending(run: string): boolean {
    return this.#pending.has(run)
  }

  forget(run: string): void {
    this.#known.delete(run)
  }

  /** Looks again at the processes of the runs of which something may have changed. `pathsByRun` gives the paths of their files. */
  async look(
    runs: Iterable<string>,
    intervals: IntervalsByRun,
    pathsByRun: () => ReadonlyMap<string, readonly string[]>,
    nowMs: number,
  ): Promise<void> {
    const due = new Set<string>()
    for (const run of runs) if (this.#isDue(run, intervals, nowMs)) due.add(run)
    this.#pending = due
    if (due.size === 0 || nowMs < this.#nextLookMs) return
    const before = process.cpuUsage()
    const paths = pathsByRun()
    const holders = await this.#processes.holdersOf([...due].flatMap((run) => paths.get(run) ?? []))
    const { user, system } = process.cpuUsage(before)
    this.#nextLookMs = nowMs + Math.max(LEAST_REST_MS, (REST * (user + system)) / 1000)
    for (const run of due) {
      const found = (paths.get(run) ?? []).flatMap((path) => holders.get(path) ?? [])
      this.#known.set(run, this.#after(run, found, intervals, nowMs))
    }
    this.#pending = new Set()
  }

  /** Whether all processes have to be looked at for a run. */
  #isDue(run: string, intervals: IntervalsByRun, nowMs: number): boolean {
    const grewMs = intervals.of(run)?.intervals.lastMs
    const known = this.#known.get(run)
    if (known === undefined || known.lookedMs === null) return true
    const hasGrown = grewMs !== undefined && grewMs > known.lookedMs
    switch (known.writer.kind) {
      case 'alive':
        return (grewMs === undefined || nowMs - grewMs >= QUIET_MS) && !known.holders.some(this.#processes.stillHolds)
      case 'gone':
        return hasGrown
      case 'unseen': {
        const againMs = Math.min(AGAIN_MS * 2 ** known.misses, LONGEST_AGAIN_MS)
        return hasGrown && (!known.hadGrown || nowMs - known.lookedMs >= againMs)
      }
    }
  }

  /** Whether a process that was seen to hold a log may go on where it cannot be seen. */
  #maySomebodyWriteOn(before: Known | undefined): boolean {
    if (before?.writer.kind !== 'alive') return false
    const seen = before.holders.length > 0 ? before.holders : [before.writer.process]
    return seen.some((holder) => this.#processes.mayWriteOn(holder))
  }

  #after(run: string, holders: readonly OpenForWriting[], intervals: IntervalsByRun, nowMs: number): Known {
    const before = this.#known.get(run)
    const grewMs = intervals.of(run)?.intervals.lastMs
    const looked = { lookedMs: nowMs, hadGrown: grewMs !== undefined }
    const [holder] = holders
    if (holder !== undefined) {
      const { pid, name } = holder
      return { ...looked, writer: { kind: 'alive', process: { pid, name } }, holders, goneMs: null, misses: 0 }
    }
    const isSomewhere = this.#maySomebodyWriteOn(before)
    const writer = isSomewhere ? UNSEEN : writerAfterMiss(before, grewMs)
    const goneMs = writer.kind === 'gone' ? (before?.goneMs ?? nowMs) : null
    return { ...looked, writer, holders, goneMs, misses: (before?.misses ?? 0) + 1 }
  }
}

/** Who writes to a run that no process holds any more. If it is written to for longer, somebody does who cannot be seen. */
function writerAfterMiss(before: Known | undefined, grewMs: number | undefined): Writer {
  if (before === undefined || before.writer.kind === 'unseen') return UNSEEN
  const { writer, goneMs } = before
  const isWrittenOn = goneMs !== null && (grewMs ?? 0) > goneMs + LAST_BYTES_MS
  return isWrittenOn ? UNSEEN : { kind: 'gone', process: writer.process }
}
