import { describe, expect, test } from 'vitest'
import type { Alert } from '../../../src/protocol/alert.ts'
import { jsonLines, WatchedRun } from '../pipeline/watched-run.ts'

const LABELS = [1, 0, 1]

/** A NaN after batches that all hold a 1, and finite losses beside them. */
function failureOf(predicted: (step: number) => readonly number[]): Alert {
  const records = Array.from({ length: 9 }, (_, step) => {
    const probs = predicted(step)
    const ofTruth = probs.map((p, i) => (LABELS[i] === 1 ? p : 1 - p))
    const loss = ofTruth.reduce((sum, p) => sum - Math.log(p), 0) / probs.length
    return { step, loss: step === 8 ? 'NaN' : Number(loss.toFixed(4)), probs, labels: LABELS }
  })
  return new WatchedRun().read('train.jsonl', jsonLines(...records), true).alert('non-finite')
}

describe('a finite loss beside a probability of 1', () => {
  test('contradicts nothing where that is a number of few decimals', () => {
    const { cause, why } = failureOf((step) => [1.0, 0.23 + step / 100, 0.87])
    expect(cause).toMatchObject({ code: null, candidates: [] })
    expect(why).not.toContain('something else')
    expect(why).toContain('nobody can tell')
  })

  test('shows that it is something else where the numbers stand in full', () => {
    const { cause, why } = failureOf((step) => [1.0, 3 / 13 + step / 101, 20 / 23])
    expect(cause).toMatchObject({ code: null, candidates: [] })
    expect(why).toContain('something else')
  })
})
