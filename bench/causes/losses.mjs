// Losses as jobs write them, row by row, every operation rounded to a type.

/** −Σ t ln p with the guard of a job: `multiply` over all classes, else the true one alone. */
export function handWritten({ probs, labels, round, guard = null, multiply = false }) {
  const log = (x) => round(Math.log(x))
  const low = guard === null ? 0 : round(guard)
  const high = round(1 - low)
  const clip = (p) => (guard === null ? p : Math.min(Math.max(p, low), high))
  const rows = probs.map((row, i) => {
    const y = labels[i]
    if (row.length === 1) {
      const p = clip(row[0])
      return -(y * log(p) + (1 - y) * log(round(1 - p)))
    }
    if (!multiply) return -log(clip(row[y]))
    return -row.reduce((sum, p, j) => sum + (j === y ? 1 : 0) * log(clip(p)), 0)
  })
  return round(mean(rows))
}

/** The loss that frameworks compute from logits, one number for each row. */
export function lossesOfLogits(logits, labels) {
  return logits.map((row, i) => {
    if (row.length === 1) return Math.max(row[0], 0) - row[0] * labels[i] + Math.log1p(Math.exp(-Math.abs(row[0])))
    const max = Math.max(...row)
    return max + Math.log(row.reduce((sum, z) => sum + Math.exp(z - max), 0)) - row[labels[i]]
  })
}

export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
