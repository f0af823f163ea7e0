import type { Alert } from '../protocol/alert.ts'

/** What other rules make of one alert. Of a moved one the step, or the severity, is another. */
export interface AlertChange {
  readonly change: 'added' | 'gone' | 'moved' | 'same'
  readonly before: Alert | null
  readonly after: Alert | null
}

/** Compares the alerts of a run under two sets of rules, in the order of their steps. */
export function changedAlerts(before: readonly Alert[], after: readonly Alert[]): AlertChange[] {
  const left = new Set(before)
  const changes: AlertChange[] = []
  const unmatched: Alert[] = []
  for (const alert of after) {
    const twin = [...left].find(({ id }) => id === alert.id)
    if (twin === undefined) unmatched.push(alert)
    else {
      left.delete(twin)
      changes.push({ change: twin.severity === alert.severity ? 'same' : 'moved', before: twin, after: alert })
    }
  }
  for (const alert of unmatched) {
    const nearest = nearestTo(alert, [...left])
    if (nearest === null) changes.push({ change: 'added', before: null, after: alert })
    else {
      left.delete(nearest)
      changes.push({ change: 'moved', before: nearest, after: alert })
    }
  }
  for (const alert of left) changes.push({ change: 'gone', before: alert, after: null })
  return changes.sort((a, b) => placeOf(a) - placeOf(b))
}

/** The alert of the same attempt that began nearest, of those that show the same rule. */
function nearestTo(alert: Alert, others: readonly Alert[]): Alert | null {
  const { attempt, step } = alert
  return others
    .filter((other) => other.attempt === attempt && rulesOf(other).some((rule) => rulesOf(alert).includes(rule)))
    .reduce<Alert | null>((best, other) => (best === null || far(other, step) < far(best, step) ? other : best), null)
}

function rulesOf({ rule, signs }: Alert): readonly string[] {
  return [rule, ...signs.map((sign) => sign.rule)]
}

function far(alert: Alert, step: number | null): number {
  return alert.step === null || step === null ? 0 : Math.abs(alert.step - step)
}

function placeOf({ before, after }: AlertChange): number {
  return after?.step ?? before?.step ?? 0
}
