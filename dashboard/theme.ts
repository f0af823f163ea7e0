import { effect, signal } from '@preact/signals'

export type Theme = 'system' | 'light' | 'dark'

const KEY = 'nanwatch.theme'
const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' }

/** What the reader has chosen; `system` follows the computer's setting. */
export const theme = signal<Theme>('system')
/** Rises whenever the colours on screen have changed: canvases read it. */
export const coloursVersion = signal(0)

export function nextTheme(): void {
  theme.value = NEXT[theme.peek()]
  remember(theme.peek())
}

/** Applies the remembered theme, and keeps following the computer's. */
export function startTheme(): void {
  const prefersDark = matchMedia('(prefers-color-scheme: dark)')
  const apply = (): void => {
    const isDark = theme.value === 'dark' || (theme.value === 'system' && prefersDark.matches)
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light'
    coloursVersion.value = coloursVersion.peek() + 1
  }
  theme.value = remembered()
  effect(apply)
  prefersDark.addEventListener('change', apply)
}

function remembered(): Theme {
  try {
    const text = localStorage.getItem(KEY)
    return text === 'light' || text === 'dark' ? text : 'system'
  } catch {
    // A browser that forbids storage: the theme lasts as long as the page.
    return 'system'
  }
}

function remember(chosen: Theme): void {
  try {
    localStorage.setItem(KEY, chosen)
  } catch {
    // As above: nothing to remember it in.
  }
}
