import { expect, test } from 'vitest'
import { WatchedRun } from './watched-run.ts'

/** A validation loss that jumps once, with each line written by so many loggers. */
function alertsOf(loggers: number) {
  const lines = Array.from({ length: 60 }, (_, epoch) => {
    const value = epoch === 40 ? 40 : 0.3 + 2 / (epoch + 1)
    return `epoch ${epoch} train loss ${0.2 + 2 / (epoch + 1)}\n${`epoch ${epoch} val loss ${value}\n`.repeat(loggers)}`
  })
  return new WatchedRun()
    .read('train.log', lines.join(''), true)
    .alerts.map(({ rule, severity }) => `${rule} ${severity}`)
}

test('a validation loss that two loggers write is judged as one that is written once', () => {
  expect(alertsOf(2)).toEqual(alertsOf(1))
  expect(alertsOf(2)).not.toContain('spike critical')
})
