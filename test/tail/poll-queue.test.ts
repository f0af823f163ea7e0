import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Turns } from '../../src/tail/poll-queue.ts'

function take(turns: Turns, nowMs: number): string[] {
  const taken: string[] = []
  for (let path = turns.next(nowMs); path !== null; path = turns.next(nowMs)) taken.push(path)
  return taken
}

test('a file whose time has not come waits, and the next turn is known', () => {
  const turns = new Turns()
  turns.at('a', 200)
  turns.at('b', 100)
  expect([turns.nextMs(), take(turns, 99)]).toEqual([100, []])
  expect([take(turns, 100), turns.nextMs()]).toEqual([['b'], 200])
})

test('a file that is named has its turn at once, once', () => {
  const turns = new Turns()
  turns.at('a', 200)
  turns.name('a')
  turns.name('a')
  expect([turns.nextMs(), take(turns, 0), turns.nextMs()]).toEqual([Number.NEGATIVE_INFINITY, ['a'], 200])
})

test('a time that is put off or moved up is the one that counts', () => {
  const turns = new Turns()
  turns.at('late', 100)
  turns.at('late', 300)
  turns.at('early', 300)
  turns.at('early', 100)
  expect(take(turns, 100)).toEqual(['early'])
  expect([take(turns, 299), take(turns, 300), take(turns, 1000)]).toEqual([[], ['late'], []])
})

test('a file that is dropped has no turn any more', () => {
  const turns = new Turns()
  turns.at('a', 100)
  turns.name('a')
  turns.delete('a')
  expect(take(turns, 1000)).toEqual([])
})

test('files that are named all the time and files whose time has come take turns', () => {
  const turns = new Turns()
  for (const [i, path] of ['due-1', 'due-2', 'due-3'].entries()) turns.at(path, i)
  const taken: (string | null)[] = []
  for (let i = 0; i < 6; i++) {
    turns.name(`named-${i}`)
    taken.push(turns.next(3))
  }
  expect(taken.filter((path) => path?.startsWith('due'))).toEqual(['due-1', 'due-2', 'due-3'])
})

test('each file has its turn when its time has come, and one turn only, however often the time changes', () => {
  const change = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 30 }))
  fc.assert(
    fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
      const turns = new Turns()
      const times = new Map<string, number>()
      for (const [file, dueMs] of changes) {
        turns.at(`${file}`, dueMs)
        times.set(`${file}`, dueMs)
      }
      for (let nowMs = 0; nowMs <= 30; nowMs++) {
        const due = [...times].filter(([, dueMs]) => dueMs === nowMs).map(([path]) => path)
        expect(take(turns, nowMs).toSorted()).toEqual(due.toSorted())
      }
    }),
  )
})
