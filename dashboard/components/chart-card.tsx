import { signal } from '@preact/signals'
import { useMemo, useRef } from 'preact/hooks'
import type { ChartGroup } from '../chart-groups.ts'
import { axisOf, loadedLines } from '../extent.ts'
import { samplesVersion } from '../live-data.ts'
import { counted, countText } from '../number-text.ts'
import { dispatch, view } from '../page-store.ts'
import type { ValueRange } from '../value-range.ts'
import { ChartLegend, placeOf } from './chart-legend.tsx'
import { NonFiniteMarks } from './non-finite-marks.tsx'
import { usePlot } from './use-plot.ts'

/** One chart with its title, its switches and its legend. */
export function ChartCard({ group }: { group: ChartGroup }) {
  const host = useRef<HTMLDivElement>(null)
  const drawn = useMemo(() => signal<ValueRange | null>(null), [])
  usePlot(host, group, drawn)
  const { key, title, note, large, lines } = group
  const isLog = view.value.log.includes(key)
  const isAlone = view.value.charts.length === 1 && view.value.charts[0] === key
  return (
    <figure
      class={large || isAlone ? 'chart large' : 'chart'}
      data-testid="chart"
      data-metric={key}
      data-metrics={lines.map(({ info }) => info.metric).join(' ')}
      aria-label={title}
    >
      <div class="chart-head">
        <h3 title={key}>{title}</h3>
        {note !== '' && <span class="note">{note}</span>}
        <span class="spacer" />
        <Place group={group} />
        <ScaleNote drawn={drawn.value} isLog={isLog} />
        <button
          type="button"
          class="quiet"
          aria-pressed={isLog}
          title="Logarithmic scale"
          onClick={() => dispatch({ type: 'toggle-log', chart: key })}
        >
          log
        </button>
        <button
          type="button"
          class="quiet"
          aria-pressed={isAlone}
          title={isAlone ? 'Show all charts' : 'Show this chart alone'}
          onClick={() => dispatch({ type: 'show-charts', charts: isAlone ? [] : [key] })}
        >
          {isAlone ? 'all' : 'only'}
        </button>
      </div>
      <div class="plot" ref={host} aria-hidden="true">
        {drawn.value === null && <p class="hint">Loading …</p>}
      </div>
      <figcaption>
        <ChartLegend group={group} />
        <NonFiniteMarks group={group} />
      </figcaption>
    </figure>
  )
}

/** Which place the values of the legend belong to. */
function Place({ group }: { group: ChartGroup }) {
  void samplesVersion.value
  const axis = axisOf(loadedLines(group).map(({ series }) => series))
  const at = placeOf(axis)
  return at === null ? null : (
    <span class="note place">
      {axis} {countText(at)}
    </span>
  )
}

/** What a logarithmic scale cannot show is said, and not left out. */
function ScaleNote({ drawn, isLog }: { drawn: ValueRange | null; isLog: boolean }) {
  if (!isLog || drawn === null) return null
  if (!drawn.isLog) return <span class="note caution">no value above 0: linear</span>
  return drawn.clipped === 0 ? null : (
    <span class="note caution">{counted(drawn.clipped, 'point')} ≤ 0 at the lower edge</span>
  )
}
