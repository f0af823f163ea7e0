import { describe, expect, test } from 'vitest'
import { jsonLines, WatchedRun } from './watched-run.ts'

const STEPS = 10
const LABELS = [1, 0, 1]

/** Predictions of which the last ones, and only they, hold a 0 off the truth. */
function probsAt(step: number, isZeroed: boolean): number[][] {
  const p = 0.5391827 + 0.0141421 * step
  return [[1 - p, p], [0.7319482, 0.2680518], isZeroed ? [0, 1] : [0.1415926, 0.8584074]]
}

function lossOf(probs: readonly (readonly number[])[]): number {
  return probs.reduce((sum, row, i) => sum - Math.log(row[LABELS[i]!]!), 0) / probs.length
}

interface Job {
  /** The file of the predictions. */
  readonly dump: string
  /** The name of the loss that is of these predictions. The other one is of something else. */
  readonly own: 'train_loss' | 'val_loss'
  readonly zeroedFrom: number
}

function causeOf({ dump, own, zeroedFrom }: Job): string | null {
  const steps = Array.from({ length: STEPS + 1 }, (_, step) => step)
  const predicted = (step: number) => probsAt(step, step >= zeroedFrom)
  const losses = steps.map((step) => {
    const ofBatch = step === STEPS ? 'NaN' : lossOf(predicted(step)).toFixed(6)
    const other = (21.7 / (step + 1)).toFixed(6)
    const [train, val] = own === 'val_loss' ? [other, ofBatch] : [ofBatch, other]
    return `step ${step} train_loss ${train} val_loss ${val}\n`
  })
  const batches = jsonLines(...steps.map((step) => ({ step, probs: predicted(step), labels: LABELS })))
  const [cause, inOtherOrder] = [
    new WatchedRun().read('train.log', losses.join(''), true).read(dump, batches, true),
    new WatchedRun().read(dump, batches, true).read('train.log', losses.join(''), true),
  ].map(({ alerts }) => alerts.find(({ rule }) => rule === 'non-finite')!.cause!)
  expect(inOtherOrder!.code).toEqual(cause!.code)
  return cause!.code
}

describe('predictions are held against the losses of their own side:', () => {
  const sides = [
    { dump: 'val_preds.jsonl', own: 'val_loss' },
    { dump: 'preds.jsonl', own: 'train_loss' },
  ] as const
  for (const side of sides) {
    test(`a loss of the other side contradicts nothing in ${side.dump}`, () => {
      expect(causeOf({ ...side, zeroedFrom: STEPS })).toBe('R2-zero-times-log-zero')
    })
    test(`one of theirs does in ${side.dump}`, () => {
      expect(causeOf({ ...side, zeroedFrom: 3 })).toBeNull()
    })
  }
})
