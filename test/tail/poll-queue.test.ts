import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PollQueue } from '../../src/tail/poll-queue.ts'

function take(queue: PollQueue, nowMs: number): string[] {
  const taken: string[] = []
  for (let path = queue.next(nowMs); path !== null; path = queue.next(nowMs)) taken.push(path)
  return taken
}

test('a file that is not due waits, and the time of the next poll is known', () => {
  const queue = new PollQueue()
  queue.schedule('a', 200)
  queue.schedule('b', 100)
  expect([queue.nextDueMs(), take(queue, 99)]).toEqual([100, []])
  expect([take(queue, 100), queue.nextDueMs()]).toEqual([['b'], 200])
})

test('a file that is enqueued is polled at once, once', () => {
  const queue = new PollQueue()
  queue.schedule('a', 200)
  queue.enqueue('a')
  queue.enqueue('a')
  expect([queue.nextDueMs(), take(queue, 0), queue.nextDueMs()]).toEqual([Number.NEGATIVE_INFINITY, ['a'], 200])
})

test('a time that is put off or moved up is the one that counts', () => {
  const queue = new PollQueue()
  queue.schedule('late', 100)
  queue.schedule('late', 300)
  queue.schedule('early', 300)
  queue.schedule('early', 100)
  expect(take(queue, 100)).toEqual(['early'])
  expect([take(queue, 299), take(queue, 300), take(queue, 1000)]).toEqual([[], ['late'], []])
})

test('a file that is deleted is not polled any more', () => {
  const queue = new PollQueue()
  queue.schedule('a', 100)
  queue.enqueue('a')
  queue.delete('a')
  expect(take(queue, 1000)).toEqual([])
})

test('files that are enqueued all the time and files that are due take turns', () => {
  const queue = new PollQueue()
  for (const [i, path] of ['due-1', 'due-2', 'due-3'].entries()) queue.schedule(path, i)
  const taken: (string | null)[] = []
  for (let i = 0; i < 6; i++) {
    queue.enqueue(`urgent-${i}`)
    taken.push(queue.next(3))
  }
  expect(taken.filter((path) => path?.startsWith('due'))).toEqual(['due-1', 'due-2', 'due-3'])
})

test('each file is polled when it is due, and once only, however often its time changes', () => {
  const change = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 30 }))
  fc.assert(
    fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
      const queue = new PollQueue()
      const times = new Map<string, number>()
      for (const [file, dueMs] of changes) {
        queue.schedule(`${file}`, dueMs)
        times.set(`${file}`, dueMs)
      }
      for (let nowMs = 0; nowMs <= 30; nowMs++) {
        const due = [...times].filter(([, dueMs]) => dueMs === nowMs).map(([path]) => path)
        expect(take(queue, nowMs).toSorted()).toEqual(due.toSorted())
      }
    }),
  )
})
