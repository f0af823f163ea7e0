// What is told of several measurements of one thing.

/** The value below which a share of them lies, between the two nearest. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  const at = share * (sorted.length - 1)
  const below = sorted[Math.floor(at)]
  return below + (at % 1) * (sorted[Math.ceil(at)] - below)
}

export function median(values) {
  return quantile(values, 0.5)
}
