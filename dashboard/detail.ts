import type { SamplesAnswer } from '../src/protocol/wire.ts'
import type { Api } from './api.ts'
import { type Detail, detailFor, detailOf, type Series } from './series-store.ts'
import type { Range } from './view.ts'

/** A stretch with more samples than this is drawn from merged rows: it has many for each pixel anyway. */
export const DETAIL_SAMPLES = 40_000
const PAGES_AT_MOST = 8
const STEPS_BACK_AT_MOST = 12

/** Whether this stretch is here only merged, and is short enough to be loaded sample by sample. */
export function needsDetail(series: Series, range: Range): boolean {
  if (detailFor(series, range) !== null) return false
  const stretch = ordinalsIn(series, range)
  if (stretch === null || stretch.from < series.keptFrom) return false
  return stretch.isMerged && stretch.to - stretch.from <= DETAIL_SAMPLES
}

/**
 * Loads a stretch sample by sample.
 *
 * The server finds samples by ordinal and the reader asks for steps, so the
 * first ordinal is an estimate from the rows, moved back until it lies before
 * the stretch. A stretch that does not end within a few pages is given up.
 */
export async function loadDetail(api: Pick<Api, 'samples'>, series: Series, range: Range): Promise<Detail | null> {
  const stretch = ordinalsIn(series, range)
  if (stretch === null) return null
  const marginSamples = Math.max(64, Math.ceil((stretch.to - stretch.from) * 0.1))
  let after = Math.max(-1, stretch.from - marginSamples)
  let page = await api.samples(series.id, after)
  for (let back = 1; back <= STEPS_BACK_AT_MOST && after > -1 && firstX(series, page) > range.from; back++) {
    after = Math.max(-1, after - marginSamples * 2 ** back)
    page = await api.samples(series.id, after)
  }

  const pages = [page]
  while (page.more && !reaches(series, page, range, stretch.to)) {
    if (pages.length === PAGES_AT_MOST) return null
    page = await api.samples(series.id, page.ordinal.at(-1)!)
    pages.push(page)
  }
  return detailOf(series, range, pages)
}

/** The ordinals of the rows in this stretch, and whether any of those stands for several samples. */
function ordinalsIn(
  { rows, lastOrdinal }: Series,
  range: Range,
): { from: number; to: number; isMerged: boolean } | null {
  let [from, to, isMerged] = [Infinity, -Infinity, false]
  for (let i = 0; i < rows.length; i++) {
    if (rows.xTo[i]! < range.from || rows.xFrom[i]! > range.to) continue
    from = Math.min(from, rows.ordinal[i]!)
    to = Math.max(to, i + 1 < rows.length ? rows.ordinal[i + 1]! - 1 : lastOrdinal)
    if (rows.xTo[i]! > rows.xFrom[i]!) isMerged = true
  }
  return from <= to ? { from, to, isMerged } : null
}

function firstX({ axis }: Series, { step, ordinal }: SamplesAnswer): number {
  return axis === 'sample' ? (ordinal[0] ?? Infinity) : (step.find((value) => value !== null) ?? Infinity)
}

function reaches({ axis }: Series, { step, ordinal }: SamplesAnswer, range: Range, toOrdinal: number): boolean {
  const lastOrdinal = ordinal.at(-1) ?? Infinity
  const lastX = axis === 'sample' ? lastOrdinal : (step.findLast((value) => value !== null) ?? -Infinity)
  return lastX > range.to && lastOrdinal >= toOrdinal
}
