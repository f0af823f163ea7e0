import { describe, expect, test } from 'vitest'
import { afterLaterRecord, type RunEnding } from '../../../src/core/job/run-ending.ts'

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

  test('does not by one or two steps, or by a bar that is drawn again', () => {
    expect(goesOn(crashed, { writtenMs: 106_000 }, 2)).toBe(false)
    expect(goesOn(crashed, { writtenMs: 106_000, step: 7 }, 40)).toBe(false)
  })

  test('does not by the steps of other ranks', () => {
    expect(goesOn({ ...crashed, rank: 3 }, { writtenMs: 106_000, rank: 1 }, 40)).toBe(false)
    expect(goesOn({ ...crashed, rank: 3 }, { writtenMs: 106_000, rank: 3 })).toBe(true)
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
