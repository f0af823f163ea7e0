import { expect, test } from 'vitest'
import { StoreError } from '../../../src/store/store-error.ts'
import { alert, commit, cursor, fileUpdate, followedFile, hopelessBatch, LOG, losses, run, sample } from '../commits.ts'
import { everything, firing, type OpenSubject } from './subject.ts'

const OTHER = '/runs/b/log'

/** Nothing of a run is left but its entries, what is owed of it, and a mark for its files. */
export function testForgetting(open: OpenSubject): void {
  test('with all that was read of it, and leaves a mark for its files', async () => {
    const at = await open()
    const { store, reader } = at
    await store.commit({ ...everything(), pastFiles: [followedFile({ cursor: cursor(9, { isEnded: true }) })] })
    const other = fileUpdate(
      { path: OTHER, run: 'b', cursor: cursor(10) },
      { samples: [sample(0, 1)], batches: [hopelessBatch(0)], rejects: [{ ...rejectOf(OTHER), run: 'b' }] },
    )
    await store.commit(
      commit({
        runs: [run('b')],
        files: [other],
        pastFiles: [followedFile({ path: OTHER, run: 'b', cursor: cursor(5) })],
        transitions: firing(alert({ id: 'b', run: 'b' })),
        gaps: [{ run: 'b', file: OTHER, offset: 0, bytes: 1, reason: 'gone' }],
      }),
    )
    const [entries, owed] = [await reader.entriesAfter(0, 100), await store.outbox.due('hook', 0)]

    await store.forget('a')
    expect((await reader.runs()).map(({ run: name }) => name)).toEqual(['b'])
    expect((await reader.series()).map(({ run: name }) => name)).toEqual(['b'])
    expect((await reader.alerts({ withParts: true })).map(({ id }) => id)).toEqual(['b'])
    expect(await reader.rejects('a', 10)).toEqual([])
    expect(await reader.gaps('a')).toEqual([])
    expect(await reader.batches(LOG, null, 10)).toEqual([])
    expect(await reader.samples(1, -1, 10)).toBeNull()
    expect(await reader.envelope(1, 10)).toBeNull()
    // Entries are never changed, and what is owed stays owed.
    expect(await reader.entriesAfter(0, 100)).toEqual(entries)
    expect(await store.outbox.due('hook', 0)).toEqual(owed)
    // The other run has all of it.
    expect(await reader.rejects('b', 10)).toHaveLength(1)
    expect(await reader.gaps('b')).toHaveLength(1)
    expect(await reader.batches(OTHER, null, 10)).toHaveLength(1)
    expect(await reader.samples(2, -1, 10)).toMatchObject({ value: [1] })

    await at.reopen()
    expect(await at.store.resumption()).toMatchObject({
      files: [{ path: OTHER }],
      pastFiles: [{ path: OTHER }],
      runs: [{ run: 'b' }],
      forgotten: [{ path: LOG, cursor: cursor(200) }],
      scannedRoots: new Set(['/runs']),
    })
  })

  test('that begins anew when something else is read under its name, and can be forgotten again', async () => {
    const { store, reader } = await open()
    await store.commit(everything())
    await store.forget('a')
    await store.commit(losses([9]))
    expect(await reader.series('a')).toMatchObject([{ samples: 1, nonFinite: 0 }])
    expect(await reader.runs()).toMatchObject([{ critical: 0, gaps: 0, lastLoss: null }])
    await store.forget('a')
    expect(await reader.runs()).toEqual([])
    expect((await store.resumption()).forgotten).toEqual([{ path: LOG, cursor: cursor(100) }])
  })

  test('of which a file was never read', async () => {
    const { store } = await open()
    await store.commit(commit({ runs: [run('a')], files: [fileUpdate({ cursor: null })] }))
    await store.forget('a')
    expect((await store.resumption()).forgotten).toEqual([{ path: LOG, cursor: null }])
  })

  test('but not one that it does not have', async () => {
    const at = await open()
    await at.store.commit(losses([1]))
    const before = await at.picture()
    await expect(at.store.forget('b')).rejects.toThrow(StoreError)
    await expect(at.store.forget('b')).rejects.toThrow(/b: no such run/)
    expect(await at.picture()).toEqual(before)
  })
}

function rejectOf(file: string) {
  return { run: 'a', file, offset: 1, reason: 'broken-json', detail: 'no value', excerpt: '{' }
}
