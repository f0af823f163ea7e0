import { describe, expect, test } from 'vitest'
import { stall } from '../../../src/core/detect/stall.ts'
import {
  notCounting,
  pauseHintOf,
  silenceOf,
  type WriteIntervals,
  withLines,
} from '../../../src/core/job/write-intervals.ts'

const STEP = { isPause: false }
const PAUSE = { isPause: true }
const MINUTE = 60_000

/** A run that was written to at these seconds. */
function writtenAt(...seconds: readonly number[]): WriteIntervals {
  return seconds.reduce<WriteIntervals | undefined>((intervals, s) => withLines(intervals, s * 1000, STEP), undefined)!
}

const every10s = writtenAt(...Array.from({ length: 20 }, (_, i) => i * 10))
const LAST_MS = 190_000

/** After how many seconds a silence is too long: looked for second by second. */
function limitOf(intervals: WriteIntervals): number {
  for (let s = 0; s < 100_000; s++) {
    if (silenceOf(intervals, intervals.lastMs + s * 1000, stall.defaults) !== null) return s
  }
  return -1
}

describe('a silence is too long', () => {
  test('from ten times the median interval on', () => {
    expect(limitOf(every10s)).toBe(100)
  })

  test('never before a minute, however fast the lines come', () => {
    expect(limitOf(writtenAt(...Array.from({ length: 20 }, (_, i) => i)))).toBe(60)
  })

  test('not before five times the longest interval of training', () => {
    expect(limitOf(withLines(every10s, LAST_MS + 60_000, STEP))).toBe(300)
  })

  test('not before twice the longest pause, which is no interval of training', () => {
    const announced = withLines(withLines(every10s, LAST_MS + 10_000, PAUSE), LAST_MS + 190_000, STEP)
    expect(announced.longestMs).toBe(10_000)
    expect(limitOf(announced)).toBe(360)
    const toldAfter = withLines(every10s, LAST_MS + 180_000, PAUSE)
    expect(limitOf(toldAfter)).toBe(360)
  })

  test('whatever the time was between the end of one process and the first lines of the next', () => {
    const restarted = withLines(every10s, LAST_MS + 3_600_000, { isPause: true, isRestart: true })
    expect(limitOf(withLines(restarted, LAST_MS + 3_610_000, STEP))).toBe(100)
  })

  test('not before twenty minutes at the beginning, and in the first pause that is announced', () => {
    expect(limitOf(writtenAt(0))).toBe(1200)
    const announced = withLines(every10s, LAST_MS + 10_000, PAUSE)
    expect(limitOf(announced)).toBe(1200)
    const headed = withLines(announced, LAST_MS + 10_100, PAUSE)
    expect(limitOf(headed)).toBe(1200)
    expect(limitOf(withLines(headed, LAST_MS + 190_000, PAUSE))).toBe(360)
  })
})

test('below a line that is no step it is critical late, unless such a line stands below each record', () => {
  const written = (times: number) =>
    Array.from({ length: times }).reduce<WriteIntervals>(
      (intervals, _, i) => withLines(intervals, LAST_MS + (i + 1) * 10_000, { isPause: false, isAside: true }),
      every10s,
    )
  const criticalOf = (intervals: WriteIntervals) =>
    silenceOf(intervals, intervals.lastMs + 60 * MINUTE, stall.defaults)!.criticalMs / MINUTE
  expect(limitOf(written(1))).toBe(100)
  expect(criticalOf(every10s)).toBeCloseTo(200 / 60)
  expect(criticalOf(written(1))).toBe(40)
  expect(criticalOf(written(20))).toBeCloseTo(200 / 60)
  expect(criticalOf(withLines(written(1), LAST_MS + 20_000, STEP))).toBeCloseTo(200 / 60)
})

test('time in which nobody looked does not count', () => {
  const paused = notCounting(every10s, 60 * MINUTE)
  expect(silenceOf(paused, LAST_MS + 60 * MINUTE, stall.defaults)).toBeNull()
  expect(silenceOf(paused, LAST_MS + 60 * MINUTE + 100_000, stall.defaults)).toMatchObject({
    quietMs: 100_000,
    limitMs: 100_000,
  })
})

test('what is kept does not grow', () => {
  expect(writtenAt(...Array.from({ length: 5000 }, (_, i) => i)).intervalsMs).toHaveLength(64)
})

test('the last lines say whether a pause comes', () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['step 10 loss 0.5', false],
    ['Running evaluation', true],
    ['Saving model checkpoint to out/checkpoint-500', true],
    ['开始验证', true],
    ['Évaluation en cours', true],
    ['Modell wird gespeichert', true],
    ['RuntimeWarning: invalid value encountered in log', false],
    ['写入检查点', true],
    ['{"step":20,"phase":"val"}', true],
    ['100%|██████████| 3000/3000 [10:00<00:00]', false],
  ]
  for (const [line, isPause] of cases) expect([line, pauseHintOf([line], false)]).toEqual([line, { isPause }])
  expect(pauseHintOf([], true)).toEqual({ isPause: true })
})
