import { isFinite, metricValue } from '../../dist/protocol/value.js'
import { detect } from '../../dist/core/detect/settings.js'

export const OURS = 'nanwatch'

/** nanwatch's detectors of one training loss: the states after each value, and what was raised at it. */
export function watchLoss(states, loss, step) {
  const value = metricValue(loss)
  const raw = isFinite(value) ? null : value
  const sample = { metric: 'loss', role: 'train_loss', attempt: 0, ordinal: step, step, value, raw, offset: null }
  return detect(states, { kind: 'sample', sample, time: null, isBehind: false }, {})
}
