import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import type { Entry } from '../../src/protocol/wire.ts'
import { Commits } from '../../src/server/commits.ts'
import { follow, type History } from '../../src/server/feed.ts'

function entry(seq: number): Entry {
  return { seq, at: '', type: 'run', run: 'a', state: 'running', backfill: false }
}

/** A history that commits are made to while it is read. */
class Growing implements History {
  readonly commits = new Commits()
  readonly entries: Entry[] = []
  duringRead: () => void = () => undefined

  put(count: number): void {
    for (let i = 0; i < count; i++) this.entries.push(entry(this.entries.length + 1))
    this.commits.announce()
  }

  entriesAfter(seq: number, limit: number): Entry[] {
    const page = this.entries.filter((one) => one.seq > seq).slice(0, limit)
    this.duringRead()
    return page
  }

  nextCommit(signal: AbortSignal): Promise<void> {
    return this.commits.next(signal)
  }
}

test('a commit between the reading and the waiting is not missed', async () => {
  const history = new Growing()
  const stop = new AbortController()
  let more = 50
  history.duringRead = () => {
    if (more-- > 0) history.put(1)
  }
  const seen: number[] = []
  for await (const page of follow(history, 0, stop.signal)) {
    seen.push(...page.map(({ seq }) => seq))
    if (seen.length === 50) stop.abort()
  }
  expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
})

test('a long history is read in pages, and one wait is enough for all of them', async () => {
  const history = new Growing()
  history.put(20_001)
  const stop = new AbortController()
  const sizes = new Set<number>()
  let last = 0
  for await (const page of follow(history, 0, stop.signal)) {
    sizes.add(page.length)
    last = page.at(-1)!.seq
    expect(getEventListeners(stop.signal, 'abort').length).toBeLessThanOrEqual(1)
    if (last === 20_001) stop.abort()
  }
  expect([...sizes]).toEqual([200, 1])
})

test('a follower that has gone leaves nothing behind', async () => {
  const history = new Growing()
  const stop = new AbortController()
  const following = follow(history, 0, stop.signal)
  const next = following.next()
  stop.abort()
  expect(await next).toEqual({ done: true, value: undefined })
  expect(getEventListeners(stop.signal, 'abort')).toEqual([])
  expect(await follow(history, 0, stop.signal).next()).toEqual({ done: true, value: undefined })
})
