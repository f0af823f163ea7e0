import { Window } from './window.mjs'

const PATIENCE = 4
const MULTIPLIER = 2

/**
 * LLM-Foundry, `KillLossSpike`: more than four values in a row at twice the
 * mean of a window, or half of the window above a cap; told the run's length.
 */
export const llmFoundry = {
  name: 'LLM-Foundry KillLossSpike',
  start(points) {
    const size = Math.max(100, Math.round(0.05 * points))
    const window = new Window(size)
    const isHigh = new Uint8Array(size)
    let high = 0
    let outliers = 0
    let step = 0
    let cap = Number.NEGATIVE_INFINITY
    return (value) => {
      const wasFull = window.isFull
      const mean = window.mean
      if (!wasFull) cap = Math.min(10, Math.max(cap, value))
      outliers = wasFull && value >= MULTIPLIER * mean ? outliers + 1 : 0
      window.push(value)
      const slot = step % size
      high += (value > cap ? 1 : 0) - isHigh[slot]
      isHigh[slot] = value > cap ? 1 : 0
      step++
      return outliers > PATIENCE || (step >= 2 * size && high >= size / 2)
    }
  },
}
