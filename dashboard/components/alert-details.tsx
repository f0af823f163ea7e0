import type { Alert, Cause, Evidence } from '../../src/protocol/alert.ts'
import { countText, isBroken, valueText } from '../number-text.ts'

/** Why it happened, how sure that is, and what to change: folded until somebody asks. */
export function AlertDetails({ alert, isOpen }: { alert: Alert; isOpen: boolean }) {
  const { cause } = alert
  return (
    <details class="details" open={isOpen}>
      <summary>{summaryOf(cause)}</summary>
      {cause !== null && <Why cause={cause} />}
      <dl class="evidence">
        {(cause?.evidence ?? []).map((item) => (
          <EvidenceItem key={item.name} item={item} />
        ))}
        <Pair name="metric">{alert.metric}</Pair>
        <Pair name="value">
          <b class={isBroken(alert.value) ? 'broken' : ''}>{valueText(alert.value)}</b>
        </Pair>
        <Pair name="rule">{alert.rule}</Pair>
        <Pair name="where">
          {alert.offset === null ? alert.file : `${alert.file} at byte ${countText(alert.offset)}`}
        </Pair>
        {alert.attempt > 0 && <Pair name="attempt">{alert.attempt + 1}</Pair>}
        {alert.time !== null && <Pair name="logged at">{alert.time}</Pair>}
        {alert.resolvedStep !== null && <Pair name="resolved at step">{countText(alert.resolvedStep)}</Pair>}
        {alert.signs.length > 0 && (
          <Pair name="signs">
            {alert.signs
              .map(({ rule, file, step }) => {
                const where = alert.signs.some((other) => other.file !== file) ? ` in ${file}` : ''
                return `${rule}${where}${step === null ? '' : ` (step ${countText(step)})`}`
              })
              .join(', ')}
          </Pair>
        )}
        {alert.related.length > 0 && (
          <Pair name="also in">
            {alert.related
              .map(({ metric, file, step, run }) => {
                const where = `${file}${step === null ? '' : `, step ${countText(step)}`}`
                return `${run === undefined ? metric : `run ${run}`} (${where})`
              })
              .join(', ')}
          </Pair>
        )}
      </dl>
    </details>
  )
}

function summaryOf(cause: Cause | null): string {
  if (cause === null) return 'Details'
  if (cause.code !== null) return 'Cause, evidence and fix'
  return cause.candidates.length === 0 ? 'Details' : 'What it may be, and evidence'
}

function Why({ cause }: { cause: Cause }) {
  if (cause.code === null) return <Choices cause={cause} />
  return (
    <>
      <p class="cause" data-testid="alert-cause">
        <code>{cause.code}</code> <span class="confidence">{cause.confidence}</span>
      </p>
      <p class="fix" data-testid="alert-fix">
        <b>Fix</b> {cause.fix}
      </p>
    </>
  )
}

/** The causes that may be the one, each with what would show it. Where there is none, the text of the alert has said all. */
function Choices({ cause: { candidates, choices } }: { cause: Extract<Cause, { code: null }> }) {
  if (candidates.length === 0) return null
  return (
    <ul class="choices" data-testid="alert-choices">
      {choices?.map(({ code, title, confirm }) => (
        <li key={code}>
          <b>{title}</b> <code>{code}</code>
          <br />
          {confirm}
        </li>
      )) ?? candidates.map((code) => <li key={code}>{code}</li>)}
    </ul>
  )
}

function EvidenceItem({ item: { name, value } }: { item: Evidence }) {
  return <Pair name={wordsOf(name)}>{evidenceText(value)}</Pair>
}

function Pair({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** "rowsWithZeroOnTruth" → "rows with zero on truth". */
function wordsOf(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
}

function evidenceText(value: Evidence['value']): string {
  if (typeof value === 'number') return valueText(value)
  if (typeof value === 'object') return value.length === 0 ? 'none' : value.map(valueText).join(', ')
  return String(value)
}
