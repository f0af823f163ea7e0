import { PROFILE_SETTINGS } from '../../dist/core/detect/profiles.js'
import { Watch } from '../../dist/core/detect/series-watch.js'
import { isFinite, metricValue } from '../../dist/protocol/value.js'

/** nanwatch by profile, the default one first. */
export const OURS = ['default', 'quiet', 'sensitive'].map((profile) => ({
  name: profile === 'default' ? 'nanwatch' : `nanwatch ${profile}`,
  settings: PROFILE_SETTINGS[profile],
}))

/** nanwatch's detectors of one training loss, with the states that they had or from the beginning. */
export function watchLoss(settings, states = {}) {
  const watch = new Watch(states, settings)
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
