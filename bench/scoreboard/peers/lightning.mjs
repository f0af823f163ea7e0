const SIZE = 10
const RELATIVE = 2

/** Lightning, `SpikeDetection`: rising, and away by twice the mean of ten values that spikes do not enter; or no number. */
export const lightning = {
  name: 'Lightning SpikeDetection',
  start() {
    const values = []
    let last = null
    return (value) => {
      if (!Number.isFinite(value)) return true
      const mean = values.reduce((sum, one) => sum + one, 0) / values.length
      if (last !== null && value > last && Math.abs(value - mean) >= Math.abs(RELATIVE * mean)) return true
      values.push(value)
      if (values.length > SIZE) values.shift()
      last = value
      return false
    }
  },
}
