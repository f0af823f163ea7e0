import { IntervalsByRun } from '../../core/job/intervals-by-run.ts'
import type { Commit } from '../../core/pipeline/commit.ts'
import { Round, type RoundSettings } from '../../core/pipeline/round.ts'
import type { SavedRun } from '../../core/state/saved-run.ts'
import type { Store } from '../../store/store.ts'
import type { StoreCare } from '../../store/store-care.ts'
import { type Disk, LOCAL_DISK } from '../../tail/disk.ts'
import type { FileEvents } from '../../tail/file-events.ts'
import { Listings } from '../../tail/listings.ts'
import { isWithin } from '../../tail/path-within.ts'
import { type Processes, processesOf } from '../../tail/processes.ts'
import { type Clock, SYSTEM_CLOCK } from '../clocks.ts'
import { discover } from './discovery.ts'
import { PollScheduler } from './poll-scheduler.ts'
import { ReadAhead } from './read-ahead.ts'
import { StoreCache } from './store-cache.ts'
import { WritersByRun } from './writers-by-run.ts'

export interface IntakeOptions extends RoundSettings {
  /** Absolute paths of the files and folders to follow. */
  readonly roots: readonly string[]
  /** Glob patterns of paths below the roots that are not followed. */
  readonly exclude: readonly string[]
  readonly sweepMs: number
  /** For tests; by default the real disk. */
  readonly disk?: Disk
  readonly store: Store
  readonly care: Pick<StoreCare, 'restMs'>
  readonly fileEvents: FileEvents
  readonly onCommit: (commit: Commit) => void
  /** Called with a commit that the store could not take. Its alerts are announced all the same, and it is tried again. */
  readonly onUnsaved: (commit: Commit, error: unknown) => void
  /** Called with what was read beyond such a commit. It is never saved, and is read again. */
  readonly onReadAhead: (commit: Commit) => void
  readonly onProblem: (path: string, reason: string) => void
  /** Called when a file that could not be read can be read again. */
  readonly onRecovered: (path: string) => void
  /** Called after each round, with whether it has left something unread. */
  readonly onRound?: (hasMore: boolean) => void
  readonly clock?: Clock
  /** For tests; by default those of this machine. */
  readonly processes?: Processes
}

/** Sweeps between two listings of the folders. */
const SCAN_SWEEPS = 5
/** The least time between two listings: a job may create a temporary file each millisecond. */
const SCAN_PAUSE_MS = 100
/** Time between two checks of the runs that have gone quiet. */
const JUDGE_MS = 2000
/** So late that may be where lines are written all the while. */
const JUDGE_LATE_MS = 500
/** A writer that cannot be seen may fill a buffer for hours before it writes the rest of a line. */
const UNSEEN_OVER_MS = 24 * 3_600_000
/** The pause between two rounds. What is written within it shares a commit. */
const ROUND_PAUSE_MS = 15
/** The target length of a round. Longer rounds delay the page, and files that are written meanwhile. */
const ROUND_MS = 15
/** A round polls at least this many files, or a busy machine would commit them one by one. */
const LEAST_POLLS = 64
/** So long a page on this machine takes at most to get what it is told. */
const TELL_MS = 2
/** A round stops after this many lines, whatever the time. */
const MOST_LINES = 4096
/** Files that fall due within this time are polled together. */
const SLICE_MS = 25

/**
 * Reads what is new, folds it into a commit, stores that, and begins again.
 *
 * Nothing more is read until the last commit has returned. So the log files are
 * the only buffer, and no queue can overflow.
 */
export class Intake {
  readonly #options: IntakeOptions
  readonly #clock: Clock
  readonly #intervals = new IntervalsByRun()
  readonly #writers: WritersByRun
  readonly #left = new Set<string>()
  readonly #cache: StoreCache
  readonly #scheduler: PollScheduler
  readonly #listings: ReadonlyMap<string, Listings>
  #ahead: ReadAhead | null = null
  #nextScanMs = Number.NEGATIVE_INFINITY
  #lastScanMs = Number.NEGATIVE_INFINITY
  #nextJudgeMs = Number.NEGATIVE_INFINITY
  #last: Promise<unknown> = Promise.resolve()

