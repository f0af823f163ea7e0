/** When a silence is too long. */
export type StallParams = {
  /** No shorter silence is a stall. */
  readonly leastMs: number
  /** How long the first lines may take, and the first pause that the log announces. */
  readonly firstMs: number
  /** No silence shorter than this many median intervals is a stall. */
  readonly medians: number
  /** Nor is one shorter than this many times the longest interval of training. */
  readonly longests: number
  /** Nor is one shorter than this many times the longest pause for an evaluation or a checkpoint: those take about as long each time. */
  readonly pauses: number
}

/** What is written within so long may have come as a whole, as the files of a job do that are copied. */
const WHOLE_MS = 3000

/** How often a run is written to, learned while it is watched. Times are those of a clock that never jumps. */
export type WriteIntervals = {
  readonly lastMs: number
  /** The newest intervals of training, oldest first. */
  readonly intervalsMs: readonly number[]
  readonly longestMs: number
  readonly longestPauseMs: number
  /** Whether the last lines speak of an evaluation or a checkpoint. */
  readonly isPause: boolean
  /** Whether a pause was seen that took longer than training explains: how long the next may take is known. */
  readonly hasPaused?: true
  /** How long it was written to, from its first lines to its last. An earlier version did not say. */
  readonly spanMs?: number
}

/** The intervals as they are saved with the run: without the time of a clock, and with the file that grew last. */
export type SavedIntervals = Omit<WriteIntervals, 'lastMs'> & { readonly path: string }

/** Whether new lines announce a pause, after which the next lines may take longer. */
export type PauseHint = Pick<WriteIntervals, 'isPause'>

export interface Silence {
  readonly quietMs: number
  readonly limitMs: number
  readonly medianMs: number | null
  readonly longestMs: number
}

const KEPT_INTERVALS = 64
const LEAST_INTERVALS = 8
/** A pause that is longer than so many times the longest interval of training tells how long pauses are. */
const PAUSE_TIMES = 5
// biome-ignore format: a line for each language
const PAUSE_WORDS = [
  'eval', 'valid', 'checkpoint', 'saving', 'saved', 'testing', 'exporting', 'uploading', 'merging', 'inference', 'decoding',
  '评估', '验证', '評估', '驗證', '保存', '测试', '測試',
  '検証', '評価', 'テスト', 'チェックポイント',
  '검증', '평가', '저장', '체크포인트', '테스트',
  'оценк', 'валидац', 'проверк', 'сохран', 'чекпоинт',
  'auswert', 'speicher', 'prüfung',
  'évalu', 'sauvegard', 'enregistr',
  'guarda', 'prueba', 'comprob',
]

/** The intervals after lines have come at `nowMs`. The time before the first lines is no interval. */
export function withLines(before: WriteIntervals | undefined, nowMs: number, hint: PauseHint): WriteIntervals {
  if (before === undefined) {
    return { lastMs: nowMs, intervalsMs: [], longestMs: 0, longestPauseMs: 0, ...hint, spanMs: 0 }
  }
  const intervalMs = Math.max(0, Math.round(nowMs - before.lastMs))
  const after = { ...before, lastMs: nowMs, ...hint, spanMs: spanMsOf(before) + intervalMs }
  // Some logs announce a pause in the line before it, others report it in the line after it.
  if (before.isPause || hint.isPause) {
    const isLong = intervalMs > PAUSE_TIMES * before.longestMs
    const paused = { ...after, longestPauseMs: Math.max(before.longestPauseMs, intervalMs) }
    return isLong ? { ...paused, hasPaused: true } : paused
  }
  const intervalsMs = [...before.intervalsMs, intervalMs].slice(-KEPT_INTERVALS)
  return { ...after, intervalsMs, longestMs: Math.max(before.longestMs, intervalMs) }
}

/** Whether a run was written to for a while, and did not come as a whole. */
export function hasLasted(intervals: WriteIntervals): boolean {
  return spanMsOf(intervals) >= WHOLE_MS
}

function spanMsOf({ spanMs, intervalsMs, longestPauseMs }: WriteIntervals): number {
  return spanMs ?? intervalsMs.reduce((sum, ms) => sum + ms, longestPauseMs)
}

/** The silence since the last lines, if it is too long, else null. */
export function silenceOf(intervals: WriteIntervals, nowMs: number, params: StallParams): Silence | null {
  const { lastMs, intervalsMs, longestMs, longestPauseMs, isPause, hasPaused } = intervals
  const quietMs = nowMs - lastMs
  if (quietMs < params.leastMs) return null
  const isNew = intervalsMs.length < LEAST_INTERVALS || (isPause && hasPaused !== true)
  const medianMs = medianOf(intervalsMs)
  const limitMs = Math.max(
    isNew ? params.firstMs : params.leastMs,
    params.medians * (medianMs ?? 0),
    params.longests * longestMs,
    params.pauses * longestPauseMs,
  )
  if (quietMs < limitMs) return null
  return { quietMs, limitMs, medianMs, longestMs }
}

/** The saved intervals of a run as if its last lines had come at `nowMs`: the time in which nobody watched is no silence. */
export function resumed({ path: _, ...pace }: SavedIntervals, nowMs: number): WriteIntervals {
  return { ...pace, lastMs: nowMs }
}

/** The intervals of a run whose last lines came at `lastMs`, as far as anything was saved of them. */
export function lastKnown(saved: SavedIntervals | undefined, lastMs: number): WriteIntervals {
  return saved === undefined ? withLines(undefined, lastMs, { isPause: false }) : resumed(saved, lastMs)
}

/** The same intervals as if the clock had stood still for `pausedMs`: nothing is known of a time in which nobody watched. */
export function notCounting(intervals: WriteIntervals, pausedMs: number): WriteIntervals {
  return { ...intervals, lastMs: intervals.lastMs + pausedMs }
}

/** Reads a hint from the newest lines of a read. `hasValidation`: whether the read brought a validation loss. */
export function pauseHintOf(lines: readonly string[], hasValidation: boolean): PauseHint {
  const words = lines.slice(-4).map((line) => line.slice(0, 400).toLowerCase())
  return { isPause: hasValidation || words.some((line) => PAUSE_WORDS.some((word) => line.includes(word))) }
}

function medianOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : [...values].sort((a, b) => a - b)[values.length >> 1]!
}
