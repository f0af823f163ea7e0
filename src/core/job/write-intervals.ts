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
  /** How many times in a row new lines ended with one that is no record, or that is not whole. */
  readonly asides?: number
  /** How long it was written to, from its first lines to its last. An earlier version did not say. */
  readonly spanMs?: number
}

/** The intervals as they are saved with the run: without the time of a clock, and with the file that grew last. */
export type SavedIntervals = Omit<WriteIntervals, 'lastMs'> & { readonly path: string }

/** Whether new lines announce a pause, after which the next lines may take longer, or end with something else than a step. */
export interface PauseHint extends Pick<WriteIntervals, 'isPause'> {
  readonly isAside?: boolean
  /** Whether the run had ended before: the time since then is no pause of a job. */
  readonly isRestart?: boolean
}

export interface Silence {
  readonly quietMs: number
  readonly limitMs: number
  /** How long a living process may be silent before somebody has to be woken. */
  readonly criticalMs: number
  readonly medianMs: number | null
  readonly longestMs: number
}

/** A silence of a living process is critical from this many times the limit on. */
export const CRITICAL_LIMITS = 2
/** A log whose lines end so oftener in a row has its records above other lines. */
const MOST_ASIDES = 8
const KEPT_INTERVALS = 64
const LEAST_INTERVALS = 8
/** A pause that is longer than so many times the longest interval of training tells how long pauses are. */
const PAUSE_TIMES = 5
/** What a job does beside its steps, in words of eight languages, and the phase of a structured line. */
const PAUSE = new RegExp(
  [
    '\\b(?:re)?(?:eval|valid|testing\\b|predict|infer|decod|export|upload|merg|consolidat|compil|snapshot|checkpoint|ckpt|sav(?:ing|ed)\\b)',
    '(?:generat|sampl|comput|collect|writ|render)ing\\b|\\b(?:dev|held[ -]?out) (?:set|split)|_(?:eval|ckpt|checkpoint)',
    '"(?:phase|stage|split|mode)": ?"(?:val|eval|test|dev)',
    '评估|验证|評估|驗證|保存|测试|測試|检查点|檢查點|写入|寫入|生成|采样|計算|计算',
    '検証|評価|テスト|チェックポイント|書き込|검증|평가|저장|체크포인트|테스트|생성|쓰는|기록',
    'оценк|валидац|проверк|сохран|чекпоинт|генерац|запис|auswert|speicher|prüfung|teste |berechne|schreibe|erzeuge',
    'évalu|sauvegard|enregistr|écriture|génération|calcul|guarda|prueba|probando|comprob|escribi|generando|avalia|salvando|gerando',
  ].join('|'),
  'i',
)

/** The intervals after lines have come at `nowMs`. The time before the first lines is no interval. */
export function withLines(before: WriteIntervals | undefined, nowMs: number, hint: PauseHint): WriteIntervals {
  const { isPause, isAside = false, isRestart = false } = hint
  const asides = isAside ? Math.min((before?.asides ?? 0) + 1, MOST_ASIDES) : 0
  if (before === undefined) {
    return { lastMs: nowMs, intervalsMs: [], longestMs: 0, longestPauseMs: 0, isPause, asides, spanMs: 0 }
  }
  const intervalMs = Math.max(0, Math.round(nowMs - before.lastMs))
  const after = { ...before, lastMs: nowMs, isPause, asides, spanMs: spanMsOf(before) + intervalMs }
  if (isRestart) return after
  // Some logs announce a pause in the line before it, others report it in the line after it.
  if (before.isPause || isPause) {
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

/** How long a run was written to; null where all that is known of it may have come as a whole. */
export function lastedMs(intervals: SavedIntervals): number | null {
  const spanMs = spanMsOf(intervals)
  return spanMs >= WHOLE_MS ? spanMs : null
}

function spanMsOf({ spanMs, intervalsMs, longestPauseMs }: Omit<WriteIntervals, 'lastMs'>): number {
  return spanMs ?? intervalsMs.reduce((sum, ms) => sum + ms, longestPauseMs)
}

/** The silence since the last lines, if it is too long, else null. */
export function silenceOf(intervals: WriteIntervals, nowMs: number, params: StallParams): Silence | null {
  const { lastMs, intervalsMs, longestMs, longestPauseMs, isPause, hasPaused, asides = 0 } = intervals
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
  // It may do something that it has not done before. A warning tells that it takes long.
  const isAside = asides > 0 && asides < MOST_ASIDES
  const criticalMs = CRITICAL_LIMITS * (isAside ? Math.max(limitMs, params.firstMs) : limitMs)
  return { quietMs, limitMs, criticalMs, medianMs, longestMs }
}

/** The saved intervals of a run as if its last lines had come at `nowMs`: the time in which nobody watched is no silence. */
export function resumed({ path: _, ...pace }: SavedIntervals, nowMs: number): WriteIntervals {
  return { ...pace, lastMs: nowMs }
}

/** The intervals of a run whose job was started again at `nowMs`, and has written no line since: its first may take long. */
export function begunAnew(intervals: WriteIntervals, nowMs: number): WriteIntervals {
  return { ...intervals, lastMs: nowMs, intervalsMs: [] }
}

/** The intervals of a run whose last lines came at `lastMs`, as far as anything was saved of them. */
export function lastKnown(saved: SavedIntervals | undefined, lastMs: number): WriteIntervals {
  return saved === undefined ? withLines(undefined, lastMs, { isPause: false }) : resumed(saved, lastMs)
}

/** The same intervals as if the clock had stood still for `pausedMs`: nothing is known of a time in which nobody watched. */
export function notCounting(intervals: WriteIntervals, pausedMs: number): WriteIntervals {
  return { ...intervals, lastMs: intervals.lastMs + pausedMs }
}

/**
 * Reads a hint from the newest lines of a read. `hasValidation`: whether the read brought a validation loss; `isAside`:
 * whether it ended with something else than a record.
 */
export function pauseHintOf(lines: readonly string[], hasValidation: boolean, isAside = false): PauseHint {
  const isPause = hasValidation || lines.slice(-4).some((line) => PAUSE.test(line.slice(0, 400)))
  return isAside ? { isPause, isAside } : { isPause }
}

function medianOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : [...values].sort((a, b) => a - b)[values.length >> 1]!
}
