import { expect, test } from 'vitest'
import { WatchedRun } from './watched-run.ts'

const LAYOUTS: Readonly<Record<string, (step: number, loss: string) => string>> = {
  pairs: (step, loss) => `step ${step} loss ${loss}`,
  epochs: (step, loss) => `Epoch ${step}/90 - loss: ${loss}`,
  objects: (step, loss) => `{"step": ${step}, "loss": ${loss}}`,
}
const TRACEBACK = 'Traceback (most recent call last):\n  File "fit.py", line 31, in <module>\n    fit()\n'

/** Last lines of exceptions whose messages hold counters and numbers, as records do. */
const MESSAGES = [
  'ValueError: 7 rows in batch at step 14',
  'FloatingPointError: nan in loss at step 14',
  'RuntimeError: inf grad_norm at iteration 14',
  'IndexError: 40 out of range in epoch 3',
  'lab.errors.TrainError: 0.7 > 0.2 at iter 14',
  'RuntimeError: 3 workers died at step=14',
  'RuntimeError: step 14 failed: 2 of 8 workers left',
  'ValueError: loss=0.8 at step 14 is above 0.3',
  'AssertionError: loss: nan at step 14',
]

for (const [layout, line] of Object.entries(LAYOUTS)) {
  const log = Array.from({ length: 30 }, (_, n) => `${line(n + 1, (2.5 - n / 50).toFixed(2))}\n`).join('')
  for (const message of MESSAGES) {
    test(`an exception is no record, below ${layout}: ${message}`, () => {
      for (const last of [`${TRACEBACK}${message}\n`, `${message}\n`]) {
        const run = new WatchedRun().read('train.log', `${log}${last}`, true)
        expect(run.alerts.some(({ rule, severity }) => rule === 'crashed' && severity === 'critical')).toBe(true)
      }
    })
  }
}

test('a name of its own is an exception below a traceback', () => {
  const log = Array.from({ length: 30 }, (_, n) => `step ${n + 1} loss ${(2.5 - n / 50).toFixed(2)}\n`).join('')
  const run = new WatchedRun().read('train.log', `${log}${TRACEBACK}BadShard: 7 rows at step 14\n`, true)
  expect(run.alert('crashed').severity).toBe('critical')
})

test('a loss that an exception tells is no number at the step of its message', () => {
  const log = Array.from({ length: 30 }, (_, n) => `step ${n + 1} loss ${(2.5 - n / 50).toFixed(2)}\n`).join('')
  const run = new WatchedRun().read('train.log', `${log}RuntimeError: step 31: loss=nan grad_norm=inf\n`, true)
  expect(run.alert('non-finite').step).toBe(31)
})

test('a record between the lines of a traceback stays one', () => {
  const log = Array.from({ length: 30 }, (_, n) => `Loss: ${(2.5 - n / 50).toFixed(2)} at step ${n + 1}\n`)
  const within = [...log.slice(0, 20), TRACEBACK, ...log.slice(20)].join('')
  expect(new WatchedRun().read('train.log', within, true).alerts.filter(({ state }) => state === 'firing')).toEqual([])
})
