import { Window } from './window.mjs'

function sigmas(name, size, factor) {
  return {
    name,
    start() {
      const window = new Window(size)
      return (value) => {
        const deviation = window.deviation
        const isSpike = window.isFull && deviation >= 1e-10 && value > window.mean + factor * deviation
        window.push(value)
        return isSpike
      }
    },
  }
}

/** OLMo-core, `StabilityMonitorCallback`: six deviations above the mean of the 128 values before. */
export const olmoCore = sigmas('OLMo-core 6σ, 128', 128, 6)

/** OLMo 2 (arXiv 2501.00656), the spike score's rule as an alarm: seven deviations above the mean of 1,000 values. */
export const olmo2 = sigmas('OLMo 2 7σ, 1000', 1000, 7)
