import uPlot from 'uplot'
import type { Dash } from './chart-groups.ts'
import type { Colours } from './colours.ts'
import { decimate, type VisibleRange } from './decimate.ts'
import { groupMarks, markColumns } from './marks.ts'
import { tickText } from './number-text.ts'
import { type Area, MARK_PX, type Marker, type Picture, paintLine, paintMarkers, paintMarks } from './paint.ts'
import { attemptsOf } from './rows.ts'
import { columnsFor, type Series } from './series-store.ts'
import { linearTicks, logTicks, stepTickText } from './ticks.ts'
import { EMPTY_RANGE, type ValueRange, valueRange } from './value-range.ts'
import type { Range } from './view.ts'

export interface ChartInput {
  readonly lines: readonly { readonly series: Series; readonly colour: number; readonly dash: Dash }[]
  readonly range: Range
  readonly isLog: boolean
  readonly markers: readonly Marker[]
  readonly colours: Colours
}

export interface ChartEvents {
  zoom(range: Range): void
  reset(): void
  /** The x under the pointer, or null when it leaves. */
  hover(x: number | null): void
}

export interface Chart {
  draw(input: ChartInput): ValueRange
  resize(widthPx: number, heightPx: number): void
  destroy(): void
}

/** The same in every chart, so that their plots stand exactly below each other. */
const VALUE_AXIS_PX = 58
const STEP_AXIS_PX = 26
const RIGHT_PX = 14
const PX_PER_STEP_TICK = 70
const PX_PER_VALUE_TICK = 30
const SHORTEST_DRAG_PX = 4

/**
 * A chart in `host`, with axes, crosshair and drag from uPlot and strokes of our own.
 *
 * uPlot wants one ascending x column for all series and one value per x; a
 * resumed run has neither. So it is given the two ends of the range as data,
 * and the series are drawn into its canvas from their rows.
 */
export function chart(host: HTMLElement, syncKey: string, events: ChartEvents): Chart {
  let input: ChartInput | null = null
  let pictures: readonly Picture[] = []
  let values = EMPTY_RANGE
  let plot: uPlot | null = null
  let size = { width: host.clientWidth, height: host.clientHeight }

  const paint = (u: uPlot): void => {
    if (input === null) return
    const area: Area = u.bbox
    const { colours } = input
    const ratio = uPlot.pxRatio
    const bottom = area.top + area.height
    const yOf = (value: number): number =>
      values.isLog && value <= 0 ? bottom : Math.min(bottom, Math.max(area.top, u.valToPos(value, 'y', true)))
    const xOf = (x: number): number => u.valToPos(x, 'x', true)
    paintMarkers(u.ctx, area, input.markers, xOf, colours, ratio)
    for (const picture of pictures) paintLine(u.ctx, area, picture, yOf, ratio)
    for (const picture of pictures) paintMarks(u.ctx, area, picture, xOf, colours, ratio)
  }

  const build = (): uPlot => {
    const built = new uPlot(
      optionsOf(
        size,
        syncKey,
        () => input,
        () => values,
        paint,
        events,
      ),
      [
        [0, 1],
        [null, null],
      ],
      host,
    )
    built.over.addEventListener('pointermove', (event) => events.hover(built.posToVal(event.offsetX, 'x')))
    built.over.addEventListener('pointerleave', () => events.hover(null))
    return built
  }

  const redraw = (): ValueRange => {
    if (input === null) return values
    const wasLog = values.isLog
    const view = viewOf(input.range, size.width)
    pictures = input.lines.map((line) => pictureOf(line, view, input!.colours))
    values = valueRange(
      pictures.flatMap(({ attempts }) => attempts.flat()),
      view,
      input.isLog,
    )
    if (plot === null || wasLog !== values.isLog) {
      plot?.destroy()
      plot = build()
    }
    const { from, to } = input.range
    plot.batch(() => {
      plot!.setData(
        [
          [from, to],
          [null, null],
        ],
        false,
      )
      plot!.setScale('x', { min: from, max: to })
    })
    return values
  }

  return {
    draw: (next) => {
      input = next
      return redraw()
    },
    resize: (width, height) => {
      size = { width, height }
      plot?.setSize(size)
      redraw()
    },
    destroy: () => plot?.destroy(),
  }
}

/** The plot's own width follows from the fixed widths around it. */
function viewOf({ from, to }: Range, widthPx: number): VisibleRange {
  const plotPx = Math.round((widthPx - VALUE_AXIS_PX - RIGHT_PX) * uPlot.pxRatio)
  return { fromX: from, toX: to, widthPx: Math.max(1, plotPx) }
}

function pictureOf(
  { series, colour, dash }: ChartInput['lines'][number],
  view: VisibleRange,
  colours: Colours,
): Picture {
  const { rows, marks } = columnsFor(series, { from: view.fromX, to: view.toX })
  const xPerMark = ((view.toX - view.fromX) / view.widthPx) * (MARK_PX + 1) * uPlot.pxRatio
  return {
    colour: colours.lines[colour % colours.lines.length]!,
    dash,
    attempts: attemptsOf(rows).map(({ start, end }) => decimate(rows, start, end, view)),
    marks: groupMarks(marks, view.fromX, view.toX, xPerMark),
    gaps: markColumns(marks, view),
  }
}

function optionsOf(
  size: { width: number; height: number },
  syncKey: string,
  input: () => ChartInput | null,
  values: () => ValueRange,
  paint: (u: uPlot) => void,
  events: ChartEvents,
): uPlot.Options {
  const colour = (name: 'text' | 'grid') => (): string => input()?.colours[name] ?? '#888'
  const axis: uPlot.Axis = {
    stroke: colour('text'),
    font: input()?.colours.font ?? '11px sans-serif',
    grid: { stroke: colour('grid'), width: 1 },
    ticks: { show: false },
    gap: 6,
    filter: (_, splits) => splits,
  }
  return {
    ...size,
    padding: [MARK_PX + 6, RIGHT_PX, 0, 0],
    legend: { show: false },
    series: [{}, { show: false }],
    scales: {
      x: { time: false, range: (_, min, max) => [min, max] },
      y: { distr: values().isLog ? 3 : 1, range: () => [values().min, values().max] },
    },
    axes: [
      {
        ...axis,
        size: STEP_AXIS_PX,
        splits: (u, _, min, max) => linearTicks(min, max, u.bbox.width / uPlot.pxRatio / PX_PER_STEP_TICK, true),
        values: (_, splits) => splits.map(stepTickText),
      },
      {
        ...axis,
        size: VALUE_AXIS_PX,
        splits: (u, _, min, max) => {
          const count = u.bbox.height / uPlot.pxRatio / PX_PER_VALUE_TICK
          if (values().isEmpty) return []
          return values().isLog ? logTicks(min, max, count) : linearTicks(min, max, count)
        },
        values: (_, splits) => splits.map(tickText),
      },
    ],
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false, dist: SHORTEST_DRAG_PX },
      sync: {
        key: syncKey,
        setSeries: false,
        scales: ['x', null],
        filters: { pub: (type) => type.startsWith('mousemove') || type === 'mouseleave' },
      },
      bind: {
        dblclick: () => () => {
          events.reset()
          return null
        },
      },
    },
    hooks: {
      draw: [paint],
      setSelect: [
        (u) => {
          if (u.select.width < SHORTEST_DRAG_PX) return
          const from = Math.floor(u.posToVal(u.select.left, 'x'))
          const to = Math.ceil(u.posToVal(u.select.left + u.select.width, 'x'))
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
          events.zoom({ from, to })
        },
      ],
    },
  }
}
