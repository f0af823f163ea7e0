import type { RunStatus } from '../../src/protocol/run.ts'

/** A run's state as a word, in its colour; how it is known shows under the mouse. */
export function RunStateBadge({ run: { state, stateReason } }: { run: RunStatus }) {
  return (
    <span class={`state state-${state}`} data-testid="run-state" title={stateReason ?? undefined}>
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
