import { describe, expect, test } from 'vitest'
import type { Alert } from '../../../src/protocol/alert.ts'
import { jsonLines, WatchedRun } from './watched-run.ts'

const LABELS = [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0]
const EPSILON = 1e-7

/** The predictions of a sigmoid, of which one of a step is wrong altogether. */
function probsAt(step: number, zeroAt: number): number[] {
  const sound = LABELS.map((label, i) => (label === 1 ? 5 / 7 : 3 / 13) + (step + i) / 997)
  return step === zeroAt ? sound.with(2, 0) : sound
}

function guardedLoss(probs: readonly number[]): number {
  const ofTruth = probs.map((p, i) => (LABELS[i] === 1 ? p : 1 - p))
  return ofTruth.reduce((sum, p) => sum - Math.log(p + EPSILON), 0) / probs.length
}

interface Job {
  readonly zeroAt: number
  readonly steps?: number
  /** The steps whose loss is logged. */
  readonly isLogged?: (step: number) => boolean
  readonly loss?: (probs: readonly number[]) => number | string
}

/** The cause of the zero, which both orders of reading give. */
function causeOf({ zeroAt, steps = 20, isLogged = () => true, loss = guardedLoss }: Job): Alert['cause'] {
  const all = Array.from({ length: steps }, (_, step) => step)
  const batches = jsonLines(...all.map((step) => ({ step, probs: probsAt(step, zeroAt), labels: LABELS })))
  const log = all
    .filter(isLogged)
    .map((step) => {
      const value = loss(probsAt(step, zeroAt))
      return `step ${step} | loss: ${typeof value === 'number' ? value.toFixed(3) : value}\n`
    })
    .join('')
  const [cause, inOtherOrder] = [
    new WatchedRun().read('train.log', log, true).read('preds.jsonl', batches, true),
    new WatchedRun().read('preds.jsonl', batches, true).read('train.log', log, true),
  ].map(({ alerts }) => alerts.find(({ rule }) => rule === 'log-zero')!.cause)
  expect(inOtherOrder).toEqual(cause)
  return cause ?? null
}

describe('a probability of 0 beside a finite loss of another file', () => {
  for (const job of [{ zeroAt: 3 }, { zeroAt: 16 }, { zeroAt: 83, steps: 90 }]) {
    test(`names no cause: ${JSON.stringify(job)}`, () => {
      expect(causeOf(job)).toMatchObject({ code: null, candidates: ['R1-log-zero'] })
    })
  }

  test('where no loss of its step is logged, a logarithm of 0 is likely', () => {
    const isLogged = (step: number) => step % 5 === 0
    expect(causeOf({ zeroAt: 16, isLogged })).toMatchObject({ code: 'R1-log-zero', confidence: 'likely' })
  })

  test('where it has failed it is the cause', () => {
    const loss = (probs: readonly number[]) => (probs.includes(0) ? 'inf' : guardedLoss(probs))
    expect(causeOf({ zeroAt: 16, loss })?.code).toBe('R1-log-zero')
  })
})
