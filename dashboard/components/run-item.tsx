import { lacksLoss, type RunSummary } from '../../src/protocol/run.ts'
import { countText, isBroken, valueText } from '../number-text.ts'
import { dispatch, view } from '../page-store.ts'
import { Ago } from './ago.tsx'
import { NoLoss } from './no-loss.tsx'
import { Backfill, RunStateBadge } from './run-state-mark.tsx'

/** One line of the run list: how the run is, and how far it has come. */
export function RunItem({ run }: { run: RunSummary }) {
  const isSelected = view.value.run === run.run
  return (
    <li data-testid="run-item" data-run={run.run}>
      <button
        type="button"
        class="run-item"
        aria-current={isSelected ? 'true' : undefined}
        onClick={() => dispatch({ type: 'select-run', run: run.run })}
      >
        <span class="run-name" title={run.run}>
          {run.run}
        </span>
        <span class="run-line">
          <RunStateBadge run={run} />
          {run.backfill && <Backfill />}
          <span class="spacer" />
          <AlertCount count={run.critical} severity="critical" />
          <AlertCount count={run.warning} severity="warning" />
          <Ago iso={run.lastReadAt} prefix="last read " />
        </span>
        <span class="run-line numbers">
          <span>{run.lastStep === null ? 'no step' : `step ${countText(run.lastStep)}`}</span>
          <span class="spacer" />
          {run.lastLoss !== null && (
            <span>
              loss <b class={isBroken(run.lastLoss) ? 'broken' : ''}>{valueText(run.lastLoss)}</b>
            </span>
          )}
          {lacksLoss(run) && <NoLoss text="no loss read" />}
        </span>
      </button>
    </li>
  )
}

function AlertCount({ count, severity }: { count: number; severity: 'critical' | 'warning' }) {
  if (count === 0) return null
  const text = `${count} open ${severity} alert${count === 1 ? '' : 's'}`
  return (
    <span class={`alert-count ${severity}`} title={text}>
      <span aria-hidden="true">
        {severity === 'critical' ? '!' : '△'} {count}
      </span>
      <span class="visually-hidden">{text}</span>
    </span>
  )
}
