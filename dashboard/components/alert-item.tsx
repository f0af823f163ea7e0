import { type Alert, storyOf } from '../../src/protocol/alert.ts'
import { countText } from '../number-text.ts'
import { dispatch, view } from '../page-store.ts'
import { Ago } from './ago.tsx'
import { AlertDetails } from './alert-details.tsx'
import { Backfill } from './run-state-mark.tsx'

/** One incident. Choosing it shows its run around its step. */
export function AlertItem({ alert, isNew }: { alert: Alert; isNew: boolean }) {
  const isOpen = view.value.alert === alert.id
  const open = (): void => dispatch({ type: 'open-alert', id: alert.id })
  return (
    <li
      class={`alert ${alert.severity} ${alert.state}${isOpen ? ' open' : ''}${isNew ? ' new' : ''}`}
      data-testid="alert-item"
      data-alert-id={alert.id}
      data-severity={alert.severity}
      data-state={alert.state}
    >
      <button type="button" class="alert-main" aria-current={isOpen ? 'true' : undefined} onClick={open}>
        <span class="alert-line">
          <span class={`severity ${alert.severity}`}>{alert.severity}</span>
          <span class={`alert-state ${alert.state}`}>{alert.state}</span>
          {isNew && <span class="new-mark">new</span>}
          {alert.backfill && <Backfill />}
          <span class="spacer" />
          <Ago iso={alert.detectedAt} prefix="seen " />
        </span>
        <span class="alert-where">
          <span class="alert-run" title={alert.run}>
            {alert.run}
          </span>
          {alert.step !== null && ' '}
          {alert.step !== null && <span class="numbers">step {countText(alert.step)}</span>}
        </span>
        <span class="alert-message" data-testid="alert-message">
          {storyOf(alert)}
        </span>
      </button>
      <AlertDetails alert={alert} isOpen={isOpen} />
    </li>
  )
}
