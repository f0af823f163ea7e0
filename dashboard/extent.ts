import { computed } from '@preact/signals'
import type { ChartGroup } from './chart-groups.ts'
import { samples, samplesVersion } from './live-data.ts'
import { groups, range } from './page-store.ts'
import { type Axis, extentOf, type Series } from './series-store.ts'
import { asRange, type Range } from './view.ts'

/** The series of a chart that have been loaded, each with its line. */
export function loadedLines(
  group: ChartGroup,
): { readonly line: ChartGroup['lines'][number]; readonly series: Series }[] {
  return group.lines.flatMap((line) => {
    const series = samples.get(line.info.id)
    return series === null || series.lastOrdinal === -1 ? [] : [{ line, series }]
  })
}

/** What a chart's horizontal axis counts: steps as soon as one of its lines has them. */
export function axisOf(series: readonly Series[]): Axis {
  return series.length === 0 || series.some(({ axis }) => axis === 'step') ? 'step' : 'sample'
}

/** From the first to the last x of everything loaded, for each kind of axis. */
const extents = computed(() => {
  void samplesVersion.value
  const all = (groups.value ?? []).flatMap(loadedLines).map(({ series }) => series)
  return {
    step: unionOf(all.filter(({ axis }) => axis === 'step')),
    sample: unionOf(all.filter(({ axis }) => axis === 'sample')),
  }
})

/** What the run counts, and from where to where. */
export const runExtent = computed(() => {
  const axis: Axis = extents.value.step === null && extents.value.sample !== null ? 'sample' : 'step'
  return { axis, range: extents.value[axis] }
})

/** The stretch that charts of this axis show. A chosen range counts what the run counts, and no other chart follows it. */
export function shownRange(axis: Axis): Range | null {
  return axis === runExtent.value.axis && range.value !== null ? range.value : extents.value[axis]
}

function unionOf(all: readonly Series[]): Range | null {
  let [from, to] = [Infinity, -Infinity]
  for (const series of all) {
    const extent = extentOf(series)
    from = Math.min(from, extent?.from ?? Infinity)
    to = Math.max(to, extent?.to ?? -Infinity)
  }
  return asRange(from, to)
}
