/** A stretch of the horizontal axis, in steps (or in samples, where the log gives no step). */
export interface Range {
  readonly from: number
  readonly to: number
}

/** What is on screen, whole: the URL holds it, so a view can be sent to a colleague. */
export interface View {
  readonly run: string | null
  /** Keys of the charts that are shown; empty for all of them. */
  readonly charts: readonly string[]
  /** Null follows the run to its newest step. */
  readonly range: Range | null
  /** Keys of the charts on a logarithmic scale. */
  readonly log: readonly string[]
  /** Id of the alert that is open. */
  readonly alert: string | null
  /** The topic of the lesson that stands in place of the charts; null for the charts. */
  readonly lesson: string | null
}

export const EMPTY_VIEW: View = { run: null, charts: [], range: null, log: [], alert: null, lesson: null }

/** Writes a view as the fragment of a URL, without the `#`; the empty view is the empty string. */
export function viewToFragment(view: View): string {
  const fields = new URLSearchParams()
  if (view.run !== null) fields.set('run', view.run)
  if (view.range !== null) {
    fields.set('from', String(view.range.from))
    fields.set('to', String(view.range.to))
  }
  for (const chart of view.charts) fields.append('chart', chart)
  for (const chart of view.log) fields.append('log', chart)
  if (view.alert !== null) fields.set('alert', view.alert)
  if (view.lesson !== null) fields.set('learn', view.lesson)
  return fields.toString()
}

/** Reads what `viewToFragment` wrote; what cannot be read is left at its default. */
export function viewFromFragment(fragment: string): View {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''))
  return {
    run: fields.get('run'),
    charts: fields.getAll('chart'),
    range: readRange(fields.get('from'), fields.get('to')),
    log: fields.getAll('log'),
    alert: fields.get('alert'),
    lesson: fields.get('learn'),
  }
}

/** A range with `from` below `to`, wide enough to be drawn; null for anything that is no range. */
export function asRange(from: number, to: number): Range | null {
  if (!Number.isFinite(from) || !Number.isFinite(to) || to < from) return null
  return to - from < 1 ? { from: from - 1, to: to + 1 } : { from, to }
}

/** The steps worth seeing around an alert: more of what led up to it than of what came after. */
export function rangeAround(step: number, lastStep: number | null): Range {
  const last = Math.max(step, lastStep ?? step)
  const reach = Math.max(30, Math.round(last * 0.03))
  return { from: Math.max(0, step - 2 * reach), to: Math.min(step + reach, Math.max(last, step + 1)) }
}

function readRange(from: string | null, to: string | null): Range | null {
  return from === null || to === null || from === '' || to === '' ? null : asRange(Number(from), Number(to))
}
