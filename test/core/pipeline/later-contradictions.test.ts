import { describe, expect, test } from 'vitest'
import { jsonLines, WatchedRun } from './watched-run.ts'

const LABELS = [0, 1]

/** Predictions without a zero, other ones at each step. */
function plainAt(step: number): number[][] {
  const p = 0.6137528 + 0.0021973 * (step % 40)
  return [
    [p, 0.2718281, 0.7281719 - p],
    [0.1912837, 0.6871234, 0.1215929],
  ]
}

/** The same with a 0 in a class that is not the true one: log(0) breaks no loss that reads the true class only. */
function zeroedAt(step: number): number[][] {
  const [first] = plainAt(step)
  return [first!, [0.3128766, 0.6871234, 0]]
}

function lossOf(probs: readonly (readonly number[])[]): number {
  return probs.reduce((sum, row, i) => sum - Math.log(row[LABELS[i]!]!), 0) / probs.length
}

interface Job {
  /** Batches with a zero, each with a finite loss, after twelve plain ones or more. */
  readonly zeroed: number
  readonly plain?: number
  /** How far apart the steps are at which a loss is logged. */
  readonly every?: number
}

/** The cause of the NaN at the end, which both orders of reading give. */
function causeOf({ zeroed, plain = 12, every = 1 }: Job): string | null {
  const last = plain + zeroed
  const probsAt = (step: number) => (step < plain ? plainAt(step) : zeroedAt(step))
  const steps = Array.from({ length: last + 1 }, (_, step) => step)
  const losses = jsonLines(
    ...steps
      .filter((step) => step === last || step % every === 0)
      .map((step) => ({ step, loss: step === last ? 'NaN' : lossOf(probsAt(step)) })),
  )
  const batches = jsonLines(...steps.map((step) => ({ step, probs: probsAt(step), labels: LABELS })))
  const lossFirst = new WatchedRun().read('loss.jsonl', losses, true).read('preds.jsonl', batches, true)
  const batchFirst = new WatchedRun().read('preds.jsonl', batches, true).read('loss.jsonl', losses, true)
  const inTurns = new WatchedRun()
  for (let share = 0.1; share < 1; share += 0.1) {
    inTurns.read('preds.jsonl', batches.slice(0, batches.length * share))
    inTurns.read('loss.jsonl', losses.slice(0, losses.length * (share + 0.07)))
  }
  inTurns.read('loss.jsonl', losses, true).read('preds.jsonl', batches, true)
  const [cause, ...others] = [lossFirst, batchFirst, inTurns].map(
    ({ alerts }) => alerts.find(({ rule }) => rule === 'non-finite')!.cause,
  )
  for (const other of others) expect(other).toEqual(cause)
  return cause!.code
}

describe('a finite loss of another file contradicts what a zero beside it suggests', () => {
  for (const job of [{ zeroed: 20 }, { zeroed: 9, plain: 90 }, { zeroed: 40, every: 10 }, { zeroed: 300, plain: 15 }]) {
    test(`however late it comes: ${JSON.stringify(job)}`, () => {
      expect(causeOf(job)).toBeNull()
    })
  }

  test('where the first zero comes with the NaN, nothing contradicts', () => {
    for (const plain of [12, 90]) expect(causeOf({ zeroed: 0, plain })).toBe('R2-zero-times-log-zero')
  })
})
