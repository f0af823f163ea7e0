import type { Commit } from '../core/commit.ts'
import { lineCapBytes } from '../core/formats/reader.ts'
import type { Store } from '../store/store.ts'
import { Descriptors } from '../tail/descriptors.ts'
import { type Disk, LOCAL_DISK, REMOTE_DISK } from '../tail/disk.ts'
import { Follower } from '../tail/follower.ts'
import { Glance } from '../tail/glance.ts'
import { Listings } from '../tail/listings.ts'
import { hotSweepMs, leastSweepMs, retryMs, sweepIntervalMs } from '../tail/schedule.ts'
import { Turns } from '../tail/turns.ts'
import type { Wake } from '../tail/wake.ts'
import { Book } from './book.ts'
import { Cadences } from './cadences.ts'
import { type Clock, SYSTEM_CLOCK } from './clock.ts'
import { discover } from './discovery.ts'
import { ReadAhead } from './read-ahead.ts'
import { isNews, Round, type RoundSettings } from './round.ts'

export interface IntakeOptions extends RoundSettings {
  /** Absolute paths of the files and folders to follow. */
  readonly roots: readonly string[]
  /** Glob patterns of what is not followed below them. */
  readonly exclude: readonly string[]
  readonly sweepMs: number
  /** The real one where none is given. */
  readonly disk?: Disk
  readonly store: Store
  readonly wake: Wake
  readonly onCommit: (commit: Commit) => void
  /** A commit that the store could not take: its alerts are told all the same. It is tried again. */
  readonly onUnsaved: (commit: Commit, error: unknown) => void
  /** What follows such a commit, as far as it could be read: never saved, and read again. */
  readonly onReadAhead: (commit: Commit) => void
  readonly onProblem: (path: string, reason: string) => void
  /** A file that could not be read can be read again. */
  readonly onRecovered: (path: string) => void
  readonly clock?: Clock
}

interface Look {
  readonly follower: Follower
  readonly glance: Glance
  /** When the file last grew; null before the first look. */
  grewMs: number | null
  /** How often in a row it could not be read. */
  failures: number
}

/** The folders are listed each so many sweeps. */
const SCAN_SWEEPS = 5
/** Where files are polled, what may be old news is doubted for so many sweeps. */
const STALE_SWEEPS = 60
/** A job that makes a temporary file each millisecond must not keep us listing folders. */
const SCAN_PAUSE_MS = 100
/** Runs that have gone quiet are judged anew so often. */
const JUDGE_MS = 2000
/** Between two rounds: what is written within it shares a commit. */
const ROUND_MS = 15
/** A round ends after so long, so that the page and the files named meanwhile wait no longer; */
const LOOKS_MS = 15
/** but not before so many looks, or on a busy machine each would be a commit of its own; */
const LEAST_LOOKS = 64
/** and in any case with so many lines. */
const MOST_LINES = 4096
/** What falls due within it is looked at together. */
const SLICE_MS = 25

/**
 * Reads what is new, folds it, commits it, and goes round again.
 *
 * Nothing is read further until the last commit has returned: the log files
 * are the only buffer, and no queue can overflow.
 */
export class Intake {
  readonly #options: IntakeOptions
  readonly #clock: Clock
  readonly #looks = new Map<string, Look>()
  readonly #turns = new Turns()
  readonly #cadences = new Cadences()
  readonly #book: Book
  readonly #descriptors = new Descriptors()
  readonly #listings: ReadonlyMap<string, Listings>
  readonly #isFollowed = (path: string) => this.#looks.has(path)
  #ahead: ReadAhead | null = null
  #nextScanMs = Number.NEGATIVE_INFINITY
  #lastScanMs = Number.NEGATIVE_INFINITY
  #nextJudgeMs = Number.NEGATIVE_INFINITY
  #last: Promise<unknown> = Promise.resolve()

