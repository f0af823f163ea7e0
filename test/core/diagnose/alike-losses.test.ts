import { describe, expect, test } from 'vitest'
import { jsonLines, WatchedRun } from '../pipeline/watched-run.ts'

const LABELS = [0, 2, 1]
const SMOOTHING = 0.1

/** Guesses so near to 1/3 that smoothed labels change only late digits of the loss. */
function nearThird(step: number): number[][] {
  const off = (0.0004 * (step + 4)) / 7
  return [
    [1 / 3 + off, 1 / 3 - 2 * off, 1 / 3 + off],
    [1 / 3 + off, 1 / 3, 1 / 3 - off],
    [1 / 3 - off, 1 / 3 - off, 1 / 3 + 2 * off],
  ]
}

function headlineOf(probsAt: (step: number) => number[][], smoothing: number): string | undefined {
  const records = Array.from({ length: 8 }, (_, step) => {
    const probs = probsAt(step)
    const losses = probs.map((row, i) =>
      row.reduce((sum, p, j) => {
        const target = smoothing / row.length + (j === LABELS[i] ? 1 - smoothing : 0)
        return sum - target * Math.log(p)
      }, 0),
    )
    return { step, loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length, probs, labels: LABELS }
  })
  const { alerts } = new WatchedRun().read('train.jsonl', jsonLines(...records), true)
  return alerts.find(({ rule }) => rule === 'mismatch')?.headline
}

describe('a loss that is printed like the one that the predictions give', () => {
  test('is said to be of no probabilities only where they are none', () => {
    const headline = headlineOf(nearThird, SMOOTHING)
    expect(headline).toContain('differs from it in later digits')
    expect(headline).not.toContain('no probabilities')
  })

  test('is said to be of them where rows do not sum to 1', () => {
    const doubled = (step: number) => nearThird(step).map((row) => row.map((p) => 2 * p))
    expect(headlineOf(doubled, 0)).toContain('no probabilities')
  })

  test('is right where no digit differs', () => {
    expect(headlineOf(nearThird, 0)).toBeUndefined()
  })
})
