/** metaseq, `skip_spike` (OPT): 1.5 times an exponential mean of span 9 that only values without a spike enter. */
export const metaseq = {
  name: 'metaseq EWM ratio 1.5',
  start() {
    let mean = null
    return (value) => {
      if (mean === null) {
        mean = value
        return false
      }
      const isSpike = value / mean > 1.5
      if (!isSpike) mean += 0.2 * (value - mean)
      return isSpike
    }
  },
}
