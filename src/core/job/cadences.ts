import { arrive, type Cadence, type Mood, notCounting, type Pace, resumed } from './cadence.ts'

/** A longer time between two ticks is one in which this machine, or this program, stood still. */
const LONGEST_TICK_MS = 30_000

/** Lines that came in. */
interface NewLines {
  readonly run: string
  readonly path: string
  readonly mood: Mood
}

/** A daemon that was away for longer knows nothing of what a silence means. */
const LONGEST_AWAY_MS = 3_600_000

/**
 * How often each run is written to, by the clock of this process.
 *
 * What was learned is saved with the run. A run that did not grow while it was
 * watched is not known here, and never stalls.
 */
export class Cadences {
  readonly #runs = new Map<string, { cadence: Cadence; path: string }>()
  #tickMs: number | null = null

  isKnown(run: string): boolean {
    return this.#runs.has(run)
  }

  /** Takes up what an earlier daemon learned of a run that was last read so long ago. */
  resume(run: string, pace: Pace, quietMs: number, nowMs: number): void {
    if (quietMs <= LONGEST_AWAY_MS) this.#runs.set(run, { cadence: resumed(pace, nowMs), path: pace.path })
  }

  /** Answers with what is now known of the run. */
  arrived({ run, path, mood }: NewLines, nowMs: number): Pace {
    const cadence = arrive(this.#runs.get(run)?.cadence, nowMs, mood)
    this.#runs.set(run, { cadence, path })
    const { lastMs: _, ...pace } = cadence
    return { ...pace, path }
  }

  forget(run: string): void {
    this.#runs.delete(run)
  }

  /** To be called before each round, and every few seconds at least. */
  tick(nowMs: number): void {
    const passedMs = this.#tickMs === null ? 0 : nowMs - this.#tickMs
    this.#tickMs = nowMs
    if (passedMs <= LONGEST_TICK_MS) return
    for (const [run, { cadence, path }] of this.#runs) {
      this.#runs.set(run, { cadence: notCounting(cadence, passedMs), path })
    }
  }

  /** How a run was written to, and the file that grew last in it; undefined where nothing is known. */
  of(run: string): { readonly cadence: Cadence; readonly path: string } | undefined {
    return this.#runs.get(run)
  }
}
