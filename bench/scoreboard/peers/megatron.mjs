/** Megatron-LM, `rerun_state_machine`: ten times the largest of the first hundred values, or no number. */
export const megatron = {
  name: 'Megatron-LM spiky loss + NaN',
  start() {
    let count = 0
    let largest = 0
    return (value) => {
      if (!Number.isFinite(value)) return true
      if (count < 100) {
        count++
        largest = Math.max(largest, Math.abs(value))
        return false
      }
      return Math.abs(value) >= 10 * largest
    }
  },
}
