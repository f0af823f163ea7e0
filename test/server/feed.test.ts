import { getEventListeners } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Entry } from '../../src/protocol/wire.ts'
import { Commits } from '../../src/server/commits.ts'
import { follow, type History } from '../../src/server/feed.ts'

function entry(seq: number): Entry {
  return { seq, at: '', type: 'run', run: 'a', state: 'running', backfill: false }
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, i) => i + 1)
}

/** A history that commits are made to while it is read. */
class Growing implements History {
  readonly commits = new Commits()
  readonly entries: Entry[] = []
  /** Called twice for each page: before the store looks for what it holds, and after it. */
  duringRead: (moment: 'before' | 'after') => void | Promise<void> = () => undefined

  put(count: number): void {
    for (let i = 0; i < count; i++) this.entries.push(entry(this.entries.length + 1))
    this.commits.announce()
  }

  async entriesAfter(seq: number, limit: number): Promise<Entry[]> {
    await this.duringRead('before')
    const page = this.entries.filter((one) => one.seq > seq).slice(0, limit)
    await this.duringRead('after')
    return page
  }

  nextCommit(signal: AbortSignal): Promise<void> {
    return this.commits.next(signal)
  }
}

/** The numbers of what a follower gets until it has got `last`. */
async function followed(history: History, last: number): Promise<number[]> {
  const stop = new AbortController()
  const seen: number[] = []
  for await (const page of follow(history, 0, stop.signal)) {
    seen.push(...page.map(({ seq }) => seq))
    if (seen.length >= last) stop.abort()
  }
  return seen
}

describe('a commit that lands while a page is read', () => {
  const moments = [
    { name: 'before the store has looked', at: 'before', turns: 0 },
    { name: 'before the store has looked, a turn later', at: 'before', turns: 1 },
    { name: 'after the store has looked', at: 'after', turns: 0 },
    { name: 'after the store has looked, a turn later', at: 'after', turns: 1 },
    { name: 'in the turn in which the page is handed over', at: 'after', turns: 2 },
  ] as const
  for (const { name, at, turns } of moments) {
    test(`${name} is neither missed nor told twice`, async () => {
      const history = new Growing()
      let left = 50
      history.duringRead = async (moment) => {
        if (moment !== at || left === 0) return
        left--
        for (let turn = 0; turn < turns; turn++) await setImmediate()
        history.put(1)
      }
      expect(await followed(history, 50)).toEqual(upTo(50))
    })
  }

  test('is told though it is the last for long, and the page had been full', async () => {
    const history = new Growing()
    history.put(200)
    history.duringRead = (moment) => {
      if (moment === 'after' && history.entries.length === 200) history.put(1)
    }
    expect(await followed(history, 201)).toEqual(upTo(201))
  })

  test('is told once in any order of commits, of reads, and of the turns that a page takes', async () => {
    const plan = fc.record({
      commits: fc.array(fc.record({ count: fc.integer({ min: 1, max: 150 }), turns: fc.integer({ min: 0, max: 4 }) }), {
        minLength: 1,
        maxLength: 12,
      }),
      slowness: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 8 }),
    })
    await fc.assert(
      fc.asyncProperty(plan, async ({ commits, slowness }) => {
        const history = new Growing()
        let reads = 0
        history.duringRead = async () => {
          for (let turn = slowness[reads++ % slowness.length]!; turn > 0; turn--) await setImmediate()
        }
        const all = commits.reduce((sum, { count }) => sum + count, 0)
        const seen = followed(history, all)
        for (const { count, turns } of commits) {
          for (let turn = 0; turn < turns; turn++) await setImmediate()
          history.put(count)
        }
        expect(await seen).toEqual(upTo(all))
      }),
      { seed: 7, numRuns: 200 },
    )
  })
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

test('a follower that has gone leaves nothing behind, and the page that was read for it is given to nobody', async () => {
  const history = new Growing()
  for (const count of [0, 3]) {
    history.put(count)
    const stop = new AbortController()
    const next = follow(history, 0, stop.signal).next()
    stop.abort()
    expect(await next).toEqual({ done: true, value: undefined })
    expect(getEventListeners(stop.signal, 'abort')).toEqual([])
    expect(await follow(history, 0, stop.signal).next()).toEqual({ done: true, value: undefined })
  }
})

test('a history that cannot be read ends the following with its reason', async () => {
  const history = new Growing()
  history.duringRead = () => Promise.reject(new Error('no such disk'))
  await expect(follow(history, 0, new AbortController().signal).next()).rejects.toThrow('no such disk')
})
