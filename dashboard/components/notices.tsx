import { counted } from '../number-text.ts'
import { alerts, dispatch, failures } from '../page-store.ts'

/** What the reader has to know about the page itself: what came while it was away, and what could not be loaded. */
export function Notices() {
  const { whileAway } = alerts.value
  const failed = Object.entries(failures.value)
  if (whileAway === 0 && failed.length === 0) return null
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
    </div>
  )
}
