import {
  arrive,
  type Cadence,
  type Mood,
  notCounting,
  type Silence,
  type StallParams,
  silenceOf,
} from '../core/runs/cadence.ts'

/** A longer time between two ticks is one in which this machine, or this program, stood still. */
const LONGEST_TICK_MS = 30_000

/** Lines that came in. */
interface Arrival {
  readonly run: string
  readonly path: string
  readonly mood: Mood
}

/**
 * How often each run is written to, as far as this daemon has seen it.
 *
 * Kept in memory only: it is about the clock of this process. A run that did
 * not grow while it was watched is not known here, and never stalls.
 */
export class Cadences {
  readonly #runs = new Map<string, { cadence: Cadence; path: string }>()
  #tickMs: number | null = null

  isKnown(run: string): boolean {
    return this.#runs.has(run)
  }

  arrived({ run, path, mood }: Arrival, nowMs: number): void {
    this.#runs.set(run, { cadence: arrive(this.#runs.get(run)?.cadence, nowMs, mood), path })
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

  /** The silence of a run and the file that grew last in it, if that was too long ago. */
  silenceOf(run: string, nowMs: number, params: StallParams): { silence: Silence; path: string } | null {
    const known = this.#runs.get(run)
    if (known === undefined) return null
    const silence = silenceOf(known.cadence, nowMs, params)
    return silence === null ? null : { silence, path: known.path }
  }
}
