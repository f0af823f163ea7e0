import type { ChartGroup } from '../chart-groups.ts'
import { axisOf, loadedLines, shownRange } from '../extent.ts'
import { samplesVersion } from '../live-data.ts'
import { type MarkText, marksOf, markText } from '../mark-text.ts'
import type { MarkSummary } from '../marks.ts'
import { dispatch, selectedRun } from '../page-store.ts'
import { rangeAround } from '../view.ts'

interface Found {
  readonly text: MarkText
  readonly summary: MarkSummary
  readonly labels: string[]
}

/** Every non-finite value of a chart by name; lines that broke at the same places share an entry. */
export function NonFiniteMarks({ group }: { group: ChartGroup }) {
  void samplesVersion.value
  const lines = loadedLines(group)
  const axis = axisOf(lines.map(({ series }) => series))
  const range = shownRange(axis)
  if (range === null) return null

  const found = new Map<string, Found>()
  for (const { line, series } of lines) {
    for (const { summary, isExact } of marksOf(series, range)) {
      const text = markText(summary, axis, isExact)
      const key = `${text.where} ${text.more}`
      const same = found.get(key)
      if (same === undefined) found.set(key, { text, summary, labels: [line.label] })
      else same.labels.push(line.label)
    }
  }
  if (found.size === 0) return null
  return (
    <ul class="marks">
      {[...found].map(([key, one]) => (
        <Mark key={key} found={one} isNamed={lines.length > 1} />
      ))}
    </ul>
  )
}

function Mark({ found: { text, summary, labels }, isNamed }: { found: Found; isNamed: boolean }) {
  const lastStep = selectedRun.value?.lastStep ?? null
  return (
    <li data-testid="non-finite-mark" data-kind={summary.kind}>
      <button
        type="button"
        class="mark"
        disabled={summary.count === 0}
        title="Look closer"
        onClick={() => dispatch({ type: 'zoom', range: rangeAround(summary.fromX, lastStep) })}
      >
        <span aria-hidden="true">{summary.kind === '-Infinity' ? '▼' : '▲'}</span> {text.where}
      </button>{' '}
      <span class="mark-line">
        {text.more} {isNamed && labels.join('; ')}
      </span>
    </li>
  )
}
