import { nowMs } from '../clock.ts'
import { badge } from '../connection.ts'
import { connection } from '../page-store.ts'

/** Says at any time whether what is on the page is what the server knows. */
export function ConnectionBadge() {
  const { kind, text } = badge(connection.value, nowMs.value)
  return (
    <>
      <span class={`connection connection-${kind}`} data-testid="connection" data-state={kind}>
        <span class="dot" aria-hidden="true" />
        {text}
      </span>
      {/* The text counts seconds; a screen reader hears of changes only. */}
      <span class="visually-hidden" role="status">
        Connection: {kind}
      </span>
    </>
  )
}
