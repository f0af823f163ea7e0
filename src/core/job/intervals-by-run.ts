import {
  notCounting,
  type PauseHint,
  resumed,
  type SavedIntervals,
  type WriteIntervals,
  withLines,
} from './write-intervals.ts'

/** After a longer time between two ticks this machine, or this program, stood still in between. */
const LONGEST_TICK_MS = 30_000

/** New lines in one file of a run. */
interface NewLines {
  readonly run: string
  readonly path: string
  readonly hint: PauseHint
}

/** A daemon that was away for longer cannot say what a silence means. */
const LONGEST_AWAY_MS = 3_600_000

/**
 * How often each run is written to, by the clock of this process.
 *
 * What was learned is saved with the run. A run that did not grow while it was
 * watched is not known here, and never stalls.
 */
export class IntervalsByRun {
  readonly #runs = new Map<string, { intervals: WriteIntervals; path: string }>()
  #tickMs: number | null = null

  isKnown(run: string): boolean {
    return this.#runs.has(run)
  }

  /**
   * Takes up what an earlier daemon learned of a run. One that was last read too long ago is not known any more, unless
   * `isHeld`, a living process still holds its log open.
   */
  resume(run: string, saved: SavedIntervals, quietMs: number, isHeld: boolean, nowMs: number): void {
    if (isHeld || quietMs <= LONGEST_AWAY_MS)
      this.#runs.set(run, { intervals: resumed(saved, nowMs), path: saved.path })
  }

  /** Takes note of new lines. Returns what is now known of their run, to be saved with it. */
  noteLines({ run, path, hint }: NewLines, nowMs: number): SavedIntervals {
    const intervals = withLines(this.#runs.get(run)?.intervals, nowMs, hint)
    this.#runs.set(run, { intervals, path })
    const { lastMs: _, ...kept } = intervals
    return { ...kept, path }
  }

  forget(run: string): void {
    this.#runs.delete(run)
  }

  /** Lets a time in which nobody watched count for no run. To be called before each round, and at least every few seconds. */
  tick(nowMs: number): void {
    const passedMs = this.#tickMs === null ? 0 : nowMs - this.#tickMs
    this.#tickMs = nowMs
    if (passedMs <= LONGEST_TICK_MS) return
    for (const [run, { intervals, path }] of this.#runs) {
      this.#runs.set(run, { intervals: notCounting(intervals, passedMs), path })
    }
  }

  /** The intervals of a run and the file that grew last in it; undefined where nothing is known. */
  of(run: string): { readonly intervals: WriteIntervals; readonly path: string } | undefined {
    return this.#runs.get(run)
  }
}
