import { describe, expect, test } from 'vitest'
import { WatchedRun } from './watched-run.ts'

const TRACEBACK =
  'Traceback (most recent call last):\n  File "fit.py", line 31, in <module>\n    evaluate(model)\nValueError: only one class in y_true\n'

type StepLine = (epoch: number, step: number, loss: string) => string

const LINES: Readonly<Record<string, StepLine>> = {
  'an epoch and a batch': (epoch, step, loss) => `epoch ${epoch} batch ${step} loss ${loss}`,
  fractions: (epoch, step, loss) => `Epoch [${epoch}/3] Step [${step}/10] loss: ${loss}`,
  JSON: (epoch, step, loss) => `{"epoch": ${epoch}, "batch": ${step}, "loss": ${loss}}`,
  'a bar for each epoch': (epoch, step, loss) =>
    `Epoch ${epoch - 1}: ${step}0%|###  | ${step}/10 [00:01<00:05, 4.1it/s, v_num=0, train_loss=${loss}]`,
  'a loss that goes on': (_epoch, step, loss) => `it ${step} loss ${loss}`,
}

/** One epoch of ten steps; the loss falls over all epochs, or is that of the first one. */
function epoch(line: StepLine, number: number, first = number): string {
  const steps = Array.from({ length: 10 }, (_, index) => index + 1)
  return steps.map((step) => `${line(number, step, (2.3 / (1 + (first * 10 + step) / 10)).toFixed(4))}\n`).join('')
}

function severities(log: string): string[] {
  return new WatchedRun().read('train.log', log, true).alerts.map(({ severity }) => severity)
}

describe('an exception that is printed at the end of an epoch was caught where the next one follows:', () => {
  test.each(Object.entries(LINES))('%s', (_name, line) => {
    const log = `${epoch(line, 1)}${TRACEBACK}${epoch(line, 2)}${TRACEBACK}${epoch(line, 3)}Training finished\n`
    expect(severities(log)).toEqual(['info', 'info'])
  })

  test('a counter that was seen to begin again before', () => {
    const line: StepLine = (_epoch, step) => `it ${step} loss 0.5`
    const log = `${epoch(line, 1)}${epoch(line, 2)}${TRACEBACK}left out\ngoing on\n${epoch(line, 3)}Training finished\n`
    expect(severities(log)).toEqual(['info'])
  })

  test('and where the log ends with what the job said when it had caught the same before', () => {
    const line = LINES['an epoch and a batch']!
    const one = `${TRACEBACK}shard 3 left out\n`
    expect(severities(`${epoch(line, 1)}${one}${epoch(line, 2)}${one}that was all\n`)).toEqual(['info', 'info'])
    expect(severities(`${epoch(line, 1)}${one}${epoch(line, 2)}${TRACEBACK}`)).toEqual(['info', 'critical'])
  })
})

describe('a job began again', () => {
  const line = LINES['an epoch and a batch']!
  const counted = LINES['a loss that goes on']!
  test.each([
    ['at its first epoch', `${epoch(line, 1)}${epoch(line, 2)}${TRACEBACK}${epoch(line, 1)}`],
    ['in the epoch in which it died', `${epoch(line, 1)}${epoch(line, 2)}${TRACEBACK}${epoch(line, 2, 3)}`],
    ['and says so', `${epoch(line, 1)}${TRACEBACK}Resuming training from epoch 2\n${epoch(line, 2)}`],
    ['at its first step, with its first loss', `${epoch(counted, 1)}${TRACEBACK}${epoch(counted, 1)}`],
  ])('%s', (_name, log) => {
    expect(severities(log)).toEqual(['critical'])
  })
})
