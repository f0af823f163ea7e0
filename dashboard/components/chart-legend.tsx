import type { ChartGroup, ChartLine } from '../chart-groups.ts'
import { axisOf, loadedLines } from '../extent.ts'
import { samplesVersion } from '../live-data.ts'
import { countText } from '../number-text.ts'
import { hover } from '../page-store.ts'
import type { Axis, Series } from '../series-store.ts'
import { newestValue, valueAt } from '../value-at.ts'

/** The lines of a chart with their value under the shared cursor, or their newest. */
export function ChartLegend({ group }: { group: ChartGroup }) {
  void samplesVersion.value
  const lines = loadedLines(group)
  const axis = axisOf(lines.map(({ series }) => series))
  const at = placeOf(axis)
  return (
    <ul class="legend">
      {lines.map(({ line, series }) => (
        <LegendLine key={line.info.id} line={line} series={series} axis={axis} at={at} />
      ))}
    </ul>
  )
}

/** Where the shared cursor is on this axis; null where it is not. */
export function placeOf(axis: Axis): number | null {
  return hover.value?.axis === axis ? Math.round(hover.value.x) : null
}

function LegendLine({ line, series, axis, at }: { line: ChartLine; series: Series; axis: Axis; at: number | null }) {
  const { text, isBroken } = at === null ? newestValue(series) : valueAt(series, at)
  return (
    <li>
      <svg
        class={`swatch line-${line.colour % 8} ${line.dash}`}
        viewBox="0 0 18 8"
        width="18"
        height="8"
        aria-hidden="true"
      >
        <path d="M0 4h18" />
      </svg>
      <span class="legend-label" title={`${line.info.metric} in ${line.info.file}`}>
        {line.label}
        {series.axis !== axis && ' (by sample)'}
        {series.attempt > 0 && `, ${countText(series.attempt + 1)} attempts`}
      </span>
      <b class={isBroken ? 'broken' : ''} title={at === null ? 'newest value' : undefined}>
        {text}
      </b>
    </li>
  )
}
