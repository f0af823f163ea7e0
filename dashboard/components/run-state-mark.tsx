import type { RunState } from '../../src/protocol/run.ts'

/** A run's state as a word, in its colour. */
export function RunStateBadge({ state }: { state: RunState }) {
  return (
    <span class={`state state-${state}`} data-testid="run-state">
      {state}
    </span>
  )
}

/** Marks what was found in bytes that were old when nanwatch first saw them. */
export function Backfill() {
  return (
    <span class="backfill" title="Read from a log that was there before nanwatch looked">
      backfill
    </span>
  )
}
