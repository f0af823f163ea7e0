import { useSignal } from '@preact/signals'
import { runs } from '../page-store.ts'
import { RunItem } from './run-item.tsx'

const FILTER_ABOVE_RUNS = 8

/** Every run, newest activity first, with a filter when there are many. */
export function RunList() {
  const filter = useSignal('')
  const all = runs.value
  if (all === null) return <p class="hint">Loading runs …</p>
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean)
  const shown = all.filter(({ run, state }) => words.every((word) => `${run} ${state}`.toLowerCase().includes(word)))
  return (
    <>
      <div class="pane-head">
        <h2>Runs</h2>
        <span class="count">{shown.length === all.length ? all.length : `${shown.length} of ${all.length}`}</span>
      </div>
      {all.length > FILTER_ABOVE_RUNS && (
        <input
          class="filter"
          type="search"
          aria-label="Filter runs"
          placeholder="Filter by name or state"
          value={filter.value}
          onInput={(event) => {
            filter.value = event.currentTarget.value
          }}
        />
      )}
      <ul class="run-list" data-testid="run-list">
        {shown.map((run) => (
          <RunItem key={run.run} run={run} />
        ))}
      </ul>
      {shown.length === 0 && <p class="hint">No run matches the filter.</p>}
    </>
  )
}
