import { effect, type Signal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { everyFrame } from '../animation-frame.ts'
import { type Chart, chart } from '../chart.ts'
import type { ChartGroup } from '../chart-groups.ts'
import { coloursOf } from '../colours.ts'
import { axisOf, loadedLines, shownRange } from '../extent.ts'
import { chartsInSight, samplesVersion } from '../live-data.ts'
import { alerts, dispatch, hover, view } from '../page-store.ts'
import type { Marker } from '../paint.ts'
import type { Axis } from '../series-store.ts'
import { coloursVersion } from '../theme.ts'
import type { ValueRange } from '../value-range.ts'

const LOAD_AHEAD = '300px'

/** Keeps a chart in `host` for as long as the component lives, drawn once per frame at most and only in sight. */
export function usePlot(
  host: RefObject<HTMLDivElement | null>,
  group: ChartGroup,
  drawn: Signal<ValueRange | null>,
): void {
  const latest = useRef<{ group: ChartGroup; draw: (() => void) | null }>({ group, draw: null })
  latest.current.group = group
  useEffect(() => latest.current.draw?.(), [group])
  useEffect(() => {
    const element = host.current!
    const { key } = group
    let shown: Chart | null = null
    let shownAxis: Axis | null = null
    let isGone = false

    const draw = everyFrame(() => {
      const lines = loadedLines(latest.current.group)
      const axis = axisOf(lines.map(({ series }) => series))
      const range = shownRange(axis)
      if (lines.length === 0 || range === null || isGone) return
      if (shown === null || axis !== shownAxis) {
        shown?.destroy()
        shown = chart(element, axis, {
          zoom: (chosen) => dispatch({ type: 'zoom', range: chosen }),
          reset: () => dispatch({ type: 'zoom', range: null }),
          hover: (x) => {
            hover.value = x === null ? null : { axis, x }
          },
        })
        shownAxis = axis
      }
      drawn.value = shown.draw({
        lines: lines.map(({ line, series }) => ({ series, colour: line.colour, dash: line.dash })),
        range,
        isLog: view.peek().log.includes(key),
        markers: axis === 'step' ? markersOf() : [],
        colours: coloursOf(document.documentElement),
      })
    })

    const stopDrawing = effect(() => {
      void samplesVersion.value
      void coloursVersion.value
      void view.value
      void alerts.value
      if (chartsInSight.value.has(key)) draw()
    })
    const stopSizing = onResize(element, () => {
      if (shown !== null) shown.resize(element.clientWidth, element.clientHeight)
    })
    const stopWatching = onSight(element, key)
    latest.current.draw = draw
    return () => {
      stopDrawing()
      stopSizing()
      stopWatching()
      shown?.destroy()
      shown = null
      isGone = true
    }
  }, [group.key])
}

function markersOf(): Marker[] {
  const { run, alert: open } = view.peek()
  return alerts
    .peek()
    .alerts.flatMap((alert) =>
      alert.run !== run || alert.step === null
        ? []
        : [{ x: alert.step, severity: alert.severity, isFiring: alert.state === 'firing', isOpen: alert.id === open }],
    )
}

function onResize(element: Element, callback: () => void): () => void {
  const observer = new ResizeObserver(everyFrame(callback))
  observer.observe(element)
  return () => observer.disconnect()
}

function onSight(element: Element, key: string): () => void {
  const put = (isInSight: boolean): void => {
    if (chartsInSight.peek().has(key) === isInSight) return
    const keys = new Set(chartsInSight.peek())
    if (isInSight) keys.add(key)
    else keys.delete(key)
    chartsInSight.value = keys
  }
  const observer = new IntersectionObserver((entries) => put(entries.at(-1)!.isIntersecting), {
    root: element.closest('.pane'),
    rootMargin: LOAD_AHEAD,
  })
  observer.observe(element)
  return () => {
    observer.disconnect()
    put(false)
  }
}
