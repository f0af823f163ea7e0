import { PROFILE_SETTINGS } from '../../build/core/detect/profiles.js'
import { Watch } from '../../build/core/detect/series-watch.js'
import { isFinite, metricValue } from '../../build/protocol/value.js'

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

/** nanwatch's detectors of a training loss and of the learning rate beside it, null for none, as they see the records of a file. */
export function watchRun(settings, learningRate) {
  const [loss, rate, record] = [new Watch({}, settings), new Watch({}, settings), new Watch({}, settings)]
  const sampleOf = (metric, role, raw, step) => {
    const value = metricValue(raw)
    const text = isFinite(value) ? null : value
    return { metric, role, attempt: 0, ordinal: step, step, value, raw: text, offset: null }
  }
  return {
    see(value, step) {
      const sample = sampleOf('loss', 'train_loss', value, step)
      const beside = learningRate === null ? [] : [sampleOf('lr', 'learning_rate', learningRate, step)]
      const about = { time: null, isBehind: false }
      return [
        ...loss.observe({ kind: 'sample', sample, ...about }),
        ...beside.flatMap((one) => rate.observe({ kind: 'sample', sample: one, ...about })),
        ...record.observe({
          kind: 'record',
          at: { ...sample, time: null },
          samples: [sample, ...beside],
          zeroDecimals: {},
          isBehind: false,
        }),
      ]
    },
  }
}
