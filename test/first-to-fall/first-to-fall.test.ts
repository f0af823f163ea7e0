import { describe, expect, test } from 'vitest'
import { WatchedRun } from '../core/pipeline/watched-run.ts'
import { INCIDENTS, namedFirst, ORDERS, readAll } from './incidents.ts'

describe('a job of several ranks that dies of one', () => {
  for (const [order, readsOf] of Object.entries(ORDERS)) {
    test(`is one alert whose headline names the first to fall, read ${order}`, () => {
      const wrong = INCIDENTS.filter(({ files, first }) => {
        const whole = readAll(files, readsOf(files)).alerts.filter(({ partOf }) => partOf === null)
        const named = namedFirst(whole[0]!.headline)
        return whole.length !== 1 || named.length === 0 || !named.every((rank) => first.includes(rank))
      })
      expect(wrong.map(({ name }) => name)).toEqual([])
    })
  }

  test('keeps an alert for each rank, as a part of the one', () => {
    const { files } = INCIDENTS.find(({ name }) => name === 'oom-last-rank')!
    const { alerts } = readAll(files, ORDERS['the last file first']!(files))
    const whole = alerts.find(({ partOf }) => partOf === null)!
    expect(alerts).toHaveLength(8)
    expect(alerts.filter(({ partOf }) => partOf === whole.id)).toHaveLength(7)
    expect(whole.signs.map(({ file }) => file).sort()).toEqual(Object.keys(files))
    expect(whole).toMatchObject({ file: 'rank_7.log', cause: { code: 'C1-gpu-out-of-memory' } })
    expect(whole.headline).toMatch(
      /^step 40: rank 7 fell first: torch\.OutOfMemoryError: .*; 7 others waited for it\.$/,
    )
  })

  test('has the same ids in whatever order its files are read', () => {
    for (const { files } of INCIDENTS) {
      const ids = Object.values(ORDERS).map((readsOf) =>
        readAll(files, readsOf(files)).alerts.map(({ id, headline, partOf }) => `${id} ${partOf} ${headline}`),
      )
      for (const other of ids) expect([...other].sort()).toEqual([...ids[0]!].sort())
    }
  })
})

describe('a file into which several ranks write', () => {
  const caught = [
    'ERROR could not save',
    'Traceback (most recent call last):',
    '  File "train.py", line 1, in save',
    "FileNotFoundError: [Errno 2] No such file or directory: 'a'",
  ]
  const steps = (from: number, to: number, mark = '') =>
    Array.from({ length: to - from + 1 }, (_, at) => `${mark}step ${from + at} loss ${2 - (from + at) / 100}`)
  const read = (lines: readonly string[]) => new WatchedRun().read('train.log', `${lines.join('\n')}\n`, true)

  test('outlives what one rank caught that logs no steps', () => {
    for (const mark of ['[rank0]: ', '']) {
      const run = read([...steps(1, 5, mark), ...caught.map((line) => `[rank3]: ${line}`), ...steps(6, 30, mark)])
      expect(run.alert('crashed')).toMatchObject({ severity: 'info', state: 'resolved' })
      expect(run.memory.ending).toBeNull()
    }
  })

  test('does not outlive the death of a rank by the steps that others were still to write', () => {
    const error = caught.map((line) => `[rank3]: ${line}`)
    const run = read([...steps(1, 5, '[rank0]: '), '[rank3]: ready', ...error.slice(1), ...steps(6, 7, '[rank0]: ')])
    expect(run.alert('crashed')).toMatchObject({ severity: 'critical', state: 'firing' })
    expect(run.memory.ending).toMatchObject({ kind: 'crashed' })
  })

  test('is over for all ranks where one says that training has finished', () => {
    const run = read([
      ...steps(1, 5, '[rank0]: '),
      '[rank3]: ready',
      'Training finished.',
      ...caught.slice(1).map((line) => `[rank3]: ${line}`),
    ])
    expect(run.alert('crashed')).toMatchObject({ severity: 'warning' })
    expect(run.memory.ending).toMatchObject({ kind: 'finished' })
  })

  test('is none where a number before each line only counts', () => {
    const lines = [...steps(1, 5), ...caught.slice(1)]
    const counted = read(lines.map((line, at) => `${at + 1}: ${line}`))
    const plain = read(lines)
    expect(counted.alerts.map(({ headline }) => headline)).toEqual(plain.alerts.map(({ headline }) => headline))
  })
})
