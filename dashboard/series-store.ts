import type { SeriesInfo } from '../src/protocol/run.ts'
import { isFinite, type MetricValue } from '../src/protocol/value.ts'
import type { EnvelopeAnswer, SamplesAnswer } from '../src/protocol/wire.ts'
import { emptyMarks, type Marks, pushMark } from './marks.ts'
import { emptyRows, pushRow, type Rows } from './rows.ts'
import type { Range } from './view.ts'

/** What the horizontal axis counts: optimizer steps, or samples where the log gives no usable step. */
export type Axis = 'step' | 'sample'

/** A stretch that is here sample by sample, while the series' own rows hold it merged. */
export interface Detail {
  /** `to` is Infinity where the stretch ends with the newest sample. */
  readonly range: Range
  readonly rows: Rows
  readonly marks: Marks
  lastOrdinal: number
}

/** The samples of one series, as far as this page has them. Mutable, and no part of the reducer's state. */
export interface Series {
  readonly id: number
  axis: Axis
  readonly rows: Rows
  readonly marks: Marks
  /** Non-finite values that an envelope leaves out: it lists the first of each kind in each bucket. */
  unlistedMarks: number
  /** The server keeps finite samples with a smaller ordinal summed up only. */
  readonly keptFrom: number
  /** Ordinal of the newest sample here; −1 before the first. */
  lastOrdinal: number
  lastX: number
  /** Attempts as drawn: each is a stroke of its own. */
  attempt: number
  /** The server's number of the newest sample's attempt; null before the first. */
  serverAttempt: number | null
  /** The highest step of this attempt, and how many samples came at a lower one. */
  highestX: number
  revisits: number
  detail: Detail | null
  /** Null until it has been loaded: an envelope does not hold it. */
  newest: MetricValue | null
}

/** A share of revisited steps above this means a counter that starts again with each epoch. */
const REVISITS_ALLOWED = 0.05
const FEWEST_REVISITS = 4

export function emptySeries({ id, keptFrom }: Pick<SeriesInfo, 'id' | 'keptFrom'>): Series {
  return {
    id,
    axis: 'step',
    rows: emptyRows(),
    marks: emptyMarks(),
    unlistedMarks: 0,
    keptFrom,
    lastOrdinal: -1,
    lastX: -Infinity,
    attempt: 0,
    serverAttempt: null,
    highestX: -Infinity,
    revisits: 0,
    detail: null,
    newest: null,
  }
}

/** A long series as the server summed it up. What is newer than `lastOrdinal` is appended sample by sample. */
export function seriesFromEnvelope(answer: EnvelopeAnswer): Series {
  const series = emptySeries(answer.series)
  series.axis = axisOf(answer)
  for (let i = 0; i < answer.ordinal.length; i++) {
    const ordinal = answer.ordinal[i]!
    if (i > 0 && answer.attempt[i] !== answer.attempt[i - 1]) series.attempt++
    const [min, max] = [answer.min[i] ?? null, answer.max[i] ?? null]
    const isBySample = series.axis === 'sample'
    const xFrom = isBySample ? ordinal : answer.fromStep[i]!
    const xTo = isBySample ? (answer.ordinal[i + 1] ?? answer.lastOrdinal + 1) - 1 : answer.toStep[i]!
    series.lastX = series.highestX = xTo
    if (min !== null && max !== null) pushRow(series.rows, { xFrom, xTo, min, max, ordinal, attempt: series.attempt })
  }
  series.serverAttempt = answer.attempt.at(-1) ?? null
  for (const { step, ordinal, value } of answer.nonFinite) {
    pushMark(series.marks, series.axis === 'sample' ? ordinal : (step ?? series.lastX), ordinal, value)
  }
  series.lastOrdinal = answer.lastOrdinal
  series.unlistedMarks = Math.max(0, answer.series.nonFinite - answer.nonFinite.length)
  return series
}

/** Adds the samples that are newer than the last one here; the others are here already. */
export function appendSamples(series: Series, answer: SamplesAnswer): void {
  const isFirst = series.lastOrdinal === -1
  if (isFirst && answer.step.length > 0 && answer.step.every((step) => step === null)) series.axis = 'sample'
  for (let i = 0; i < answer.ordinal.length; i++) {
    if (answer.ordinal[i]! > series.lastOrdinal) append(series, answer, i)
    if (answer.ordinal[i] === series.lastOrdinal) series.newest = answer.value[i]!
  }
  const samples = series.rows.length + series.marks.length
  if (series.axis === 'step' && isEpochCounter(series.revisits, samples)) countSamples(series)
}