  private constructor(options: IntakeOptions, book: Book) {
    this.#options = options
    this.#clock = options.clock ?? SYSTEM_CLOCK
    this.#book = book
    this.#listings = new Map(options.roots.map((root) => [root, new Listings(options.disk)]))
  }

  /** Takes up where the last daemon stopped, and lists what there is to read. */
  static async open(options: IntakeOptions): Promise<Intake> {
    const intake = new Intake(options, new Book(await options.store.resumption()))
    await intake.#scan()
    return intake
  }

  get followedFiles(): number {
    return this.#looks.size
  }

  /** Goes on until `signal` aborts, and ends after the commit in hand. */
  async run(signal: AbortSignal): Promise<void> {
    const { wake, store } = this.#options
    while (!signal.aborted) {
      if (wake.takeFoldersChanged()) this.#nextScanMs = Math.min(this.#nextScanMs, this.#lastScanMs + SCAN_PAUSE_MS)
      if (this.#clock.steadyMs() >= this.#nextScanMs) await this.#alone(() => this.#scan())
      // One that could not be read waits for its time, whatever is said of it.
      const dirty = wake.takeDirty()
      const named = wake.takeFlood() ? this.#looks.keys() : dirty
      for (const path of named) if (this.#looks.get(path)?.failures === 0) this.#turns.name(path)
      const isBusy = await this.#alone(() => this.#round())
      if (signal.aborted) break
      const untilNextMs = this.#untilNextMs()
      if (isBusy) await pauseMs(Math.max(untilNextMs <= 0 ? 0 : ROUND_MS, store.restMs()))
      else await wake.wait(Math.min(Math.max(untilNextMs, SLICE_MS), this.#options.sweepMs), signal)
    }
    await this.#ahead?.close()
    await Promise.all([...this.#looks.values()].map(({ follower }) => follower.close()))
  }

  /** Between two rounds, or the commit of a round in hand would bring the run back. */
  forget(run: string): Promise<void> {
    return this.#alone(async () => {
      await this.#options.store.forget(run)
      this.#cadences.forget(run)
      for (const path of this.#book.forget(run)) {
        const follower = this.#looks.get(path)?.follower
        await follower?.close()
        if (follower !== undefined) await this.#descriptors.looked(follower)
        this.#looks.delete(path)
        this.#turns.delete(path)
      }
    })
  }

  /** Does one thing after the other: what it starts with is what the last one left. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => undefined)
    return done
  }

  async #scan(): Promise<void> {
    const { roots, store, exclude, wake, onProblem, disk = LOCAL_DISK } = this.#options
    this.#lastScanMs = this.#clock.steadyMs()
    this.#nextScanMs = this.#lastScanMs + SCAN_SWEEPS * this.#options.sweepMs
    // Where events do not come, the times of a folder are not to be relied upon either.
    const listingsOf = (root: string) => (wake.isPolled(root) ? undefined : this.#listings.get(root))
    wake.follow(await discover(roots, exclude, this.#book, store, onProblem, disk, listingsOf))
    for (const { path } of this.#book.files()) {
      if (this.#looks.has(path) || !isBelow(path, roots)) continue
      const follower = new Follower(path, {
        isFollowed: this.#isFollowed,
        disk: this.#diskOf(path),
        isPolled: () => wake.isPolled(path),
        patienceMs: STALE_SWEEPS * this.#options.sweepMs,
      })
      this.#looks.set(path, { follower, glance: new Glance(), grewMs: null, failures: 0 })
      this.#turns.name(path)
    }
  }

  /** A look at files whose turn it is, as many as there is time for. Answers whether it brought anything. */
  async #round(): Promise<boolean> {
    const startMs = this.#clock.steadyMs()
    this.#cadences.tick(startMs)
    const round = new Round(this.#book, this.#options, this.#clock.wallMs(), {
      cadences: this.#cadences,
      steadyMs: startMs,
    })
    const looked: string[] = []
    const unfinished: string[] = []
    for (let nowMs = startMs; round.lines < MOST_LINES; nowMs = this.#clock.steadyMs()) {
      if (looked.length >= LEAST_LOOKS && nowMs - startMs >= LOOKS_MS) break
      const path = this.#turns.next(startMs)
      if (path === null) break
      looked.push(path)
      if (await this.#look(path, round, nowMs)) unfinished.push(path)
    }
    if (startMs >= this.#nextJudgeMs) {
      this.#nextJudgeMs = startMs + JUDGE_MS
      for (const run of this.#book.runs()) round.revisit(run)
    }
    if (!round.isEmpty && !(await this.#commit(round))) {
      for (const path of looked) {
        this.#looks.get(path)?.glance.forget()
        this.#turns.name(path)
      }
      await this.#goOnUnsaved()
      return true
    }
    for (const path of unfinished) this.#turns.name(path)
    return !round.isEmpty
  }

  /** Reads one file on. Answers whether there is more in it to read now. */
  async #look(path: string, round: Round, nowMs: number): Promise<boolean> {
    const look = this.#looks.get(path)
    const file = this.#book.file(path)
    if (look === undefined || file === undefined) return false
    const { wake, sweepMs } = this.#options
    const isPolled = wake.isPolled(path)
    const seen = await this.#diskOf(path).glance(path)
    const isFirst = look.grewMs === null
    const wallMs = this.#clock.wallMs()
    look.grewMs ??= seen === null ? nowMs : nowMs - Math.max(0, wallMs - seen.mtimeMs)
    let hasMore = false
    if (look.failures > 0 || !look.glance.isStill(seen, nowMs, isPolled ? null : wallMs)) {
      try {
        const read = await look.follower.read(file.cursor, lineCapBytes(file.state.reader))
        if (look.failures > 0) this.#options.onRecovered(path)
        look.failures = 0
        if (read !== null && isNews(read, file)) {
          const readAgain = round.add(file, read)
          if (!isFirst) look.grewMs = nowMs
          hasMore = read.hasMore || readAgain === 'now'
        }
        if (!hasMore) look.glance.lookedThrough(nowMs)
      } catch (error) {
        look.failures++
        this.#options.onProblem(path, error instanceof Error ? error.message : String(error))
      }
      await this.#descriptors.looked(look.follower)
    }
    if (look.failures > 0) {
      this.#turns.at(path, nowMs + retryMs(look.failures))
      return false
    }
    const usualMs = sweepIntervalMs(nowMs - look.grewMs, hotSweepMs(sweepMs, isPolled))
    this.#turns.at(path, nowMs + Math.max(usualMs, leastSweepMs(this.#looks.size)))
    return hasMore
  }

  async #commit(round: Round): Promise<boolean> {
    const commit = round.commit()
    try {
      await this.#options.store.commit(commit)
    } catch (error) {
      this.#options.onUnsaved(commit, error)
      return false
    }
    round.saved()
    this.#options.onCommit(commit)
    await this.#ahead?.close()
    this.#ahead = null
    return true
  }

  /** A root that is polled may be on another machine. */
  #diskOf(path: string): Disk {
    const { wake, disk } = this.#options
    return disk ?? (wake.isPolled(path) ? REMOTE_DISK : LOCAL_DISK)
  }

  /** Waits for a sweep until the store is tried again. Alerts do not wait: what the files hold is judged in memory. */
  async #goOnUnsaved(): Promise<void> {
    const { sweepMs } = this.#options
    const untilMs = this.#clock.steadyMs() + sweepMs
    this.#ahead ??= new ReadAhead(this.#book, this.#options, this.#options.onReadAhead)
    await this.#ahead.read(sweepMs)
    await pauseMs(Math.max(0, untilMs - this.#clock.steadyMs()))
  }

  #untilNextMs(): number {
    return Math.min(this.#nextScanMs, this.#nextJudgeMs, this.#turns.nextMs()) - this.#clock.steadyMs()
  }
}

function isBelow(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => path === root || path.startsWith(root.endsWith('/') ? root : `${root}/`))
}

function pauseMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
