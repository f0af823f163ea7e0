const whole = (losses) => losses
const first = (count) => (losses) => losses.subarray(0, count)

/**
 * How much of a curve is logged. `range` is the part that was trained; `log` is what a log of it holds: each value, every
 * so many-th one, or means.
 */
export const LENGTHS = [
  { name: 'all', isWhole: true, range: whole, log: (losses) => every(losses, 1) },
  { name: '300 of it', isWhole: true, range: whole, log: (losses) => every(losses, strideFor(losses, 300)) },
  { name: '60 of it', isWhole: true, range: whole, log: (losses) => every(losses, strideFor(losses, 60)) },
  { name: '20 of it', isWhole: true, range: whole, log: (losses) => every(losses, strideFor(losses, 20)) },
  { name: '60 means', isWhole: true, range: whole, log: (losses) => means(losses, strideFor(losses, 60)) },
  { name: '20 means', isWhole: true, range: whole, log: (losses) => means(losses, strideFor(losses, 20)) },
  { name: 'first 1,000', isWhole: false, range: first(1000), log: (losses) => every(losses, 1) },
  { name: 'first 300', isWhole: false, range: first(300), log: (losses) => every(losses, 1) },
  { name: 'first 60', isWhole: false, range: first(60), log: (losses) => every(losses, 1) },
  { name: 'first 20', isWhole: false, range: first(20), log: (losses) => every(losses, 1) },
]

function strideFor(losses, count) {
  return Math.max(1, Math.floor(losses.length / count))
}

function every(losses, stride) {
  const values = losses.filter((_, i) => i % stride === 0)
  return { steps: Array.from(values, (_, i) => i * stride), values }
}

/** What a trainer logs that averages between two lines, or over an epoch. */
function means(losses, stride) {
  const count = Math.floor(losses.length / stride)
  const values = Float64Array.from({ length: count }, (_, i) => {
    let sum = 0
    for (const loss of losses.subarray(i * stride, (i + 1) * stride)) sum += loss
    return sum / stride
  })
  return { steps: Array.from(values, (_, i) => (i + 1) * stride), values }
}
