import { expect, test } from 'vitest'
import { jsonLines, WatchedRun } from './watched-run.ts'

test('a batch whose record counts epochs alone explains the loss of that record', () => {
  const probs = [
    [1, 0],
    [0.4, 0.6],
  ]
  const records = [1, 2, 3].map((epoch) => ({
    epoch,
    loss: epoch < 3 ? -Math.log(0.6) / 2 : 'Infinity',
    probs,
    labels: [epoch < 3 ? 0 : 1, 1],
  }))
  const { alerts, batches } = new WatchedRun().read('train.jsonl', jsonLines(...records), true)
  expect(batches.map(({ step }) => step)).toEqual([1, 2, 3])
  expect(alerts.find(({ rule }) => rule === 'non-finite')).toMatchObject({ step: 3, cause: { code: 'R1-log-zero' } })
})
