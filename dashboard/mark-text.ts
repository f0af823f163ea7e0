import { type MarkSummary, PLACES_NAMED, summariseMarks } from './marks.ts'
import { countText } from './number-text.ts'
import { type Axis, detailFor, type Series } from './series-store.ts'
import type { Range } from './view.ts'

/** The non-finite values of a series by kind, as exactly as they are known for this stretch. */
export function marksOf(series: Series, range: Range): { readonly summary: MarkSummary; readonly isExact: boolean }[] {
  const overall = summariseMarks(series.marks, range.from, range.to)
  const detail = detailFor(series, range)
  if (detail === null) return overall.map((summary) => ({ summary, isExact: series.unlistedMarks === 0 }))

  const inside = summariseMarks(detail.marks, range.from, range.to)
  return overall.map((summary) => {
    const exact = inside.find(({ kind, count }) => kind === summary.kind && count > 0)
    return { summary: exact === undefined ? summary : { ...exact, outside: summary.outside }, isExact: true }
  })
}

/** Where values of one kind are, and what has to be added to that. */
export interface MarkText {
  /** "NaN at step 812", "Infinity at steps 62, 88, 90", "NaN at steps 91–140". */
  readonly where: string
  /** "(50 values, 12 outside this range)", or nothing. */
  readonly more: string
}

/** A summary in words; a count that is not exact says so. */
export function markText(summary: MarkSummary, axis: Axis, isExact: boolean): MarkText {
  const { kind, count, fromX, toX, places, outside } = summary
  const elsewhere = outside === 0 ? '' : `${countText(outside)} outside this range`
  if (count === 0) return { where: kind, more: `(${elsewhere})` }
  const isListed = places.length <= PLACES_NAMED
  const where = isListed ? places.map(countText).join(', ') : `${countText(fromX)}–${countText(toX)}`
  const times = count === places.length && isListed ? '' : `${isExact ? '' : 'at least '}${countText(count)} values`
  const more = [times, elsewhere].filter(Boolean).join(', ')
  return {
    where: `${kind} at ${axis}${places.length > 1 ? 's' : ''} ${where}`,
    more: more === '' ? '' : `(${more})`,
  }
}
