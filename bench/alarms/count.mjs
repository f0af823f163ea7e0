import { Watch } from '../../build/core/detect/series-watch.js'
import { areOfMovingTarget } from '../../build/core/records/fields.js'
import { isFinite, metricValue } from '../../build/protocol/value.js'

/** Of the alarms of one severity within so many points one is counted. */
const MERGED_POINTS = 100

/** The alarms that the losses of one run raise, by severity. `beside` are the names of what is logged beside the loss. */
export function alarmsIn({ losses, beside = [] }, settings = {}) {
  const watch = new Watch({}, settings)
  const hasMovingTarget = areOfMovingTarget(beside)
  const alarms = { critical: [], warning: [], info: [] }
  const last = { critical: Number.NEGATIVE_INFINITY, warning: Number.NEGATIVE_INFINITY, info: Number.NEGATIVE_INFINITY }
  for (let step = 0; step < losses.length; step++) {
    for (const found of watch.observe(seen(losses[step], step, hasMovingTarget))) {
      if (found.kind !== 'raise' || step - last[found.severity] <= MERGED_POINTS) continue
      last[found.severity] = step
      alarms[found.severity].push({ step, rule: found.rule })
    }
  }
  return alarms
}

function seen(loss, step, hasMovingTarget) {
  const value = metricValue(loss)
  const raw = isFinite(value) ? null : value
  const sample = { metric: 'loss', role: 'train_loss', attempt: 0, ordinal: step, step, value, raw, offset: null }
  return { kind: 'sample', sample, time: null, isBehind: false, hasMovingTarget }
}

/** The figures of some runs: how many wake somebody, warn, or only note something, and the alarms by rule. */
export function figuresOf(runs) {
  const figures = { runs: runs.length, points: 0, critical: 0, warned: 0, noted: 0, warnings: 0, rules: {} }
  for (const { points, alarms } of runs) {
    figures.points += points
    figures.warnings += alarms.warning.length
    if (alarms.critical.length > 0) figures.critical++
    else if (alarms.warning.length > 0) figures.warned++
    else if (alarms.info.length > 0) figures.noted++
    for (const severity of ['critical', 'warning']) {
      for (const { rule } of alarms[severity]) {
        const name = `${severity} ${rule}`
        figures.rules[name] = (figures.rules[name] ?? 0) + 1
      }
    }
  }
  return { ...figures, warningsPerMillion: figures.points === 0 ? null : (1e6 * figures.warnings) / figures.points }
}
