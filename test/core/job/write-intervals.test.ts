import { describe, expect, test } from 'vitest'
import { stall } from '../../../src/core/detect/stall.ts'
import {
  notCounting,
  pauseHintOf,
  silenceOf,
  type WriteIntervals,
  withLines,
} from '../../../src/core/job/write-intervals.ts'

const STEP = { isPause: false, isComplete: false }
const PAUSE = { isPause: true, isComplete: false }
const MINUTE = 60_000

/** A run that was written to at these seconds. */
function writtenAt(...seconds: readonly number[]): WriteIntervals {
  return seconds.reduce<WriteIntervals | undefined>((intervals, s) => withLines(intervals, s * 1000, STEP), undefined)!
}

const every10s = writtenAt(...Array.from({ length: 20 }, (_, i) => i * 10))
const LAST_MS = 190_000

/** After how many seconds of silence it is a warning, and critical: looked for second by second. */
function limitsOf(intervals: WriteIntervals): [number, number] {
  const at = (severity: string) => {
    for (let s = 0; s < 100_000; s++) {
      if (silenceOf(intervals, intervals.lastMs + s * 1000, stall.defaults)?.severity === severity) return s
    }
    return -1
  }
  return [at('warning'), at('critical')]
}

describe('a silence is too long', () => {
  test('from ten times the median interval, and critical from twice that', () => {
    expect(limitsOf(every10s)).toEqual([100, 200])
  })

  test('never before a minute, however fast the lines come', () => {
    expect(limitsOf(writtenAt(...Array.from({ length: 20 }, (_, i) => i)))).toEqual([60, 120])
  })

  test('not before five times the longest interval of training', () => {
    expect(limitsOf(withLines(every10s, LAST_MS + 60_000, STEP))).toEqual([300, 600])
  })

  test('not before twice the longest pause, which is no interval of training', () => {
    const announced = withLines(withLines(every10s, LAST_MS + 10_000, PAUSE), LAST_MS + 190_000, STEP)
    expect(announced.longestMs).toBe(10_000)
    expect(limitsOf(announced)).toEqual([360, 720])
    const toldAfter = withLines(every10s, LAST_MS + 180_000, PAUSE)
    expect(limitsOf(toldAfter)).toEqual([360, 720])
  })

  test('not before twenty minutes at the beginning, and in the first pause that is announced', () => {
    expect(limitsOf(writtenAt(0))).toEqual([1200, 2400])
    expect(limitsOf({ ...every10s, isPause: true })).toEqual([1200, 2400])
  })

  test('never once the log says that all is done', () => {
    expect(limitsOf({ ...every10s, isComplete: true })).toEqual([-1, -1])
  })
})

test('time in which nobody looked does not count', () => {
  const paused = notCounting(every10s, 60 * MINUTE)
  expect(silenceOf(paused, LAST_MS + 60 * MINUTE, stall.defaults)).toBeNull()
  expect(silenceOf(paused, LAST_MS + 60 * MINUTE + 100_000, stall.defaults)).toMatchObject({ severity: 'warning' })
})

test('what is kept does not grow', () => {
  expect(writtenAt(...Array.from({ length: 5000 }, (_, i) => i)).intervalsMs).toHaveLength(64)
})

test('the last lines say whether a pause comes, or whether all is done', () => {
  const cases: readonly (readonly [string, boolean, boolean])[] = [
    ['step 10 loss 0.5', false, false],
    ['Running evaluation', true, false],
    ['Saving model checkpoint to out/checkpoint-500', true, false],
    ['100%|██████████| 3000/3000 [10:00<00:00]', false, true],
    ['Epoch 10/10 - 60/60 - loss: 0.1', false, true],
    ['Epoch 10/10 - 5/60 - loss: 0.1', false, false],
    ['acc 100% at step 5/60', false, false],
    ['done: 100 %', false, true],
  ]
  for (const [line, isPause, isComplete] of cases)
    expect([line, pauseHintOf([line], false)]).toEqual([line, { isPause, isComplete }])
  expect(pauseHintOf([], true)).toEqual({ isPause: true, isComplete: false })
})
