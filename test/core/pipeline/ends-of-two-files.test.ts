import { describe, expect, test } from 'vitest'
import { plain } from '../job/end-words.ts'
import { WatchedRun } from './watched-run.ts'

const CAUGHT =
  'ERROR:root:could not push\nTraceback (most recent call last):\n  File "train.py", line 30, in push\nConnectionError: 403\n'
const UNCAUGHT =
  'Traceback (most recent call last):\n  File "train.py", line 41, in <module>\n    main()\nValueError: no\n'
const OUT = `${plain(20)}Training complete\n`

/** Reads what a job wrote to its stdout and its stderr, whole and in this order. */
function endOf(...files: readonly (readonly [name: string, text: string])[]): unknown {
  const run = new WatchedRun()
  for (const [name, text] of files) run.read(name, text, true)
  return [run.memory.ending?.kind, run.memory.incidents.open.map(({ alert }) => alert.severity)]
}

describe('a job that writes its errors into a file of their own', () => {
  test('has caught an error that a logger wrote, where its other file says that training ended', () => {
    expect(endOf(['train.out', OUT], ['train.err', CAUGHT])).toEqual(['finished', []])
    expect(endOf(['train.err', CAUGHT], ['train.out', OUT])).toEqual(['finished', []])
  })

  test('has crashed of an exception that nobody caught, and of one without words of an end', () => {
    expect(endOf(['train.err', UNCAUGHT], ['train.out', OUT])).toEqual(['crashed', ['critical']])
    expect(endOf(['train.err', CAUGHT], ['train.out', plain(20)])).toEqual(['crashed', ['critical']])
    expect(endOf(['train.out', plain(20)], ['train.err', CAUGHT])).toEqual(['crashed', ['critical']])
  })

  test('has crashed where one of its files tells of an error that was caught, and another of one that was not', () => {
    const out = ['train.out', OUT] as const
    const [caught, uncaught] = [['rank_0.err', CAUGHT] as const, ['rank_1.err', UNCAUGHT] as const]
    for (const files of [
      [caught, uncaught, out],
      [uncaught, caught, out],
      [out, caught, uncaught],
    ])
      expect(endOf(...files)).toEqual(['crashed', expect.arrayContaining(['critical'])])
  })

  const time = (second: number) =>
    `2026-03-04 10:${String((second / 60) | 0).padStart(2, '0')}:${String(second % 60).padStart(2, '0')},000`
  const dated = (from: number, to: number) =>
    Array.from(
      { length: to - from },
      (_, at) => `${time(3 * (from + at))} INFO step ${from + at} loss ${2 + 1 / (1 + at)}\n`,
    ).join('')
  const [before, after] = [dated(1, 20), dated(1, 60)]
  const [LOGGED, BELOW] = [
    `${time(60)} ERROR could not push\n${CAUGHT.slice(CAUGHT.indexOf('\n') + 1)}`,
    `${time(9)} INFO start\n${UNCAUGHT}`,
  ]

  test('has caught what a logger wrote where the clock of later steps shows it, in whatever order they are read', () => {
    for (const [one, other] of [
      ['a.err', 'b.out'],
      ['b.out', 'a.err'],
    ] as const) {
      const read = (err: string, out: string) =>
        endOf(...[one, other].map((name) => [name, name === 'a.err' ? err : out] as const))
      expect(read(LOGGED, after)).toEqual([undefined, []])
      expect(read(LOGGED, before)).toEqual(['crashed', ['critical']])
      // The line above is of another time.
      expect(read(BELOW, after)).toEqual(['crashed', ['critical']])
    }
  })

  test('has not where the steps are those of another rank', () => {
    expect(endOf(['rank_3.err', LOGGED], ['rank_0.out', after])).toEqual(['crashed', ['critical']])
    expect(endOf(['rank_0.out', after], ['rank_3.err', LOGGED])).toEqual(['crashed', ['critical']])
    expect(endOf(['rank_3.err', LOGGED], ['rank_3.out', after])).toEqual([undefined, []])
  })

  test('has caught what it printed where it makes steps later on, and stays so at its end', () => {
    const run = new WatchedRun()
    const out = (steps: number, writtenMs: number, isOfHolder: boolean) => {
      run.seen = { writtenMs, isOfHolder }
      run.read('train.out', plain(steps))
    }
    out(20, 10_000, true)
    run.read('train.err', UNCAUGHT)
    for (const step of [21, 22, 23, 24]) out(step, 10_000 + 400 * (step - 20), true)
    expect(run.memory.ending).toMatchObject({ kind: 'crashed' })
    for (const step of [25, 26]) out(step, 10_000 + 400 * (step - 20), true)
    expect(run.memory.ending).toBe(null)
    expect(run.alert('crashed')).toMatchObject({ state: 'resolved', severity: 'info' })
    expect(run.read('train.err', UNCAUGHT, true).memory.ending).toBe(null)
    run.read('train.err', UNCAUGHT + UNCAUGHT, true)
    expect(run.memory.ending).toMatchObject({ kind: 'crashed' })
  })

  test('has caught the errors of each of its files', () => {
    expect(endOf(['rank_0.err', CAUGHT], ['rank_1.err', CAUGHT], ['train.out', OUT])).toEqual(['finished', []])
  })
})
