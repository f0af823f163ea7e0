import type { Severity } from '../../protocol/alert.ts'

/** When a silence is too long. */
export type StallParams = {
  /** No shorter silence is a stall. */
  readonly leastMs: number
  /** How long the first lines, and the first pause that the log announces, may take. */
  readonly firstMs: number
  /** A stall is so many times the median interval, */
  readonly medians: number
  /** so many times the longest interval of training, */
  readonly longests: number
  /** and so many times the longest pause for an evaluation or a checkpoint, which takes about as long each time. */
  readonly pauses: number
}

/** How often a run is written to, learned while it is watched; times are those of a clock that never jumps. */
export type Cadence = {
  readonly lastMs: number
  /** The newest intervals of training, oldest first. */
  readonly intervalsMs: readonly number[]
  readonly longestMs: number
  readonly longestPauseMs: number
  /** Whether the last lines speak of an evaluation or a checkpoint. */
  readonly isPause: boolean
  /** Whether the last line says that all is done: `3000/3000`, `100%`. */
  readonly isComplete: boolean
}

/** A cadence without its clock, as it is saved with the run: how it was written to, and the file that grew last. */
export type Pace = Omit<Cadence, 'lastMs'> & { readonly path: string }

/** What some new lines say about how long the next may take. */
export type Mood = Pick<Cadence, 'isPause' | 'isComplete'>

export interface Silence {
  readonly severity: Severity
  readonly quietMs: number
  readonly limitMs: number
  readonly medianMs: number | null
  readonly longestMs: number
}

/** A silence of so many times what makes a stall is critical. */
export const CRITICAL_LIMITS = 2
const KEPT_INTERVALS = 64
const LEAST_INTERVALS = 8
const PAUSE_WORDS = ['eval', 'valid', 'checkpoint', 'saving', 'saved', 'testing']

/** Folds in that lines have come. The time before the first is no interval. */
export function arrive(before: Cadence | undefined, nowMs: number, mood: Mood): Cadence {
  if (before === undefined) {
    return { lastMs: nowMs, intervalsMs: [], longestMs: 0, longestPauseMs: 0, ...mood }
  }
  const intervalMs = Math.max(0, Math.round(nowMs - before.lastMs))
  // A pause is announced by the line before it, or told by the one after it.
  if (before.isPause || mood.isPause) {
    return { ...before, lastMs: nowMs, longestPauseMs: Math.max(before.longestPauseMs, intervalMs), ...mood }
  }
  const intervalsMs = [...before.intervalsMs, intervalMs].slice(-KEPT_INTERVALS)
  return { ...before, lastMs: nowMs, intervalsMs, longestMs: Math.max(before.longestMs, intervalMs), ...mood }
}

/** The silence after the last lines, if it is too long: a warning, and from `CRITICAL_LIMITS` times that on critical. */
export function silenceOf(cadence: Cadence, nowMs: number, params: StallParams): Silence | null {
  if (cadence.isComplete) return null
  const { lastMs, intervalsMs, longestMs, longestPauseMs, isPause } = cadence
  const isNew = intervalsMs.length < LEAST_INTERVALS || (isPause && longestPauseMs === 0)
  const medianMs = medianOf(intervalsMs)
  const limitMs = Math.max(
    isNew ? params.firstMs : params.leastMs,
    params.medians * (medianMs ?? 0),
    params.longests * longestMs,
    params.pauses * longestPauseMs,
  )
  const quietMs = nowMs - lastMs
  if (quietMs < limitMs) return null
  return {
    severity: quietMs < CRITICAL_LIMITS * limitMs ? 'warning' : 'critical',
    quietMs,
    limitMs,
    medianMs,
    longestMs,
  }
}

/** The cadence of a run that was watched before, by a clock that has just begun: the time between counts as no silence. */
export function resumed({ path: _, ...pace }: Pace, nowMs: number): Cadence {
  return { ...pace, lastMs: nowMs }
}

/** The same cadence as if the clock had stood still for so long: nobody looked, and nothing is known of that time. */
export function notCounting(cadence: Cadence, pausedMs: number): Cadence {
  return { ...cadence, lastMs: cadence.lastMs + pausedMs }
}

/** What the newest lines of a read say. */
export function moodOf(lines: readonly string[], hasValidation: boolean): Mood {
  const words = lines.slice(-4).map((line) => line.slice(0, 400).toLowerCase())
  return {
    isPause: hasValidation || words.some((line) => PAUSE_WORDS.some((word) => line.includes(word))),
    isComplete: saysComplete(words.at(-1) ?? ''),
  }
}

/** Whether each count of the line has come to its end, and there is one. */
function saysComplete(line: string): boolean {
  const counts = [...line.matchAll(/\b(\d{1,12})\s?\/\s?(\d{1,12})\b/g)]
  const isAll = counts.every(([, done, all]) => Number(done) === Number(all))
  return isAll && (counts.length > 0 || /\b100(?:\.0{1,4})? ?%/.test(line))
}

function medianOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : [...values].sort((a, b) => a - b)[values.length >> 1]!
}
