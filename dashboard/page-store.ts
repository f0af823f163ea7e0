import { computed, signal } from '@preact/signals'
import { firingCount } from './alert-list.ts'
import { chartGroups, chosenGroups } from './chart-groups.ts'
import { type Action, EMPTY_STATE, reduce } from './state.ts'

/** The one state of the page. Only `dispatch` changes it. */
export const state = signal(EMPTY_STATE)

export function dispatch(action: Action): void {
  state.value = reduce(state.peek(), action)
}

// Slices: a component that reads one is drawn again only when that one has changed.
export const connection = computed(() => state.value.connection)
export const runs = computed(() => state.value.runs)
export const alerts = computed(() => state.value.alerts)
export const view = computed(() => state.value.view)
export const range = computed(() => state.value.view.range)
export const isLocked = computed(() => state.value.isLocked)
export const failures = computed(() => state.value.failures)
export const selectedRun = computed(() => {
  const name = view.value.run
  return runs.value?.find((run) => run.run === name) ?? null
})

const seriesList = computed(() => state.value.series?.list ?? null)
/** Every chart of the selected run; null until its series are known. */
export const groups = computed(() => (seriesList.value === null ? null : chartGroups(seriesList.value)))
/** The charts that the view asks for. */
export const shownGroups = computed(() => chosenGroups(groups.value ?? [], view.value.charts))

export const firingCritical = computed(() => firingCount(alerts.value.alerts, 'critical'))

/** The x under the pointer, shared by all charts that count the same thing. */
export const hover = signal<{ readonly axis: string; readonly x: number } | null>(null)
