import type { Alert } from '../../protocol/alert.ts'
import { CAUSE } from '../causes/index.ts'
import { RATE_CHANGE, SINCE } from '../diagnose/bad-batch.ts'
import { known } from '../diagnose/diagnosis.ts'

/** Most runs that an alert names. */
const MAX_NAMED = 8
/** From this many runs on a shared step is no coincidence. */
const SURE = 3

/**
 * R25: explains the spikes of different runs at the very same step by each other.
 *
 * Runs that read the data in the same order meet the same bad batch at the same
 * step. Two kinds of spikes prove nothing: those at a step where the learning
 * rate was raised, which raises the loss of all runs, and those of runs with
 * the same loss to the last digit, which are one run twice. Returns only the
 * alerts that change.
 */
export function sharedSpikes(alerts: Iterable<Alert>): readonly Alert[] {
  const byPlace = new Map<string, Alert[]>()
  for (const alert of alerts) {
    if (!mayBeShared(alert)) continue
    const place = `${beginOf(alert)} ${alert.metric}`
    byPlace.set(place, [...(byPlace.get(place) ?? []), alert])
  }
  return [...byPlace.values()].flatMap((spikes) => spikes.flatMap((alert) => withOthers(alert, spikes)))
}

/** Whether the spikes of other runs may explain an alert. */
export function mayBeShared({ rule, role, step, cause }: Alert): boolean {
  if (rule !== 'spike' || role !== 'train_loss' || step === null) return false
  return !(cause?.evidence.some(({ name }) => name === RATE_CHANGE) ?? false)
}

/** The step at which a spike began. It may have got worse at a later one. */
function beginOf({ step, cause }: Alert): unknown {
  return cause?.evidence.find(({ name }) => name === SINCE)?.value ?? step
}

function withOthers(alert: Alert, spikes: readonly Alert[]): Alert[] {
  const others = spikes.filter(({ run, value }) => run !== alert.run && value !== alert.value)
  const runs = [...new Set(others.map(({ run }) => run))].sort()
  const before = alert.cause?.evidence.find(({ name }) => name === 'runs')?.value
  // Other runs forget their old spikes. What those explained stays explained.
  if (runs.length === 0 || Number(before ?? 0) >= runs.length) return []
  const named = runs.slice(0, MAX_NAMED)
  const evidence = [
    ...(alert.cause?.evidence ?? []).filter(({ name }) => name !== 'runs' && name !== 'inRun'),
    { name: 'runs', value: runs.length },
    ...named.map((run) => ({ name: 'inRun', value: run })),
  ]
  const cause = known(CAUSE.badBatch, runs.length + 1 >= SURE ? 'strong' : 'likely', evidence)
  const list = `${named.join(', ')}${runs.length > named.length ? ', …' : ''}`
  const why = `So did the loss of ${runs.length === 1 ? 'another run' : `${runs.length} other runs`} at this step (${list}): the batch is bad, if they read the data in the same order.`
  return [{ ...alert, why, cause }]
}
