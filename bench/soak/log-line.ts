/** Which rows of the store a line becomes. */
export type LineKind = 'loss' | 'batch' | 'reject'

export function kindOfLine(number: number): LineKind {
  if (number % 1000 === 999) return 'reject'
  return number % 500 === 250 ? 'batch' : 'loss'
}

/** Line `number` of a log: a loss that falls, with a NaN now and then, a batch of predictions, or a broken line. */
export function logLine(number: number): string {
  switch (kindOfLine(number)) {
    case 'reject':
      return `{"step": ${number}, "loss":\n`
    case 'batch':
      return `{"step": ${number}, "probs": [[0.1, 0.9], [0.8, 0.2]], "labels": [1, 0]}\n`
    case 'loss':
      return `{"step": ${number}, "loss": ${number % 2000 === 700 ? 'NaN' : lossAt(number)}}\n`
  }
}

function lossAt(number: number): string {
  return (2 / (1 + number / 1000) + 0.01 * Math.sin(number)).toFixed(6)
}
