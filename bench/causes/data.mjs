// Seeded data that a small model can learn: clusters with one class each, or with several labels of which most are rare.
const FEATURES = 4

/** A normal number of mean 0 and spread 1. */
export function normal(next) {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
}

/** The weights of a model before its training: a row for each class, the last column for the bias. */
export function weightsAtStart(next, k) {
  return Array.from({ length: k }, () => Array.from({ length: FEATURES + 1 }, () => Math.fround(0.1 * normal(next))))
}

/** Data of one problem, for a head of the model: `batch` draws rows with their labels, `outlier` one row far outside. */
export function problem(next, head, k) {
  const classes = head === 'sigmoid' ? 2 : k
  const centres = Array.from({ length: classes }, () => Array.from({ length: FEATURES }, () => 1.5 * normal(next)))
  const rareness = Array.from({ length: k }, () => 1 + next())
  const rowOf = () => {
    if (head !== 'labels') {
      const label = Math.floor(next() * classes)
      return { x: [...centres[label].map((c) => c + normal(next)), 1], label }
    }
    const x = Array.from({ length: FEATURES }, () => normal(next))
    const along = (c) => c.reduce((sum, value, f) => sum + value * x[f], 0) / Math.hypot(...c)
    const label = centres.map((c, j) => (along(c) > rareness[j] ? 1 : 0))
    return { x: [...x, 1], label }
  }
  return {
    batch(n) {
      const rows = Array.from({ length: n }, rowOf)
      return { x: rows.map(({ x }) => x), labels: rows.map(({ label }) => label) }
    },
    /** A row `times` as far from the origin as the centre of its class, labelled rightly or with the class most unlike it. */
    outlier(times, isRight) {
      const of = Math.floor(next() * classes)
      const x = [...centres[of].map((c) => times * c), 1]
      const likeness = centres.map((c) => c.reduce((sum, value, f) => sum + value * centres[of][f], 0))
      const other = likeness.indexOf(Math.min(...likeness))
      if (head !== 'labels') return { x, label: isRight ? of : other === of ? (of + 1) % classes : other }
      return { x, label: likeness.map((value) => (value > 0 === isRight ? 1 : 0)) }
    },
  }
}
