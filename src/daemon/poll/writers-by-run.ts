import type { IntervalsByRun } from '../../core/job/intervals-by-run.ts'
import { isPassingOn, UNSEEN, type Writer, type WritingProcess } from '../../core/job/writer.ts'
import type { Writers } from '../../core/pipeline/observations.ts'
import type { SavedRun } from '../../core/state/saved-run.ts'
import type { OpenForWriting, Processes } from '../../tail/processes.ts'

/** What is known of the processes of one run, and when all processes were last looked at for it. */
interface Known {
  readonly writer: Writer
  /** Who was seen last to hold its logs. Empty where nobody was, or where this is known from an earlier daemon. */
  readonly holders: readonly OpenForWriting[]
  /** Those who were seen last to hold each file, without shells and such as `tee`, which hold it for others. */
  readonly programs: readonly OpenForWriting[]
  /** The programs that were seen to have started others of these: what they hold, they hold for those. */
  readonly launchers: ReadonlySet<number>
  /** Whether they were seen to do so at two times. A logger that opens its file for each line may be met once. */
  readonly isConfirmed: boolean
  /** By the steady clock; null where this daemon has not looked yet. */
  readonly lookedMs: number | null
  /** When it was found that nobody holds a log any more; null where somebody does, or nobody was seen. */
  readonly goneMs: number | null
  /** The files that had grown last when the processes were looked at. */
  readonly lookedFor: ReadonlySet<string>
  /** The file that had grown last by then, if any did. */
  readonly lastPath: string | undefined
  /** How many times in a row nobody was seen, since the last new one of these files. */
  readonly misses: number
}

/** A run that was written to within this time is not looked at: its process lives. */
const QUIET_MS = 3000
/** Between two looks at all processes lies this many times the processor time that the last one took. */
const REST = 50
const LEAST_REST_MS = 100
/** So much of that rest may be taken later: many jobs may begin at once, and some of them last for seconds only. */
const DEBT_MS = 20_000
/** What a process wrote at its end may be read so long after it was seen to be gone. */
const LAST_BYTES_MS = 10_000
/** A run of which nobody was seen is looked at again after twice this time, then after twice as long, and so on. */
const AGAIN_MS = 1000
const LONGEST_AGAIN_MS = 300_000
/** So many files of a run that begin to grow are looked at soon. A job may write one file for each batch. */
const MOST_NEW_FILES = 16

/**
 * Who writes to each run.
 *
 * All processes are looked at only where a run is new, or its processes may have changed, and for all such runs
 * together. After that one call to the file system tells whether the same process still holds the log.
 */
export class WritersByRun implements Writers {
  readonly #processes: Processes
  readonly #known = new Map<string, Known>()
  readonly #pending = new Set<string>()
  readonly #doubted = new Set<string>()
  /** When the last look was made, and when its rest ends. */
  #lookedMs = Number.NEGATIVE_INFINITY
  #restedMs = Number.NEGATIVE_INFINITY

