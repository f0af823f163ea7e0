import { expect, test } from 'vitest'
import { NEW_FILE } from '../../../src/core/state/file-state.ts'
import { EMPTY_MEMORY } from '../../../src/core/state/run-memory.ts'
import type { RunStatus } from '../../../src/protocol/run.ts'
import { AT, commit, cursor, fileUpdate, followedFile, LOG, run, sample } from '../commits.ts'
import type { OpenSubject } from './subject.ts'

/** How many files whose path is another's by now a store must remember. */
const PAST_FILES = 1000
const FAILED: RunStatus = {
  state: 'failed',
  stateSince: '2026-01-31T00:00:00.000Z',
  stateKnownBy: 'alert',
  stateReason: 'a critical alert is firing',
}
const NEW: RunStatus = { state: 'starting', stateSince: null, stateKnownBy: null, stateReason: null }

/** What the next daemon finds is what the last one committed. */
export function testResumption(open: OpenSubject): void {
  test('from exactly what the last one committed', async () => {
    const at = await open()
    const file = followedFile({
      cursor: cursor(4096, { generation: 3, inLongLine: true }),
      state: { ...NEW_FILE, counts: { samples: 12, batches: 3, rejects: 1 } },
      backfillUntil: 1234,
    })
    const past = { ...file, cursor: cursor(8192, { inode: '7', isEnded: true }), backfillUntil: 0 }
    const unread = followedFile({ path: '/runs/b/log', run: 'b', name: 'log' })
    const memory = { ...EMPTY_MEMORY, lastStep: 7, lastLoss: 'Infinity' as const }
    await at.store.commit(
      commit({
        runs: [run('a', { ...FAILED, memory, backfill: true, readAt: '2026-02-01T00:00:00.000Z' }), run('b', NEW)],
        files: [
          { ...fileUpdate(), file },
          { ...fileUpdate(), file: unread },
        ],
        pastFiles: [past],
        scannedRoots: ['/runs', '/more'],
      }),
    )
    await at.store.commit(commit({ scannedRoots: ['/runs'] }))
    await at.reopen()
    expect(await at.store.resumption()).toEqual({
      scannedRoots: new Set(['/runs', '/more']),
      files: [file, unread],
      pastFiles: [past],
      runs: [
        { ...FAILED, run: 'a', memory, backfill: true, lastReadAt: '2026-02-01T00:00:00.000Z' },
        { ...NEW, run: 'b', memory: EMPTY_MEMORY, backfill: false, lastReadAt: AT },
      ],
      forgotten: [],
    })
  })

  test('from where a file was last read to', async () => {
    const { store } = await open()
    const first = followedFile({ cursor: cursor(100), backfillUntil: 100 })
    await store.commit(commit({ runs: [run('a')], files: [{ ...fileUpdate(), file: first }] }))
    const state = { ...NEW_FILE, counts: { samples: 1, batches: 0, rejects: 0 } }
    const next = followedFile({ cursor: cursor(250, { generation: 1 }), state })
    await store.commit(commit({ runs: [run('a')], files: [{ ...fileUpdate(), file: next }] }))
    expect((await store.resumption()).files).toEqual([next])
  })

  test('in the run that a path belonged to when it was first seen', async () => {
    const { store, reader } = await open()
    await store.commit(commit({ runs: [run('a')], files: [fileUpdate({ name: 'train.log' })] }))
    const renamed = fileUpdate({ run: 'b', name: 'other', cursor: cursor(9) }, { samples: [sample(0, 1)] })
    await store.commit(commit({ runs: [run('a'), run('b')], files: [renamed] }))
    expect((await store.resumption()).files).toEqual([followedFile({ name: 'train.log', cursor: cursor(9) })])
    expect(await reader.series()).toMatchObject([{ run: 'a', file: LOG }])
  })

  test("with the files whose path is another's by now, the oldest first, a thousand at least", async () => {
    const at = await open()
    const ended = (i: number) => followedFile({ cursor: cursor(i, { inode: String(i), isEnded: true }) })
    for (let from = 0; from < 1500; from += 500) {
      const pastFiles = Array.from({ length: 500 }, (_, i) => ended(from + i))
      await at.store.commit(commit({ runs: [run('a')], files: [fileUpdate()], pastFiles }))
    }
    await at.reopen()
    const inodes = (await at.store.resumption()).pastFiles.map((file) => Number(file.cursor?.inode))
    expect(inodes.slice(-PAST_FILES)).toEqual(Array.from({ length: PAST_FILES }, (_, i) => 1500 - PAST_FILES + i))
    expect(inodes).toEqual(inodes.toSorted((a, b) => a - b))
  })

  test('and says where it serves', async () => {
    const at = await open()
    expect(await at.reader.daemon()).toBeNull()
    await at.store.announce({ url: 'http://127.0.0.1:1', pid: 1, startedAt: AT })
    await at.store.announce({ url: 'http://127.0.0.1:2', pid: 2, startedAt: AT })
    expect(await at.reader.daemon()).toEqual({ url: 'http://127.0.0.1:2', pid: 2, startedAt: AT })
    await at.reopen()
    expect(await at.reader.daemon()).toMatchObject({ pid: 2 })
  })
}
