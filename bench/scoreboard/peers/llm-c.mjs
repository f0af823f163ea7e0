const SIZE = 128

/**
 * llm.c, `outlier_detector.h`: z > 3 over 128 values, this one among them.
 *
 * Its running sums are never taken anew, so a NaN stays in them for ever.
 */
export const llmC = {
  name: 'llm.c z > 3, 128',
  start() {
    const values = new Float64Array(SIZE)
    let at = 0
    let count = 0
    let sum = 0
    let squares = 0
    return (value) => {
      if (count < SIZE) count++
      else {
        sum -= values[at]
        squares -= values[at] ** 2
      }
      values[at] = value
      at = (at + 1) % SIZE
      sum += value
      squares += value * value
      if (count < SIZE) return false
      const mean = sum / SIZE
      const deviation = Math.sqrt(squares / SIZE - mean * mean)
      return deviation !== 0 && (value - mean) / deviation > 3
    }
  },
}