  constructor(processes: Processes, runs: Iterable<SavedRun>) {
    this.#processes = processes
    for (const { run, memory } of runs) {
      const { writer } = memory
      if (writer === undefined || writer.place !== processes.place) continue
      const { pid, name, path, isGone, isUnseen } = writer
      const holders = path === undefined ? [] : [{ pid, name, path, link: '', key: '' }]
      const kind = isUnseen === true ? 'unseen' : isGone ? 'gone' : 'alive'
      this.#known.set(run, {
        writer: { kind, process: { pid, name }, ...(path === undefined ? {} : { path }) },
        holders,
        programs: [],
        launchers: new Set(),
        isConfirmed: true,
        lookedMs: null,
        goneMs: null,
        lookedFor: new Set(),
        lastPath: memory.pace?.path,
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

  newestMs(run: string): number | null {
    const holders = this.#known.get(run)?.holders.filter(this.#processes.stillHolds) ?? []
    const beganMs = holders.map(this.#processes.beganMs).filter((ms) => ms !== null)
    return beganMs.length === 0 ? null : Math.max(...beganMs)
  }

  longestMs(run: string): number | null {
    const holders = this.#known.get(run)?.holders ?? []
    const own = holders.filter((holder) => !isPassingOn(holder.name) && this.#processes.stillHolds(holder))
    const agesMs = own.map(this.#processes.ageMs).filter((ms) => ms !== null)
    return agesMs.length === 0 ? null : Math.max(...agesMs)
  }

  isOfHolder(run: string, path: string, other: string): boolean | 'unseen' {
    if (!this.mayLive(run, path, null)) return false
    const own = this.#programsAt(run, [path, other])
    return own.length === 0 ? 'unseen' : own.length === 1
  }

  holdsSince(run: string, path: string, sinceMs: number): boolean {
    const [own, ...others] = this.#programsAt(run, [path])
    if (own === undefined || others.length > 0) return false
    const beganMs = this.#processes.beganMs(own)
    return beganMs !== null && beganMs <= sinceMs && !this.#processes.hasStartedAnother(own, sinceMs)
  }

  /** One holder for each program that holds one of these files, but for shells and such, and for what has started another of them. */
  #programsAt(run: string, paths: readonly string[]): readonly OpenForWriting[] {
    const holders = this.#known.get(run)?.holders.filter(this.#processes.stillHolds) ?? []
    const launchers = this.#launchersAmong(holders, this.#known.get(run)?.launchers)
    const own = holders
      .filter(({ name, path }) => !isPassingOn(name) && paths.includes(path))
      .flatMap((holder) => {
        const [program] = this.#processes.programsOf(holder)
        return program === undefined || launchers.has(program) ? [] : [[program, holder] as const]
      })
    return [...new Map(own).values()]
  }

  /** A launcher hands its files on to the programs that it starts. */
  #launchersAmong(holders: readonly OpenForWriting[], known: ReadonlySet<number> = new Set()): ReadonlySet<number> {
    const programs = holders.filter(({ name }) => !isPassingOn(name))
    if (programs.length < 2) return known
    return new Set([...known, ...programs.flatMap((holder) => this.#processes.programsOf(holder).slice(1))])
  }

  isPending(run: string): boolean {
    return this.#pending.has(run)
  }

  mayLive(run: string, path: string, writtenMs: number | null): boolean {
    const known = this.#known.get(run)
    if (known === undefined) return true
    const { writer, holders, lookedMs } = known
    const programs = known.programs.filter((holder) => holder.path === path)
    if (programs.length === 0)
      return writer.kind === 'unseen' || lookedMs === null || holders.some(this.#processes.stillHolds)
    // What began later is another process: the job was started again.
    const isOlder = (holder: OpenForWriting) =>
      writtenMs === null || (this.#processes.beganMs(holder) ?? Number.NEGATIVE_INFINITY) <= writtenMs
    return programs.some((holder) => this.#processes.stillHolds(holder) && isOlder(holder))
  }

  forget(run: string): void {
    this.#known.delete(run)
    this.#pending.delete(run)
    this.#doubted.delete(run)
  }

  /** Takes note that a run is written to that says that it died: somebody may have joined those that hold its logs. */
  doubt(run: string, nowMs: number): void {
    const { lookedMs = null } = this.#known.get(run) ?? {}
    if (lookedMs !== null && nowMs - lookedMs >= QUIET_MS) this.#doubted.add(run)
  }

  /** Whether a file of a run has begun to grow for which the processes were not looked at yet: it may soon be closed. */
  isNew(run: string, intervals: IntervalsByRun): boolean {
    const path = intervals.of(run)?.path
    const known = this.#known.get(run)
    if (known === undefined || known.lookedMs === null || this.#doubted.has(run)) return true
    const { writer, lookedFor } = known
    return path !== undefined && writer.kind === 'unseen' && lookedFor.size < MOST_NEW_FILES && !lookedFor.has(path)
  }

  /** Looks again at the processes of those runs of which something may have changed. `pathsByRun` gives the paths of their files, `writtenMs` when they were last written to, by the clock of the wall. */
  async look(
    runs: Iterable<string>,
    intervals: IntervalsByRun,
    pathsByRun: () => ReadonlyMap<string, readonly string[]>,
    nowMs: number,
    writtenMs: (run: string) => number = () => nowMs,
  ): Promise<void> {
    for (const run of runs) {
      if (this.#isDue(run, intervals, nowMs)) this.#pending.add(run)
      else this.#pending.delete(run)
    }
    const isResting = nowMs < this.#lookedMs + LEAST_REST_MS || nowMs < this.#restedMs - DEBT_MS
    if (this.#pending.size === 0 || isResting) return
    // One look serves all: those that are over and soon due come along, or each of many would ask for a look of its own.
    for (const [run, { writer, lookedMs, goneMs }] of this.#known) {
      const isOver = writer.kind === 'gone' && lookedMs !== null
      if (isOver && 2 * (nowMs - lookedMs) >= restOfGoneMs(lookedMs, goneMs ?? lookedMs)) this.#pending.add(run)
    }
    const before = process.cpuUsage()
    const paths = pathsByRun()
    const holders = await this.#processes.holdersOf([...this.#pending].flatMap((run) => paths.get(run) ?? []))
    const { user, system } = process.cpuUsage(before)
    this.#lookedMs = nowMs
    this.#restedMs = Math.max(this.#restedMs, nowMs) + (REST * (user + system)) / 1000
    for (const run of this.#pending) {
      const found = (paths.get(run) ?? []).flatMap((path) => holders.get(path) ?? [])
      this.#known.set(run, this.#after(run, programsFirst(found), intervals, nowMs, writtenMs(run)))
      this.#doubted.delete(run)
    }
    this.#pending.clear()
  }

  /** Whether all processes have to be looked at for a run. */
  #isDue(run: string, intervals: IntervalsByRun, nowMs: number): boolean {
    const grown = intervals.of(run)
    const grewMs = grown?.intervals.lastMs
    const known = this.#known.get(run)
    if (known === undefined || known.lookedMs === null || this.#doubted.has(run)) return true
    const hasGrown = grewMs !== undefined && grewMs > known.lookedMs
    const isGrowing = grewMs !== undefined && nowMs - grewMs < QUIET_MS
    switch (known.writer.kind) {
      case 'alive': {
        const isBelieved = known.isConfirmed || nowMs - known.lookedMs < QUIET_MS
        if (isGrowing && isBelieved && !isWrittenElsewhere(known, grown?.path)) return false
        // The one that is named. Where another holds a log as well, the next look names that one.
        const isHeld = known.holders.slice(0, 1).some(this.#processes.stillHolds)
        if (isHeld && !isBelieved) this.#known.set(run, { ...known, isConfirmed: true })
        return !isHeld
      }
      // Its job may be started again and hang before it writes anything.
      case 'gone':
        return hasGrown || nowMs - known.lookedMs >= restOfGoneMs(known.lookedMs, known.goneMs ?? known.lookedMs)
      case 'unseen': {
        const againMs = Math.min(AGAIN_MS * 2 ** known.misses, LONGEST_AGAIN_MS)
        if (hasGrown && (this.isNew(run, intervals) || nowMs - known.lookedMs >= againMs)) return true
        return !isGrowing && known.holders.length > 0 && !known.holders.some(this.#processes.lives)
      }
    }
  }

  /** Whether a process that was seen to hold a log, and does not any more, may go on where it cannot be seen. */
  #maySomebodyWriteOn(before: Known, grownPath: string | undefined): boolean {
    const { writer, holders, isConfirmed } = before
    const isLiving = holders.some(this.#processes.lives)
    if (writer.kind === 'unseen') return isLiving
    if (writer.kind === 'gone') return isLiving && isWrittenElsewhere(before, grownPath)
    if (isLiving && isWrittenElsewhere(before, grownPath ?? before.lastPath)) return true
    const last = holders.length === 0 ? [writer.process] : holders
    return last.some(this.#processes.mayWriteOn) || (isLiving && !isConfirmed)
  }

  /**
   * Whether the program that wrote to a run is gone, and those that are found write nothing: shells, and what began after
   * the last bytes, such as an `rsync` behind a job. One that is called like that program is the next job.
   */
  #isLeft(before: Known, found: readonly OpenForWriting[], grewMs: number, writtenMs: number): boolean {
    const { writer, goneMs } = before
    if (writer.kind === 'unseen' || isPassingOn(writer.process.name)) return false
    // Who writes on for so long is what holds it.
    if (goneMs !== null && grewMs > goneMs + LAST_BYTES_MS) return false
    const { pid, name } = writer.process
    return found.every((holder) => {
      if (holder.pid === pid) return false
      const isLater = (this.#processes.beganMs(holder) ?? Number.NEGATIVE_INFINITY) > writtenMs
      return isPassingOn(holder.name) || (isLater && holder.name !== name)
    })
  }

  #after(
    run: string,
    found: readonly OpenForWriting[],
    intervals: IntervalsByRun,
    nowMs: number,
    writtenMs: number,
  ): Known {
    const seenBefore = this.#known.get(run)
    const grown = intervals.of(run)
    const grewMs = grown?.intervals.lastMs ?? Number.NEGATIVE_INFINITY
    const isLeft = seenBefore !== undefined && this.#isLeft(seenBefore, found, grewMs, writtenMs)
    const holders = isLeft ? [] : found
    const before = isLeft ? withoutShells(seenBefore) : seenBefore
    const lookedBefore = before?.lookedFor ?? new Set()
    const isNew = grown !== undefined && !lookedBefore.has(grown.path)
    const lookedFor = isNew ? new Set([...lookedBefore, grown.path]) : lookedBefore
    const looked = {
      lookedMs: nowMs,
      lookedFor,
      lastPath: grown?.path ?? before?.lastPath,
      programs: withPrograms(before?.programs ?? [], holders),
      launchers: this.#launchersAmong(holders, before?.launchers),
    }
    const [holder] = holders
    if (holder !== undefined) {
      const isConfirmed = before?.holders.some(({ link, key }) => link === holder.link && key === holder.key) ?? false
      return { ...looked, writer: writerOf('alive', holder), holders, isConfirmed, goneMs: null, misses: 0 }
    }
    const misses = isNew ? 1 : (before?.misses ?? 0) + 1
    const unseen = { ...looked, writer: UNSEEN, holders: [], isConfirmed: false, goneMs: null, misses }
    if (before === undefined) return unseen
    const isGrowing = nowMs - grewMs < QUIET_MS
    const { writer, holders: seen, isConfirmed } = before
    if (this.#maySomebodyWriteOn(before, grown?.path) || (writer.kind === 'unseen' && isGrowing)) {
      return { ...unseen, writer: seen[0] === undefined ? UNSEEN : writerOf('unseen', seen[0]), holders: seen }
    }
    const goneMs = before.goneMs ?? nowMs
    if (writer.process === undefined || grewMs > goneMs + LAST_BYTES_MS) return unseen
    // While something is written nothing is over. What was written since an earlier daemon is read after its first look.
    const isOpen = writer.kind === 'alive' && (isGrowing || before.lookedMs === null)
    return {
      ...unseen,
      writer: { ...writer, kind: isOpen ? 'alive' : 'gone', process: writer.process, ...stillHeldBy(found) },
      holders: seen,
      isConfirmed,
      goneMs,
    }
  }
}

/** How long a run that nobody wrote to any more at the last look is not looked at: as long as that had been so then. */
function restOfGoneMs(lookedMs: number, goneMs: number): number {
  return Math.min(Math.max(lookedMs - goneMs, AGAIN_MS), LONGEST_AGAIN_MS)
}

/** Of each file the programs that hold it now, or else those that did before. */
function withPrograms(
  before: readonly OpenForWriting[],
  holders: readonly OpenForWriting[],
): readonly OpenForWriting[] {
  const programs = holders.filter(({ name }) => !isPassingOn(name))
  const isHeld = (path: string) => programs.some((holder) => holder.path === path)
  return [...programs, ...before.filter(({ path }) => !isHeld(path))]
}

/** Those who hold a log for others come last: the first one is named. */
function programsFirst(holders: readonly OpenForWriting[]): readonly OpenForWriting[] {
  return holders.toSorted((one, other) => Number(isPassingOn(one.name)) - Number(isPassingOn(other.name)))
}

function withoutShells(known: Known): Known {
  return { ...known, holders: known.holders.filter(({ name }) => !isPassingOn(name)) }
}

/** Who holds a log of a run on which nobody writes any more. */
function stillHeldBy([holder]: readonly OpenForWriting[]): { readonly stillHeldBy?: WritingProcess } {
  return holder === undefined ? {} : { stillHeldBy: { pid: holder.pid, name: holder.name } }
}

function writerOf(kind: Writer['kind'], { pid, name, path }: OpenForWriting): Writer {
  return { kind, process: { pid, name }, path }
}

/** Whether a run is written to in a file that nobody was seen to hold. */
function isWrittenElsewhere({ holders }: Known, lastPath: string | undefined): boolean {
  return lastPath !== undefined && holders.every(({ path }) => path !== lastPath)
}
