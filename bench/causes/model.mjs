// A softmax or logistic regression on seeded clusters, trained by plain gradient descent: a small job that really learns.

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function random(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const FEATURES = 4
const STEPS_BETWEEN = 4

/** The logits and labels of some batches, in the order in which a training meets them; one column for `k` = 1. */
export function trainedBatches({ next, n, k, batches }) {
  const classes = Math.max(k, 2)
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  const centres = Array.from({ length: classes }, () => Array.from({ length: FEATURES }, () => 1.2 * normal()))
  const weights = Array.from({ length: k }, () => new Array(FEATURES + 1).fill(0).map(() => 0.1 * normal()))
  const draw = () =>
    Array.from({ length: n }, () => {
      const label = Math.floor(next() * classes)
      return { label, x: [...centres[label].map((c) => c + normal()), 1] }
    })
  const logitsOf = ({ x }) => weights.map((w) => w.reduce((sum, value, i) => sum + value * x[i], 0))
  const learn = (rows) => {
    for (const row of rows) {
      const p = probabilitiesOf(logitsOf(row))
      weights.forEach((w, j) => {
        const miss = p[j] - (k === 1 ? row.label : row.label === j ? 1 : 0)
        row.x.forEach((value, i) => {
          w[i] -= (0.5 / n) * miss * value
        })
      })
    }
  }
  return Array.from({ length: batches }, () => {
    for (let step = 0; step < STEPS_BETWEEN; step++) learn(draw())
    const rows = draw()
    return { logits: rows.map(logitsOf), labels: rows.map(({ label }) => label) }
  })
}

/** Softmax, or of one logit the sigmoid, in float64. */
export function probabilitiesOf(logits) {
  if (logits.length === 1) return [1 / (1 + Math.exp(-logits[0]))]
  const max = Math.max(...logits)
  const e = logits.map((z) => Math.exp(z - max))
  const sum = e.reduce((a, b) => a + b, 0)
  return e.map((value) => value / sum)
}
