import { describe, expect, test } from 'vitest'
import { jsonLines, WatchedRun } from '../pipeline/watched-run.ts'

const LABELS = [1, 2, 0]
const SOUND = [
  [2 / 7, 3 / 7, 2 / 7],
  [1 / 9, 3 / 9, 5 / 9],
  [7 / 11, 1 / 11, 3 / 11],
]

/** The cause of a loss of +∞ beside these rows, in one file and in two. */
function codesOf(last: readonly (readonly (number | string)[])[]): readonly (string | null | undefined)[] {
  const right = SOUND.reduce((sum, row, i) => sum - Math.log(row[LABELS[i]!]!), 0) / SOUND.length
  const rows = [SOUND, SOUND, SOUND, SOUND, last]
  const losses = rows.map((probs) => (probs === last ? 'Infinity' : right))
  const inOne = jsonLines(...rows.map((probs, step) => ({ step, loss: losses[step], probs, labels: LABELS })))
  const batches = jsonLines(...rows.map((probs, step) => ({ step, probs, labels: LABELS })))
  const log = jsonLines(...losses.map((loss, step) => ({ step, loss })))
  return [
    new WatchedRun().read('train.jsonl', inOne, true),
    new WatchedRun().read('loss.jsonl', log, true).read('preds.jsonl', batches, true),
    new WatchedRun().read('preds.jsonl', batches, true).read('loss.jsonl', log, true),
  ].map(({ alerts }) => alerts.find(({ rule }) => rule === 'non-finite')!.cause?.code)
}

describe('a loss of +∞ beside a true class of probability 0', () => {
  test('comes of the softmax that overflowed, where its row says so', () => {
    expect(codesOf([SOUND[0]!, ['NaN', 0, 0], SOUND[2]!])).toEqual(Array(3).fill('R5-softmax-overflow'))
  })

  test('and of the logarithm where no row holds a NaN', () => {
    expect(codesOf([SOUND[0]!, [1, 0, 0], SOUND[2]!])).toEqual(Array(3).fill('R1-log-zero'))
  })
})
