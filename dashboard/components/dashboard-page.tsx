import { signal, useSignalEffect } from '@preact/signals'
import { alerts, firingCritical, isLocked, runs, selectedRun, view } from '../page-store.ts'
import { AlertFeed } from './alert-feed.tsx'
import { ChartGrid } from './chart-grid.tsx'
import { EmptyState } from './empty-state.tsx'
import { LessonSlot } from './lesson-slot.tsx'
import { Login } from './login.tsx'
import { Notices } from './notices.tsx'
import { RunHeader } from './run-header.tsx'
import { RunList } from './run-list.tsx'
import { TopBar } from './top-bar.tsx'

type Pane = 'runs' | 'charts' | 'alerts'

/** Which part a narrow screen shows; a wide one shows all three. */
const pane = signal<Pane>('charts')

/** The whole page. */
export function App() {
  useSignalEffect(() => {
    // Whoever picks a run or an alert wants to see its charts.
    void view.value.run
    void view.value.alert
    void view.value.lesson
    pane.value = 'charts'
  })
  return (
    <div class="page" data-pane={pane.value}>
      <TopBar />
      <Notices />
      <PaneTabs />
      {isLocked.value ? <Login /> : runs.value?.length === 0 && view.value.lesson === null ? <EmptyState /> : <Panes />}
      <div class="visually-hidden" role="status" aria-live="polite">
        {alerts.value.announcement}
      </div>
    </div>
  )
}

function Panes() {
  return (
    <>
      <nav class="pane pane-runs" aria-label="Runs">
        <RunList />
      </nav>
      <main class="pane pane-charts">
        {view.value.lesson !== null ? (
          <LessonSlot />
        ) : (
          <>
            <RunHeader />
            {selectedRun.value !== null && <ChartGrid />}
          </>
        )}
      </main>
      <aside class="pane pane-alerts" aria-label="Alerts">
        <AlertFeed />
      </aside>
    </>
  )
}

function PaneTabs() {
  const tabs: readonly { key: Pane; text: string }[] = [
    { key: 'runs', text: `Runs ${runs.value?.length ?? ''}` },
    { key: 'charts', text: 'Charts' },
    { key: 'alerts', text: firingCritical.value > 0 ? `Alerts (${firingCritical.value})` : 'Alerts' },
  ]
  return (
    <fieldset class="tabs" aria-label="Part of the page">
      {tabs.map(({ key, text }) => (
        <button
          type="button"
          key={key}
          aria-pressed={pane.value === key}
          onClick={() => {
            pane.value = key
          }}
        >
          {text}
        </button>
      ))}
    </fieldset>
  )
}
