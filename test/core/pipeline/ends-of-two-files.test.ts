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

  test('has caught the errors of each of its files', () => {
    expect(endOf(['rank_0.err', CAUGHT], ['rank_1.err', CAUGHT], ['train.out', OUT])).toEqual(['finished', []])
  })
})
