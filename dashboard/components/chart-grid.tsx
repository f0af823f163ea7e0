import { groups, shownGroups } from '../page-store.ts'
import { ChartCard } from './chart-card.tsx'

/** The small multiples of the selected run. */
export function ChartGrid() {
  if (groups.value === null) return <p class="hint">Loading charts …</p>
  if (groups.value.length === 0) {
    return <p class="hint">This run has no values yet. Its first lines may still be on their way.</p>
  }
  return (
    <div class="chart-grid">
      {shownGroups.value.map((group) => (
        <ChartCard key={group.key} group={group} />
      ))}
    </div>
  )
}
