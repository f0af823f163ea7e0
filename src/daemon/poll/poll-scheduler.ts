import type { FormatSet } from '../../core/formats/format-set.ts'
import type { Round } from '../../core/pipeline/round.ts'
import { errorMessage } from '../../protocol/error-message.ts'
import { type Disk, LOCAL_DISK, REMOTE_DISK } from '../../tail/disk.ts'
import type { FileEvents } from '../../tail/file-events.ts'
import { followPath, type PathFollower } from '../../tail/path-follower.ts'
import { PollQueue } from '../../tail/poll-queue.ts'
import { hotSweepMs, leastSweepMs, retryMs, sweepIntervalMs } from '../../tail/schedule.ts'
import { StatCache } from '../../tail/stat-cache.ts'
import type { Clock } from '../clocks.ts'
import { PathReader } from './path-reader.ts'
import type { StoreCache } from './store-cache.ts'
import { WrittenPaths } from './written-paths.ts'

export interface PollSchedulerOptions {
  readonly sweepMs: number
  readonly fileEvents: FileEvents
  readonly disk?: Disk
  readonly onProblem: (path: string, reason: string) => void
  readonly onRecovered: (path: string) => void
}

interface PolledPath {
  readonly follower: PathFollower
  readonly statCache: StatCache
  /** When the file last grew; null before the first poll. */
  grewMs: number | null
  /** How many times in a row it could not be read. */
  failures: number
}

/** Where no events come, a view of a file that may be out of date is not believed for this many sweeps. */
const STALE_SWEEPS = 60

/** Decides which followed path is polled next, and polls it. */
export class PollScheduler {
  readonly #options: PollSchedulerOptions
  readonly #clock: Clock
  readonly #cache: StoreCache
  readonly #paths = new Map<string, PolledPath>()
  readonly #queue = new PollQueue()
  readonly #written = new WrittenPaths()
  readonly #reader: PathReader
  readonly #isFollowed = (path: string) => this.#paths.has(path)

  constructor(options: PollSchedulerOptions, formats: FormatSet, clock: Clock, cache: StoreCache) {
    this.#options = options
    this.#reader = new PathReader(formats)
    this.#clock = clock
    this.#cache = cache
  }

  get size(): number {
    return this.#paths.size
  }

  /** Follows a path from now on, and polls it as soon as possible. */
  add(path: string): void {
    if (this.#paths.has(path)) return
    const { fileEvents, sweepMs } = this.#options
    const follower = followPath(path, {
      isFollowed: this.#isFollowed,
      disk: this.#diskOf(path),
      isPolled: () => fileEvents.isPolled(path),
      patienceMs: STALE_SWEEPS * sweepMs,
    })
    this.#paths.set(path, { follower, statCache: new StatCache(), grewMs: null, failures: 0 })
    this.#written.add(path)
    this.#queue.enqueue(path)
  }

  async delete(path: string): Promise<void> {
    const follower = this.#paths.get(path)?.follower
    if (follower === undefined) return
    await this.#reader.close(follower)
    this.#paths.delete(path)
    this.#queue.delete(path)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#paths.values()].map(({ follower }) => follower.close()))
  }

  enqueue(path: string): void {
    this.#queue.enqueue(path)
  }

  /** Enqueues the followed paths that a written file may change. A path that could not be read keeps waiting for its retry. */
  enqueueWritten(written: string): void {
    for (const path of this.#written.of(written)) {
      if (this.#paths.get(path)?.failures === 0) this.#queue.enqueue(path)
    }
  }

  enqueueAll(): void {
    for (const [path, { failures }] of this.#paths) if (failures === 0) this.#queue.enqueue(path)
  }

  /** Enqueues a path whose last read was lost, so that it is read even if its status has not changed. */
  enqueueAgain(path: string): void {
    this.#paths.get(path)?.statCache.forget()
    this.#queue.enqueue(path)
  }

  /** Takes the next path that is due out of the queue, or returns null. */
  next(nowMs: number): string | null {
    return this.#queue.next(nowMs)
  }

  nextDueMs(): number {
    return this.#queue.nextDueMs()
  }

  /**
   * Reads on in one path, and schedules its next poll. Returns whether there is more to read now.
   *
   * Where nothing was written for `overAfterMs` nobody completes the last line any more: what remains without a
   * terminator is one.
   */
  async poll(path: string, round: Round, nowMs: number, overAfterMs: number): Promise<boolean> {
    const polled = this.#paths.get(path)
    if (polled === undefined || !this.#cache.has(path)) return false
    const { fileEvents, sweepMs } = this.#options
    const isPolled = fileEvents.isPolled(path)
    const stat = await this.#diskOf(path).statIfThere(path)
    const isFirst = polled.grewMs === null
    const wallMs = this.#clock.wallMs()
    polled.grewMs ??= stat === null ? nowMs : nowMs - Math.max(0, wallMs - stat.mtimeMs)
    let hasMore = false
    let isNews = false
    const isUnchanged = polled.failures === 0 && polled.statCache.isUnchanged(stat, nowMs, isPolled ? null : wallMs)
    const isOver = stat !== null && wallMs - stat.mtimeMs >= overAfterMs
    const isToEnd = isOver && this.#cache.hasRest(path, stat.size)
    if (!isUnchanged || isToEnd) {
      try {
        const read = await this.#reader.read(polled.follower, this.#cache.file(path)!, round, isToEnd)
        if (polled.failures > 0) this.#options.onRecovered(path)
        polled.failures = 0
        isNews = read.isNews
        if (isNews && !isFirst) polled.grewMs = nowMs
        hasMore = read.hasMore
        if (!hasMore) polled.statCache.markRead(nowMs)
      } catch (error) {
        polled.failures++
        this.#options.onProblem(path, errorMessage(error))
      }
    }
    if (isFirst && !isNews && stat !== null) round.addUnread(this.#cache.file(path)!, stat.mtimeMs)
    if (polled.failures > 0) {
      this.#queue.schedule(path, nowMs + retryMs(polled.failures))
      return false
    }
    const usualMs = sweepIntervalMs(nowMs - polled.grewMs, hotSweepMs(sweepMs, isPolled))
    this.#queue.schedule(path, nowMs + Math.max(usualMs, leastSweepMs(this.#paths.size)))
    return hasMore
  }

  /** A root that is polled may be on another machine. */
  #diskOf(path: string): Disk {
    const { fileEvents, disk } = this.#options
    return disk ?? (fileEvents.isPolled(path) ? REMOTE_DISK : LOCAL_DISK)
  }
}