/** The samples of a stretch as rows of their own, numbered as `series` numbers its attempts. */
export function detailOf(series: Series, range: Range, pages: readonly SamplesAnswer[]): Detail {
  const copy = emptySeries(series)
  copy.axis = series.axis
  for (const page of pages) appendSamples(copy, page)
  const reachesEnd = copy.lastOrdinal >= series.lastOrdinal
  return {
    range: reachesEnd ? { ...range, to: Infinity } : range,
    rows: copy.rows,
    marks: copy.marks,
    lastOrdinal: copy.lastOrdinal,
  }
}

/** The rows and marks that show this stretch best. */
export function columnsFor(series: Series, range: Range): { readonly rows: Rows; readonly marks: Marks } {
  return detailFor(series, range) ?? series
}

/** The detail, if it covers this stretch. */
export function detailFor({ detail }: Series, range: Range): Detail | null {
  return detail !== null && detail.range.from <= range.from && detail.range.to >= range.to ? detail : null
}

/** From the first to the last x of all values, finite or not; null for an empty series. */
export function extentOf({ rows, marks }: Series): Range | null {
  let [from, to] = [Infinity, -Infinity]
  for (let i = 0; i < rows.length; i++) {
    from = Math.min(from, rows.xFrom[i]!)
    to = Math.max(to, rows.xTo[i]!)
  }
  for (let i = 0; i < marks.length; i++) {
    from = Math.min(from, marks.x[i]!)
    to = Math.max(to, marks.x[i]!)
  }
  return from <= to ? { from, to } : null
}

function append(series: Series, { ordinal, step, attempt, value }: SamplesAnswer, i: number): void {
  const { detail, lastOrdinal } = series
  enterAttempt(series, step[i]!, attempt[i]!)
  const x = series.axis === 'sample' ? ordinal[i]! : (step[i] ?? Math.max(0, series.lastX))
  if (x < series.highestX) series.revisits++
  series.highestX = Math.max(series.highestX, x)
  series.lastX = x

  const sample = value[i]!
  const growing = [series, ...(detail !== null && detail.lastOrdinal === lastOrdinal ? [detail] : [])]
  for (const columns of growing) {
    columns.lastOrdinal = ordinal[i]!
    if (!isFinite(sample)) pushMark(columns.marks, x, ordinal[i]!, sample)
    else
      pushRow(columns.rows, {
        xFrom: x,
        xTo: x,
        min: sample,
        max: sample,
        ordinal: ordinal[i]!,
        attempt: series.attempt,
      })
  }
}

/**
 * Begins a new stroke where the server says that the job went back.
 *
 * It can say so one sample late: a single step that falls may be a line out of
 * order, and only the next one shows that it was the first of a new attempt.
 */
function enterAttempt(series: Series, step: number | null, serverAttempt: number): void {
  const { rows } = series
  const fell = step !== null && step < series.lastX && series.axis === 'step'
  const isOther = series.serverAttempt === null ? fell : series.serverAttempt !== serverAttempt
  series.serverAttempt = serverAttempt
  if (!isOther || series.lastOrdinal === -1) return
  series.attempt++
  const last = rows.length - 1
  const lastFell = last >= 0 && rows.ordinal[last] === series.lastOrdinal && rows.xTo[last]! < series.highestX
  if (lastFell && series.axis === 'step') rows.attempt[last] = series.attempt
  series.highestX = -Infinity
}

function axisOf({ fromStep, toStep, attempt }: EnvelopeAnswer): Axis {
  let falls = 0
  for (let i = 0; i < fromStep.length; i++) {
    const from = fromStep[i] ?? null
    const to = toStep[i] ?? null
    if (from === null || to === null) return 'sample'
    if (attempt[i] === attempt[i - 1] && from < (toStep[i - 1] ?? from)) falls++
  }
  return isEpochCounter(falls, fromStep.length) ? 'sample' : 'step'
}

function isEpochCounter(revisits: number, of: number): boolean {
  return revisits >= FEWEST_REVISITS && revisits > REVISITS_ALLOWED * of
}

/** Lays the series out by its samples, for its steps are passed again and again. */
function countSamples(series: Series): void {
  const { rows, marks } = series
  series.axis = 'sample'
  series.detail = null
  for (let i = 0; i < rows.length; i++) {
    const isOneSample = rows.xTo[i] === rows.xFrom[i] || i + 1 === rows.length
    rows.xFrom[i] = rows.ordinal[i]!
    rows.xTo[i] = isOneSample ? rows.ordinal[i]! : rows.ordinal[i + 1]! - 1
  }
  marks.x.set(marks.ordinal.subarray(0, marks.length))
  series.lastX = series.lastOrdinal
  series.highestX = series.lastOrdinal
}
