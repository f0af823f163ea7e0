import { expect, test } from 'vitest'
import type { EntryBody } from '../../../src/protocol/wire.ts'
import { AT, alert, commit, LOG, losses } from '../commits.ts'
import type { OpenSubject } from './subject.ts'

/** What followers get: numbered, never changed. */
export function testEntries(open: OpenSubject): void {
  test('strictly rising over commits and restarts, and answers with those after a number', async () => {
    const at = await open()
    const heads: number[] = []
    for (let i = 0; i < 5; i++) {
      heads.push(await at.store.commit(commit({ entries: [stateEntry(`r${i}`), stateEntry(`s${i}`)] })))
      if (i % 2 === 0) await at.reopen()
    }
    const seqs = (await at.reader.entriesAfter(0, 100)).map(({ seq }) => seq)
    expect(seqs).toHaveLength(10)
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b))
    expect(heads.at(-1)).toBe(seqs.at(-1))
    expect(await at.reader.head()).toBe(seqs.at(-1))
    expect((await at.reader.entriesAfter(seqs[6]!, 2)).map(({ seq }) => seq)).toEqual(seqs.slice(7, 9))
    expect(await at.reader.entriesAfter(seqs[9]!, 2)).toEqual([])
    expect(await at.reader.entriesAfter(seqs[9]! + 1000, 2)).toEqual([])
  })

  test('in the order in which their commits had them, with what they say and when that was', async () => {
    const { store, reader } = await open()
    const gap = { run: 'a', file: LOG, offset: 1, bytes: 2, reason: 'gone' }
    const bodies: EntryBody[] = [
      stateEntry('b'),
      { type: 'alert', alert: alert({ value: 'Infinity' }), isNews: false },
      { type: 'gap', gap },
      stateEntry('a'),
    ]
    const later = '2026-03-02T00:00:00.000Z'
    await store.commit(commit({ entries: bodies.slice(0, 3) }))
    await store.commit({ ...commit({ entries: bodies.slice(3) }), atIso: later })
    expect(await reader.entriesAfter(0, 10)).toEqual(
      bodies.map((body, i) => ({ ...body, seq: i + 1, at: i < 3 ? AT : later })),
    )
  })

  test('so that pages of any size hold each of them once', async () => {
    const { store, reader } = await open()
    for (let i = 0; i < 9; i++) {
      await store.commit(commit({ entries: Array.from({ length: 50 }, (_, j) => stateEntry(`${i}-${j}`)) }))
    }
    const whole = await reader.entriesAfter(0, 1000)
    expect(whole).toHaveLength(450)
    for (const size of [1, 7, 200]) {
      const paged = []
      for (let page = await reader.entriesAfter(0, size); page.length > 0; ) {
        paged.push(...page)
        page = await reader.entriesAfter(page.at(-1)!.seq, size)
      }
      expect(paged).toEqual(whole)
    }
  })

  test('and a commit without one answers with the newest there is', async () => {
    const { store } = await open()
    expect(await store.commit(losses([1]))).toBe(0)
    expect(await store.commit(commit({ entries: [stateEntry('a')] }))).toBe(1)
    expect(await store.commit(losses([]))).toBe(1)
  })

  test('within an epoch that is the same after a restart, and is that of no other store', async () => {
    const at = await open()
    const epoch = await at.reader.epoch()
    expect(epoch).not.toBe('')
    await at.reopen()
    expect(await at.reader.epoch()).toBe(epoch)
    expect(await (await open()).reader.epoch()).not.toBe(epoch)
  })
}

function stateEntry(name: string): EntryBody {
  return { type: 'run', run: name, state: 'running', backfill: false }
}
