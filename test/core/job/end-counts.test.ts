import { describe, expect, test } from 'vitest'
import { ENDS_COUNTED, ENDS_FROM_ZERO, ENDS_UNREAD, UNREAD_NO_ENDS } from './end-counts-logs.ts'
import { loss } from './end-words.ts'
import { endedRun } from './ended-run.ts'

const PIECES_BYTES = [Number.POSITIVE_INFINITY, 37, 200]
/** Every so manieth line is one after which the job is killed. */
const KILLED_EACH = 4

function expectState(text: string, state: string): void {
  for (const bytes of PIECES_BYTES) expect(endedRun(text, bytes)).toMatchObject({ state, severity: null })
}

describe('a count ends', () => {
  for (const [name, text] of Object.entries({ ...ENDS_FROM_ZERO, ...ENDS_COUNTED, ...ENDS_UNREAD })) {
    test(name, () => expectState(text, 'finished'))
    test(`and not before: ${name}`, () => {
      const lines = text.split(/(?<=\n)|(?=\r)/)
      // The last line but one of a loop from 0 may be its last.
      for (let count = 4; count < lines.length - 2; count += KILLED_EACH) {
        const found = endedRun(lines.slice(0, count).join(''), 37)
        expect(found, `after ${count} lines of ${lines.length}`).toMatchObject({ state: 'ended', severity: null })
      }
    })
  }
  test('not where the same count ends in each of many passes', () => {
    const pass = (name: string) => Array.from({ length: 11 }, (_, i) => `${name} ${i * 10}/100 ${loss(i)}\n`).join('')
    for (const name of ['step loss', 'lote pérdida']) expect(endedRun(pass(name).repeat(3), 37).state).toBe('ended')
  })
})

describe('a line below the last count', () => {
  const epochs = (done: number) =>
    Array.from({ length: done }, (_, i) => `Epoch ${i + 1}/30 - loss ${loss(i)}\n`).join('')
  const iterations = (done: number) =>
    Array.from({ length: done }, (_, i) => ` iteration ${(i + 1) * 10}/ 300 | lm loss: ${loss(i)} |\n`).join('')
  const BELOW = ['Epoch 30 finished', 'Epoch 30 done in 0.3s', 'epoch 30 time: 0.3s', 'saving checkpoint at epoch 30']
  for (const words of BELOW) {
    test(`speaks of the last epoch: ${words}`, () => expectState(`${epochs(30)}${words}\n`, 'finished'))
    test(`speaks of one before: ${words}`, () => expectState(`${epochs(29)}${words.replace('30', '29')}\n`, 'ended'))
  }
  test('saves a checkpoint of the last iteration', () => {
    const saved = (at: number) =>
      `saving checkpoint at iteration  ${at} to ckpt\n  successfully saved checkpoint at iteration  ${at} to ckpt\n`
    expectState(`${iterations(30)}${saved(300)}`, 'finished')
    expectState(`${iterations(20)}${saved(200)}`, 'ended')
  })
  test('begins another epoch', () => expectState(`${epochs(30)}Epoch 31 started\n`, 'ended'))
})

describe('a fraction of another thing', () => {
  const steps = Array.from({ length: 25 }, (_, i) => `step ${i + 1} warmup ${Math.min(20, i + 1)}/20 loss ${loss(i)}\n`)
  test('is full at each record', () => expectState(steps.join(''), 'ended'))
  test('is full at the newest record', () => expectState(steps.slice(0, 20).join(''), 'ended'))
})

describe('boosting by histograms, as scikit-learn tells of it', () => {
  const rounds = Array.from(
    { length: 15 },
    (_, i) => `[${i + 1}/15] 10 trees, 80 leaves (8 on avg), max depth = 5, in 0.${i}34s\n`,
  )
  const heading = 'Binning 0.000 GB of training data: 1.168 s\nFitting gradient boosted rounds:\n'
  const summary =
    'Fit 150 trees in 33.188 s, (2805 total leaves)\nTime spent applying splits:      11.300s\nTime spent predicting:           0.418s\n'
  test('comes to its end', () => expectState(`${heading}${rounds.join('')}${summary}`, 'finished'))
  test('does not', () => expectState(`${heading}${rounds.slice(0, 9).join('')}`, 'ended'))
})

describe('lines that repeat are no training, or it is not over', () => {
  for (const [name, text] of Object.entries(UNREAD_NO_ENDS)) test(name, () => expectState(text, 'ended'))
})
