import { connection, dispatch, view } from '../page-store.ts'
import { nextTheme, theme } from '../theme.ts'
import { ConnectionBadge } from './connection-badge.tsx'

const THEME_TEXT = { system: 'auto', light: 'light', dark: 'dark' } as const

const FIRST_TOPIC = 'surprise'

/** The name of the program, the way to the lessons, the state of the connection, and the theme. */
export function TopBar() {
  const { version } = connection.value
  return (
    <header class="top-bar">
      <h1 class="brand">
        <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
          <path d="M3 6c3 7 6 10 10 10" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" />
          <path class="brand-mark" d="M17.5 5l4 7h-8z" />
        </svg>
        nanwatch
      </h1>
      {version !== null && <span class="version">{version}</span>}
      <span class="spacer" />
      <button
        type="button"
        class="quiet"
        data-testid="learn"
        title="Surprise, entropy, cross-entropy and the log(0), with the numbers of a run"
        aria-pressed={view.value.lesson !== null}
        onClick={() => dispatch({ type: 'learn', topic: view.value.lesson === null ? FIRST_TOPIC : null })}
      >
        Learn
      </button>
      <ConnectionBadge />
      <button type="button" class="quiet" title="Colours: follow the system, light or dark" onClick={nextTheme}>
        <span aria-hidden="true">◐ </span>
        <span class="visually-hidden">Theme: </span>
        {THEME_TEXT[theme.value]}
      </button>
    </header>
  )
}
