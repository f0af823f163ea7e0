import { expect, test } from 'vitest'
import { tornWal } from '../../../bench/soak/torn-wal.ts'
import type { Commit, FileUpdate } from '../../../src/core/pipeline/commit.ts'
import type { Store } from '../../../src/store/store.ts'

test('of a torn write-ahead log whole commits come back, and the job is read on from there', async () => {
  const { counts, figures } = await tornWal({ trials: 200, readings: 8 }, () => undefined)
  expect(counts).toEqual({ torn: 0, corrupt: 0, different: 0 })
  expect(figures['recoveryPoints']).toBeGreaterThan(20)
}, 60_000)

test('a cursor that is saved before its rows shows in a torn log', async () => {
  const { counts } = await tornWal({ trials: 100, readings: 0, save: cursorFirst }, () => undefined)
  expect(counts['torn']).toBeGreaterThan(0)
}, 60_000)

async function cursorFirst(store: Store, commit: Commit): Promise<number> {
  const cursorOnly = (update: FileUpdate) => ({ ...update, samples: [], moves: [], batches: [], rejects: [] })
  await store.commit({ ...commit, files: commit.files.map(cursorOnly), entries: [], transitions: [], owed: [] })
  return store.commit(commit)
}
