import { useSignal } from '@preact/signals'
import { countText } from '../number-text.ts'
import { alerts, dispatch, state, view } from '../page-store.ts'
import { AlertItem } from './alert-item.tsx'

const SHOWN_AT_FIRST = 50

/** Every alert, newest first: of all runs or of the selected one. */
export function AlertFeed() {
  const limit = useSignal(SHOWN_AT_FIRST)
  const { alerts: all, loaded, unseen } = alerts.value
  const { feed } = state.value
  const ofRun = feed === 'all' ? all : all.filter(({ run }) => run === view.value.run)
  const firing = ofRun.filter((alert) => alert.state === 'firing').length
  return (
    <>
      <div class="pane-head">
        <h2>Alerts</h2>
        {loaded && <span class="count">{firing === 0 ? 'none firing' : `${countText(firing)} firing`}</span>}
        <span class="spacer" />
        <fieldset class="switch" aria-label="Alerts of">
          <Scope value="all" text="All" />
          <Scope value="run" text="This run" />
        </fieldset>
      </div>
      {unseen.size > 0 && (
        <p class="news">
          <span>{countText(unseen.size)} new</span>
          <button type="button" class="quiet" onClick={() => dispatch({ type: 'seen' })}>
            Mark as seen
          </button>
        </p>
      )}
      <ul class="alert-feed" data-testid="alert-feed">
        {ofRun.slice(0, limit.value).map((alert) => (
          <AlertItem key={alert.id} alert={alert} isNew={unseen.has(alert.id)} />
        ))}
      </ul>
      {ofRun.length > limit.value && (
        <button
          type="button"
          class="more"
          onClick={() => {
            limit.value += SHOWN_AT_FIRST
          }}
        >
          Show older ({countText(ofRun.length - limit.value)})
        </button>
      )}
      {ofRun.length === 0 && (
        <p class="hint">{loaded ? 'No alerts. Every value seen so far is in order.' : 'Loading alerts …'}</p>
      )}
    </>
  )
}

function Scope({ value, text }: { value: 'all' | 'run'; text: string }) {
  return (
    <button
      type="button"
      aria-pressed={state.value.feed === value}
      onClick={() => dispatch({ type: 'feed', feed: value })}
    >
      {text}
    </button>
  )
}
