import { describe, expect, test } from 'vitest'
import {
  afterLaterRecord,
  afterOwnRecord,
  afterResumed,
  isOfSameProcess,
  type RunEnding,
} from '../../../src/core/job/run-ending.ts'

const NOBODY = { rank: null, stepBefore: null, clockMs: null, writtenMs: null }

/** Whether the run goes on, once so many steps of another file are seen. */
function goesOn(ending: RunEnding, record: Partial<Parameters<typeof afterLaterRecord>[1]>, steps = 3): boolean {
  let seen: RunEnding | null = ending
  for (let step = 1; step <= steps && seen !== null; step++)
    seen = afterLaterRecord(seen, { file: 'runs/a/out.log', ...NOBODY, step, ...record })
  return seen === null
}

describe('a run that ended by one of its files', () => {
  const crashed = { kind: 'crashed', file: 'runs/a/err.log', writtenMs: 100_000, clockMs: 50_000 } as const

  test('goes on by steps that another file shows later', () => {
    expect(goesOn(crashed, { writtenMs: 106_000 })).toBe(true)
    expect(goesOn(crashed, { clockMs: 56_000 })).toBe(true)
  })

  test('does not by what the job had written before, which reaches the other file at its end', () => {
    expect(goesOn(crashed, { writtenMs: 101_000 }, 40)).toBe(false)
    expect(goesOn(crashed, { writtenMs: 900_000, clockMs: 49_000 }, 40)).toBe(false)
    expect(goesOn(crashed, {}, 40)).toBe(false)
  })

  test('does not by steps that only go on: another process may live', () => {
    expect(goesOn(crashed, { writtenMs: 106_000, stepBefore: 0 }, 40)).toBe(false)
    expect(goesOn(crashed, { writtenMs: 106_000, stepBefore: 20 })).toBe(true)
  })

  test('does by steps that only go on, where their process is none of those that were there', () => {
    const next = { writtenMs: 106_000, stepBefore: 0 }
    expect(goesOn(crashed, { ...next, writerBeganMs: 100_500 })).toBe(true)
    expect(goesOn(crashed, { ...next, writerBeganMs: 90_000 }, 40)).toBe(false)
    expect(goesOn(crashed, { ...next, isLeft: true })).toBe(true)
    expect(goesOn({ ...crashed, isResumed: true }, next)).toBe(true)
  })

  test('does by steps that only went on, once a job says that it resumes', () => {
    const later = (count: number) => {
      let seen: RunEnding = crashed
      for (let step = 1; step <= count; step++)
        seen = afterLaterRecord(seen, {
          file: 'runs/a/out.log',
          ...NOBODY,
          stepBefore: step - 1,
          writtenMs: 106_000,
          step,
        })!
      return seen
    }
    expect(afterResumed(later(3))).toBe(null)
    expect(afterResumed(later(2))).toMatchObject({ isResumed: true })
    // The steps of a rank that lived on are none of a process that is there later.
    const next = { file: 'runs/a/out.log', ...NOBODY, stepBefore: 40, step: 41, writtenMs: 107_000, isLeft: true }
    expect(afterLaterRecord(later(40), next)).toMatchObject({ since: { count: 1 } })
  })

  test('does not by what the other file gets in the moment of the end, whoever is gone', () => {
    expect(goesOn(crashed, { writtenMs: 101_000, stepBefore: 0, isLeft: true }, 40)).toBe(false)
  })

  test('does not by one or two steps, or by a bar that is drawn again', () => {
    expect(goesOn(crashed, { writtenMs: 106_000 }, 2)).toBe(false)
    expect(goesOn(crashed, { writtenMs: 106_000, step: 7 }, 40)).toBe(false)
  })

  test('does not by the steps of other ranks', () => {
    expect(goesOn({ ...crashed, rank: 3 }, { writtenMs: 106_000, rank: 1 }, 40)).toBe(false)
    expect(goesOn({ ...crashed, rank: 3 }, { writtenMs: 106_000, rank: 3 })).toBe(true)
  })

  const printed = { ...crashed, traceback: 'uncaught' } as const
  const later = { file: 'runs/a/out.log', ...NOBODY, stepBefore: 20, step: 21 }

  test('goes on by three writes of the process that printed the traceback, and not by one, as of what it kept back', () => {
    const shown = (...writes: readonly number[]) =>
      writes.reduce<RunEnding | null>(
        (ending, writtenMs) => ending && afterOwnRecord(ending, { ...later, writtenMs }),
        printed,
      )
    expect(shown(101_000, 101_300, 101_600)).toBe(null)
    expect(shown(100_300, 100_600, 100_900, 101_200, 101_500)).not.toBe(null)
    expect(shown(109_000, 109_000, 109_000, 109_000)).toMatchObject({ own: { count: 1 } })
  })

  test('is shown by that process where it holds both files, or the clocks of a logger tell', () => {
    const isHeld = { ...later, isOfHolder: true }
    expect(isOfSameProcess(printed, isHeld)).toBe(true)
    expect(isOfSameProcess(printed, later)).toBe(false)
    expect(isOfSameProcess(crashed, isHeld)).toBe(false)
    expect(isOfSameProcess(printed, { ...isHeld, writerBeganMs: 100_500 })).toBe(false)
    expect(isOfSameProcess({ ...printed, rank: 3 }, isHeld)).toBe(false)
    expect(isOfSameProcess({ ...printed, rank: 3 }, { ...isHeld, rank: 0 })).toBe(false)
    const dated = { ...later, clockMs: 57_000 }
    expect(isOfSameProcess({ ...printed, traceback: 'logged' }, dated)).toBe(true)
    expect(isOfSameProcess(printed, dated)).toBe(false)
    expect(isOfSameProcess({ ...printed, traceback: 'logged' }, { ...dated, stepBefore: null })).toBe(false)
  })

  test('is shown by it where nobody is seen to hold either file, and by no counter or file that begins anew', () => {
    const unseen = { ...later, isOfHolder: 'unseen' } as const
    expect(isOfSameProcess(printed, unseen)).toBe(true)
    expect(isOfSameProcess(printed, { ...unseen, rank: 3 })).toBe(false)
    expect(isOfSameProcess(printed, { ...unseen, step: 1 })).toBe(false)
    expect(isOfSameProcess(printed, { ...unseen, stepBefore: null })).toBe(false)
    expect(isOfSameProcess(printed, { ...unseen, isLeft: true })).toBe(false)
  })

  const names: readonly [string, string, boolean][] = [
    ['train_20260901.log', 'train_20260902.log', true],
    ['train-2026-09-01.log', 'train-2026-09-02.log', true],
    ['log_1756000000.txt', 'log_1756000900.txt', true],
    ['train_20260902.log', 'train_20260901.log', false],
    ['log_100001.txt', 'log_100002.txt', false],
    ['train_20260901.log', 'eval_20260902.log', false],
    ['train.1.log', 'train.2.log', false],
    ['out.log', 'metrics.log', false],
  ]
  test.each(names)('%s, then %s', (one, other, isNext) => {
    expect(goesOn({ kind: 'crashed', file: `runs/a/${one}` }, { file: `runs/a/${other}` })).toBe(isNext)
  })
})
