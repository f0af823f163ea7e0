import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { dispatch, groups, shownGroups, view } from '../page-store.ts'

const FILTER_ABOVE_CHARTS = 10

/** Which charts are shown. None chosen is all of them. */
export function ChartPicker() {
  const filter = useSignal('')
  const menu = useRef<HTMLDetailsElement>(null)
  useEffect(() => closeOutside(menu.current!), [])
  const all = groups.value ?? []
  const chosen = view.value.charts
  const shown = shownGroups.value
  const toggle = (key: string): void => {
    const keys = shown.map((group) => group.key)
    const next = keys.includes(key) ? keys.filter((other) => other !== key) : [...keys, key]
    dispatch({ type: 'show-charts', charts: next.length === all.length ? [] : next })
  }
  return (
    <details class="picker" ref={menu}>
      <summary>
        Charts <span class="count">{chosen.length === 0 ? all.length : `${shown.length} of ${all.length}`}</span>
      </summary>
      <div class="picker-menu">
        <button
          type="button"
          disabled={chosen.length === 0}
          onClick={() => dispatch({ type: 'show-charts', charts: [] })}
        >
          Show all
        </button>
        {all.length > FILTER_ABOVE_CHARTS && (
          <input
            type="search"
            aria-label="Filter charts"
            placeholder="Filter"
            onInput={(event) => {
              filter.value = event.currentTarget.value.toLowerCase()
            }}
          />
        )}
        <ul>
          {all
            .filter(({ title, key }) => `${title} ${key}`.toLowerCase().includes(filter.value))
            .map(({ key, title }) => (
              <li key={key}>
                <label>
                  <input
                    type="checkbox"
                    checked={shown.some((group) => group.key === key)}
                    onChange={() => toggle(key)}
                  />
                  {title}
                </label>
              </li>
            ))}
        </ul>
      </div>
    </details>
  )
}

/** Closes a menu on a press anywhere else, and on Escape. */
function closeOutside(menu: HTMLDetailsElement): () => void {
  const press = (event: PointerEvent): void => {
    if (!menu.contains(event.target as Node)) menu.open = false
  }
  const key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !menu.open) return
    menu.open = false
    menu.querySelector('summary')?.focus()
  }
  document.addEventListener('pointerdown', press)
  document.addEventListener('keydown', key)
  return () => {
    document.removeEventListener('pointerdown', press)
    document.removeEventListener('keydown', key)
  }
}
