import { counted } from '../number-text.ts'
import { alerts, dispatch, failures, isLocked } from '../page-store.ts'
import { DaemonProblems } from './daemon-problems.tsx'

/** What the reader has to know beside the runs: what came while it was away, what could not be loaded, and what is wrong with the daemon. */
export function Notices() {
  const { whileAway } = alerts.value
  const failed = Object.entries(failures.value)
  return (
    <div class="notices">
      {whileAway > 0 && (
        <p class="notice" role="status" data-testid="away">
          <span>{counted(whileAway, 'alert')} arrived while you were away.</span>
          <button type="button" onClick={() => dispatch({ type: 'dismiss-away' })}>
            Dismiss
          </button>
        </p>
      )}
      {failed.map(([part, sentence]) => (
        <p class="notice notice-failure" role="status" key={part} data-testid="failure">
          <span>
            Could not load the {part}: {sentence} Trying again.
          </span>
        </p>
      ))}
      {!isLocked.value && <DaemonProblems />}
    </div>
  )
}
