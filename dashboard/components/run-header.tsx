import { lacksLoss, type RunSummary } from '../../src/protocol/run.ts'
import { countText, isBroken, valueText } from '../number-text.ts'
import { runs, selectedRun, view } from '../page-store.ts'
import { Ago } from './ago.tsx'
import { ChartPicker } from './chart-picker.tsx'
import { NoLoss } from './no-loss.tsx'
import { RangeForm } from './range-form.tsx'
import { Backfill, RunStateBadge } from './run-state-mark.tsx'
import { Trouble } from './trouble.tsx'

/** The selected run: its name, the facts, and what of it the charts show. */
export function RunHeader() {
  const run = selectedRun.value
  if (run === null) return <Missing />
  return (
    <header class="run-header">
      <div class="run-title">
        <h2 title={run.run}>{run.run}</h2>
        <RunStateBadge run={run} />
        {run.backfill && <Backfill />}
      </div>
      <Status run={run} />
      <Facts run={run} />
      {run.rejects + run.gaps > 0 && <Trouble key={run.run} run={run} />}
      <div class="run-tools">
        <RangeForm />
        <span class="spacer" />
        <ChartPicker />
      </div>
    </header>
  )
}

/** Since when the run is in its state, and how that is known. */
function Status({ run: { state, stateSince, stateReason } }: { run: RunSummary }) {
  if (stateReason === null) return null
  return (
    <p class="state-reason" data-testid="state-reason">
      {state}
      {stateSince !== null && (
        <>
          {' since '}
          <Ago iso={stateSince} />
        </>
      )}
      : {stateReason}
    </p>
  )
}

function Missing() {
  const name = view.value.run
  if (runs.value === null || name === null) return <p class="hint">Loading …</p>
  return (
    <p class="hint" data-testid="unknown-run">
      The server knows no run named “{name}”. It may not have begun yet; choose another one from the list.
    </p>
  )
}

function Facts({ run }: { run: RunSummary }) {
  return (
    <dl class="facts">
      <Fact name="step">{run.lastStep === null ? 'none' : countText(run.lastStep)}</Fact>
      <Fact name="loss">
        {lacksLoss(run) ? (
          <NoLoss text="none read" />
        ) : run.lastLoss === null ? (
          'none'
        ) : (
          <b class={isBroken(run.lastLoss) ? 'broken' : ''}>{valueText(run.lastLoss)}</b>
        )}
      </Fact>
      <Fact name="samples">{countText(run.samples)}</Fact>
      {run.batches > 0 && <Fact name="prediction batches">{countText(run.batches)}</Fact>}
      <Fact name="files">
        <span title={run.files.join('\n')}>{run.files.length}</span>
      </Fact>
      <Fact name="last read">
        <Ago iso={run.lastReadAt} />
      </Fact>
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
