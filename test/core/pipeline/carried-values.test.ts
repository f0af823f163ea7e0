import { expect, test } from 'vitest'
import { jsonLines, WatchedRun } from './watched-run.ts'

const EPOCH_STEPS = 30

/** A record for each step, which repeats the training and the validation loss of the epoch before. */
function carried(validation: readonly number[]) {
  return validation.flatMap((_, epoch) =>
    Array.from({ length: EPOCH_STEPS }, (_, step) => ({
      epoch,
      step,
      loss: 1 / (1 + epoch) + 0.1 * Math.sin(epoch * EPOCH_STEPS + step),
      ...(epoch === 0 ? {} : { epoch_loss: 1 / epoch + 0.0123456, val_loss: validation[epoch - 1] }),
    })),
  )
}

function alertsOf(records: readonly object[]): string[] {
  return new WatchedRun().read('log.jsonl', jsonLines(...records)).alerts.map(({ rule }) => rule)
}

test('what a log carries forward is neither frozen nor an evaluation', () => {
  expect(alertsOf(carried([1.2, 1, 0.9, 1.04, 0.8, 0.75, 0.7]))).toEqual([])
})

test('a validation loss that rises for five evaluations is told all the same', () => {
  expect(alertsOf(carried([1.2, 1, 0.8, 1, 1.1, 1.2, 1.3, 1.4, 1.5]))).toEqual(['overfit'])
})

test('the next fold is judged by itself, where the steps begin again with each epoch', () => {
  const fold = carried([1.2, 1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3])
  expect(alertsOf([...fold, ...fold])).toEqual([])
})
