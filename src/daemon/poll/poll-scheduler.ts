import { lineCapBytes } from '../../core/formats/reader.ts'
import { isNews, type Round } from '../../core/pipeline/round.ts'
import { Descriptors } from '../../tail/descriptors.ts'
import { type Disk, LOCAL_DISK, REMOTE_DISK } from '../../tail/disk.ts'
import { followPath, type PathFollower } from '../../tail/path-follower.ts'
import { Turns } from '../../tail/poll-queue.ts'
import { hotSweepMs, leastSweepMs, retryMs, sweepIntervalMs } from '../../tail/schedule.ts'
import { Glance } from '../../tail/stat-cache.ts'
import type { Wake } from '../../tail/wake.ts'
import type { Clock } from '../clock.ts'
import type { Book } from './store-cache.ts'
import { WrittenPaths } from './written-paths.ts'

export interface LooksOptions {
  readonly sweepMs: number
  readonly wake: Wake
  readonly disk?: Disk
  readonly onProblem: (path: string, reason: string) => void
  readonly onRecovered: (path: string) => void
}

interface Look {
  readonly follower: PathFollower
  readonly glance: Glance
  /** When the file last grew; null before the first look. */
  grewMs: number | null
  /** How often in a row it could not be read. */
  failures: number
}

/** Where files are polled, what may be old news is doubted for so many sweeps. */
const STALE_SWEEPS = 60

/** The paths that are followed: whose turn it is, and a look at one of them. */
export class Looks {
  readonly #options: LooksOptions
  readonly #clock: Clock
  readonly #book: Book
  readonly #looks = new Map<string, Look>()
  readonly #turns = new Turns()
  readonly #written = new WrittenPaths()
  readonly #descriptors = new Descriptors()
  readonly #isFollowed = (path: string) => this.#looks.has(path)

  constructor(options: LooksOptions, clock: Clock, book: Book) {
    this.#options = options
    this.#clock = clock
    this.#book = book
  }

  get size(): number {
    return this.#looks.size
  }

  /** Follows a path from now on; its turn is next. */
  add(path: string): void {
    if (this.#looks.has(path)) return
    const { wake, sweepMs } = this.#options
    const follower = followPath(path, {
      isFollowed: this.#isFollowed,
      disk: this.#diskOf(path),
      isPolled: () => wake.isPolled(path),
      patienceMs: STALE_SWEEPS * sweepMs,
    })
    this.#looks.set(path, { follower, glance: new Glance(), grewMs: null, failures: 0 })
    this.#written.add(path)
    this.#turns.name(path)
  }

  async delete(path: string): Promise<void> {
    const follower = this.#looks.get(path)?.follower
    if (follower === undefined) return
    await follower.close()
    await this.#descriptors.looked(follower)
    this.#looks.delete(path)
    this.#turns.delete(path)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#looks.values()].map(({ follower }) => follower.close()))
  }

  name(path: string): void {
    this.#turns.name(path)
  }

  /** Something was written under this path. What could not be read waits for its time, whatever is said of it. */
  nameWritten(path: string): void {
    for (const followed of this.#written.of(path)) {
      if (this.#looks.get(followed)?.failures === 0) this.#turns.name(followed)
    }
  }

  nameAll(): void {
    for (const [path, { failures }] of this.#looks) if (failures === 0) this.#turns.name(path)
  }

  /** What the last look found was not kept. */
  again(path: string): void {
    this.#looks.get(path)?.glance.forget()
    this.#turns.name(path)
  }

  /** The path whose turn it is, which is over by this; null where it is nobody's. */
  next(nowMs: number): string | null {
    return this.#turns.next(nowMs)
  }

  nextMs(): number {
    return this.#turns.nextMs()
  }

  /** Reads one file on. Answers whether there is more in it to read now. */
  async look(path: string, round: Round, nowMs: number): Promise<boolean> {
    const look = this.#looks.get(path)
    if (look === undefined || !this.#book.has(path)) return false
    const { wake, sweepMs } = this.#options
    const isPolled = wake.isPolled(path)
    const seen = await this.#diskOf(path).glance(path)
    const isFirst = look.grewMs === null
    const wallMs = this.#clock.wallMs()
    look.grewMs ??= seen === null ? nowMs : nowMs - Math.max(0, wallMs - seen.mtimeMs)
    let hasMore = false
    if (look.failures > 0 || !look.glance.isStill(seen, nowMs, isPolled ? null : wallMs)) {
      try {
        const file = this.#book.file(path)!
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

  /** A root that is polled may be on another machine. */
  #diskOf(path: string): Disk {
    const { wake, disk } = this.#options
    return disk ?? (wake.isPolled(path) ? REMOTE_DISK : LOCAL_DISK)
  }
}