  private constructor(options: IntakeOptions, cache: StoreCache) {
    this.#options = options
    this.#clock = options.clock ?? SYSTEM_CLOCK
    this.#cache = cache
    this.#writers = new WritersByRun(options.processes ?? processesOf(), cache.runs())
    this.#scheduler = new PollScheduler(options, options.rules.formats, this.#clock, cache)
    this.#listings = new Map(options.roots.map((root) => [root, new Listings(options.disk)]))
  }

  /** Goes on where the last daemon stopped, and lists the files to read. */
  static async open(options: IntakeOptions): Promise<Intake> {
    const intake = new Intake(options, new StoreCache(await options.store.resumption()))
    await intake.#lookAtWriters(intake.#cache.runNames)
    intake.#resumeIntervals()
    await intake.#scan()
    return intake
  }

  get followedFiles(): number {
    return this.#scheduler.size
  }

  /** Runs until `signal` aborts, and ends after the current commit. */
  async run(signal: AbortSignal): Promise<void> {
    const { fileEvents, care } = this.#options
    while (!signal.aborted) {
      if (fileEvents.takeFoldersChanged())
        this.#nextScanMs = Math.min(this.#nextScanMs, this.#lastScanMs + SCAN_PAUSE_MS)
      if (this.#clock.steadyMs() >= this.#nextScanMs) await this.#alone(() => this.#scan())
      const dirty = fileEvents.takeDirty()
      if (fileEvents.takeFlood()) this.#scheduler.enqueueAll()
      else for (const path of dirty) this.#scheduler.enqueueWritten(path)
      const isBusy = await this.#alone(() => this.#round(dirty.size > 0))
      if (signal.aborted) break
      const untilNextMs = this.#untilNextMs()
      if (isBusy) await pauseMs(Math.max(untilNextMs <= 0 ? 0 : ROUND_PAUSE_MS, care.restMs()))
      else await fileEvents.wait(Math.min(Math.max(untilNextMs, SLICE_MS), this.#options.sweepMs), signal)
    }
    await this.#ahead?.close()
    await this.#scheduler.close()
  }

  /** Removes a run. It does so between two rounds, or the commit of the current round would bring the run back. */
  forget(run: string): Promise<void> {
    return this.#alone(async () => {
      await this.#options.store.forget(run)
      this.#intervals.forget(run)
      this.#writers.forget(run)
      this.#left.delete(run)
      for (const path of this.#cache.forget(run)) await this.#scheduler.delete(path)
    })
  }

  /** Runs one piece of work after the other, so that each sees what the last one changed. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => undefined)
    return done
  }

  #resumeIntervals(): void {
    const [wallMs, steadyMs] = [this.#clock.wallMs(), this.#clock.steadyMs()]
    for (const { run, memory, lastReadAt } of this.#cache.runs()) {
      if (memory.pace !== undefined) {
        const isHeld = this.#writers.of(run).kind === 'alive'
        this.#intervals.resume(run, memory.pace, wallMs - Date.parse(lastReadAt), isHeld, steadyMs)
      }
    }
  }

  async #lookAtWriters(runs: Iterable<string>): Promise<void> {
    const pathsOf = () => this.#cache.pathsByRun()
    const atIso = new Date(this.#clock.wallMs()).toISOString()
    const writtenMs = (run: string) => Date.parse(this.#cache.run(run, atIso).lastReadAt)
    await this.#writers.look(runs, this.#intervals, pathsOf, this.#clock.steadyMs(), writtenMs)
  }

  /** How long a path has to be silent before nobody is waited for who could write on. */
  #overAfterMs(path: string): number {
    switch (this.#writers.of(this.#cache.runOf(path) ?? '').kind) {
      case 'gone':
        return Number.NEGATIVE_INFINITY
      case 'unseen':
        return UNSEEN_OVER_MS
      case 'alive':
        return Number.POSITIVE_INFINITY
    }
  }

  /** The files of the runs whose processes were found to be gone just now. */
  #newlyLeft(): readonly string[] {
    const isNewlyLeft = ({ run, memory }: SavedRun) =>
      this.#writers.of(run).kind === 'gone' && memory.writer?.isGone !== true
    const runs = [...this.#cache.runs()].filter(isNewlyLeft)
    if (runs.length === 0) return []
    const paths = this.#cache.pathsByRun()
    return runs.flatMap(({ run }) => paths.get(run) ?? [])
  }

  async #scan(): Promise<void> {
    const { roots, store, exclude, fileEvents, onProblem, disk = LOCAL_DISK } = this.#options
    this.#lastScanMs = this.#clock.steadyMs()
    this.#nextScanMs = this.#lastScanMs + SCAN_SWEEPS * this.#options.sweepMs
    // Where no events come, the modification times of folders are not reliable either.
    const listingsOf = (root: string) => (fileEvents.isPolled(root) ? undefined : this.#listings.get(root))
    fileEvents.follow(await discover(roots, exclude, this.#cache, store, onProblem, disk, listingsOf))
    for (const { path } of this.#cache.files())
      if (roots.some((root) => isWithin(path, root))) this.#scheduler.add(path)
  }

  /** Polls the files that are due, as many as there is time for. Returns whether that brought anything. */
  async #round(hasWritten: boolean): Promise<boolean> {
    const startMs = this.#clock.steadyMs()
    this.#intervals.tick(startMs)
    const round = new Round(this.#cache, this.#options, this.#clock.wallMs(), {
      intervals: this.#intervals,
      writers: this.#writers,
      left: this.#left,
      steadyMs: startMs,
    })
    const polled: string[] = []
    const unfinished: string[] = []
    const poll = async (path: string, nowMs: number) => {
      polled.push(path)
      if (await this.#scheduler.poll(path, round, nowMs, this.#overAfterMs(path))) unfinished.push(path)
    }
    // A line that was just written goes first, for to look at all runs takes some milliseconds.
    const isToJudge = startMs >= this.#nextJudgeMs + (hasWritten ? JUDGE_LATE_MS : 0)
    if (isToJudge) {
      this.#nextJudgeMs = startMs + JUDGE_MS
      await this.#lookAtWriters(this.#cache.runNames)
      // What is judged of a job that is over rests on all that it wrote.
      for (const path of this.#newlyLeft()) await poll(path, startMs)
    }
    // A round takes in one read of each file.
    const polledFirst = new Set(polled)
    for (let nowMs = startMs; round.lines < MOST_LINES; nowMs = this.#clock.steadyMs()) {
      if (polled.length >= LEAST_POLLS && nowMs - startMs >= ROUND_MS) break
      const path = this.#scheduler.next(startMs)
      if (path === null) break
      if (polledFirst.has(path)) unfinished.push(path)
      else await poll(path, nowMs)
    }
    if (isToJudge) for (const run of this.#cache.runs()) round.revisit(run)
    if (!round.isEmpty && !(await this.#commit(round))) {
      for (const path of polled) this.#scheduler.enqueueAgain(path)
      this.#left.clear()
      await this.#goOnUnsaved()
      return true
    }
    for (const path of unfinished) this.#scheduler.enqueue(path)
    this.#options.onRound?.(unfinished.length > 0)
    return !round.isEmpty
  }

  async #commit(round: Round): Promise<boolean> {
    round.explainByOthers('new')
    const commit = round.commit()
    try {
      await this.#options.store.commit(commit)
    } catch (error) {
      this.#options.onUnsaved(commit, error)
      return false
    }
    const { files, runs } = round.after()
    this.#cache.save(files, runs)
    this.#options.onCommit(commit)
    for (const { run, memory } of runs)
      if (memory.ending?.kind === 'crashed') this.#writers.doubt(run, this.#clock.steadyMs())
    const newRuns = runs.map(({ run }) => run).filter((run) => this.#writers.isNew(run, this.#intervals))
    if (newRuns.length > 0) {
      // To look at all processes takes some milliseconds: what is told of the commit goes out first, and arrives.
      await pauseMs(TELL_MS)
      await this.#lookAtWriters(newRuns)
    }
    await this.#ahead?.close()
    this.#ahead = null
    return true
  }

  /** Waits for a sweep before the store is tried again. Meanwhile what the files hold is judged in memory, so that alerts do not wait. */
  async #goOnUnsaved(): Promise<void> {
    const { sweepMs } = this.#options
    const untilMs = this.#clock.steadyMs() + sweepMs
    this.#ahead ??= new ReadAhead(this.#cache, this.#options, this.#options.onReadAhead)
    await this.#ahead.read(sweepMs)
    await pauseMs(Math.max(0, untilMs - this.#clock.steadyMs()))
  }

  #untilNextMs(): number {
    return Math.min(this.#nextScanMs, this.#nextJudgeMs, this.#scheduler.nextDueMs()) - this.#clock.steadyMs()
  }
}

function pauseMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
