import type { Commit } from '../core/commit.ts'
import { lineCapBytes } from '../core/formats/reader.ts'
import type { Store } from '../store/store.ts'
import { Descriptors } from '../tail/descriptors.ts'
import { type Disk, realDisk } from '../tail/disk.ts'
import { Follower } from '../tail/follower.ts'
import { hotSweepMs, retryMs, sweepIntervalMs } from '../tail/schedule.ts'
import type { Wake } from '../tail/wake.ts'
import { Book } from './book.ts'
import { discover } from './discovery.ts'
import { Round, type RoundSettings } from './round.ts'

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
  readonly onUnsaved: (commit: Commit, reason: string) => void
  readonly onProblem: (path: string, reason: string) => void
  /** A file that could not be read can be read again. */
  readonly onRecovered: (path: string) => void
}

interface Look {
  readonly follower: Follower
  nextMs: number
  grewMs: number
  /** How often in a row it could not be read. */
  failures: number
}

/** The folders are listed each so many sweeps. */
const SCAN_SWEEPS = 5
/** Where files are polled, what may be old news is doubted for so many sweeps. */
const STALE_SWEEPS = 60
/** A job that makes a temporary file each millisecond must not keep us listing folders. */
const SCAN_PAUSE_MS = 100
/** Between two rounds: what is written within it shares a commit. */
const ROUND_MS = 15
const FILES_A_ROUND = 64
const RETRY_MS = 1000

/**
 * Reads what is new, folds it, commits it, and goes round again.
 *
 * Nothing is read further until the last commit has returned: the log files
 * are the only buffer, and no queue can overflow.
 */
export class Intake {
  readonly #options: IntakeOptions
  readonly #looks = new Map<string, Look>()
  readonly #dirty = new Set<string>()
  readonly #book: Book
  readonly #descriptors = new Descriptors()
  #nextScanMs = 0
  #lastScanMs = 0
  #last: Promise<unknown> = Promise.resolve()

  private constructor(options: IntakeOptions, book: Book) {
    this.#options = options
    this.#book = book
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
    const { wake } = this.#options
    while (!signal.aborted) {
      if (wake.takeFoldersChanged()) this.#nextScanMs = Math.min(this.#nextScanMs, this.#lastScanMs + SCAN_PAUSE_MS)
      if (Date.now() >= this.#nextScanMs) await this.#alone(() => this.#scan())
      for (const path of wake.takeDirty()) if (this.#looks.has(path)) this.#dirty.add(path)
      const isBusy = await this.#alone(() => this.#round())
      if (signal.aborted) break
      await (isBusy ? pauseMs(ROUND_MS) : wake.wait(this.#untilNextMs(), signal))
    }
    await Promise.all([...this.#looks.values()].map(({ follower }) => follower.close()))
  }

  /** Between two rounds, or the commit of a round in hand would bring the run back. */
  forget(run: string): Promise<void> {
    return this.#alone(async () => {
      await this.#options.store.forget(run)
      for (const path of this.#book.forget(run)) {
        const follower = this.#looks.get(path)?.follower
        await follower?.close()
        if (follower !== undefined) await this.#descriptors.looked(follower)
        this.#looks.delete(path)
        this.#dirty.delete(path)
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
    const { roots, store, exclude, wake, onProblem, disk = realDisk } = this.#options
    this.#lastScanMs = Date.now()
    this.#nextScanMs = this.#lastScanMs + SCAN_SWEEPS * this.#options.sweepMs
    wake.follow(await discover(roots, exclude, this.#book, store, onProblem, disk))
    for (const { path } of this.#book.files()) {
      if (this.#looks.has(path) || !isBelow(path, roots)) continue
      this.#looks.set(path, {
        follower: new Follower(path, {
          isFollowed: (other) => this.#looks.has(other),
          disk,
          isPolled: () => wake.isPolled(path),
          patienceMs: STALE_SWEEPS * this.#options.sweepMs,
        }),
        nextMs: 0,
        grewMs: Date.now(),
        failures: 0,
      })
      this.#dirty.add(path)
    }
  }

  /** One look at each file that is due. Answers whether there is more to do at once. */
  async #round(): Promise<boolean> {
    const nowMs = Date.now()
    const due = [...this.#looks].filter(
      ([path, { nextMs, failures }]) => nextMs <= nowMs || (failures === 0 && this.#dirty.has(path)),
    )
    const round = new Round(this.#book, this.#options, nowMs)
    const unfinished: string[] = []
    for (const [path, look] of due.slice(0, FILES_A_ROUND)) {
      // To the end of the line: files that grow all the time must not keep the others waiting.
      this.#looks.delete(path)
      this.#looks.set(path, look)
      this.#dirty.delete(path)
      if (await this.#look(path, look, round, nowMs)) unfinished.push(path)
    }
    for (const run of this.#book.runs()) round.revisit(run)
    if (!round.isEmpty && !(await this.#commit(round))) {
      for (const [path] of due) this.#dirty.add(path)
      await pauseMs(RETRY_MS)
      return true
    }
    for (const path of unfinished) this.#dirty.add(path)
    return !round.isEmpty || due.length > FILES_A_ROUND
  }

  /** Reads one file on. Answers whether there is more in it to read now. */
  async #look(path: string, look: Look, round: Round, nowMs: number): Promise<boolean> {
    const file = this.#book.file(path)
    if (file === undefined) return false
    let hasMore = false
    try {
      const read = await look.follower.read(file.cursor, lineCapBytes(file.state.reader))
      if (look.failures > 0) this.#options.onRecovered(path)
      look.failures = 0
      const isNew =
        read !== null && (read.cursor.offset !== (file.cursor?.offset ?? 0) || read.isFinal || read.isNewGeneration)
      if (isNew) {
        round.add(file, read)
        look.grewMs = nowMs
        hasMore = read.hasMore
      }
    } catch (error) {
      look.failures++
      this.#options.onProblem(path, error instanceof Error ? error.message : String(error))
    }
    await this.#descriptors.looked(look.follower)
    if (look.failures > 0) {
      look.nextMs = nowMs + retryMs(look.failures)
      return false
    }
    const hotMs = hotSweepMs(this.#options.sweepMs, this.#options.wake.isPolled(path))
    look.nextMs = nowMs + sweepIntervalMs(nowMs - look.grewMs, hotMs)
    return hasMore
  }

  async #commit(round: Round): Promise<boolean> {
    const commit = round.commit()
    try {
      await this.#options.store.commit(commit)
    } catch (error) {
      this.#options.onUnsaved(commit, error instanceof Error ? error.message : String(error))
      return false
    }
    round.saved()
    this.#options.onCommit(commit)
    return true
  }

  #untilNextMs(): number {
    let next = this.#nextScanMs
    for (const look of this.#looks.values()) next = Math.min(next, look.nextMs)
    return Math.max(0, Math.min(next - Date.now(), this.#options.sweepMs))
  }
}

function isBelow(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => path === root || path.startsWith(root.endsWith('/') ? root : `${root}/`))
}

function pauseMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
