import { Watch } from '../../dist/core/detect/watch.js'
import { isFinite, metricValue } from '../../dist/protocol/value.js'

export const OURS = 'nanwatch'

/** nanwatch's detectors of one training loss, with the states that they had or from the beginning. */
export function watchLoss(states = {}) {
  const watch = new Watch(states, {})
  return {
    states: () => watch.states,
    see(loss, step) {
      const value = metricValue(loss)
      const raw = isFinite(value) ? null : value
      const sample = { metric: 'loss', role: 'train_loss', attempt: 0, ordinal: step, step, value, raw, offset: null }
      return watch.observe({ kind: 'sample', sample, time: null, isBehind: false })
    },
  }
}
