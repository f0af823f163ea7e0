import { expect, test } from 'vitest'
import type { FollowedFile } from '../../../src/core/pipeline/commit.ts'
import { NEW_FILE } from '../../../src/core/state/file-state.ts'
import { StoreCache } from '../../../src/daemon/poll/store-cache.ts'
import { cursor } from '../../store/commits.ts'

const NO_FILES = { files: [], pastFiles: [], runs: [], scannedRoots: new Set<string>(), forgotten: [] }
/** Far more than are kept as objects. */
const MANY = 1000

/** A file of which so many samples were read. */
function fileOf(number: number, samples: number): FollowedFile {
  const state = { ...NEW_FILE, counts: { samples, batches: 0, rejects: 0 } }
  const name = `${number}.log`
  const at = cursor(samples, { inode: String(number) })
  return { path: `/runs/${name}`, run: name, name, cursor: at, state, backfillUntil: 0 }
}

function filesOf(samples: number): readonly FollowedFile[] {
  return Array.from({ length: MANY }, (_, number) => fileOf(number, samples))
}

/** The files of which the cache holds the states as text. */
function packed(cache: StoreCache): readonly string[] {
  return [...cache.files()].filter(({ state }) => typeof state === 'string').map(({ path }) => path)
}

test('every file is handed out as it was saved last, whether it is at rest or not', () => {
  const cache = new StoreCache(NO_FILES)
  cache.save(filesOf(1), [])
  cache.save([fileOf(0, 2), fileOf(MANY - 1, 2)], [])
  expect(cache.file('/runs/0.log')).toEqual(fileOf(0, 2))
  expect(cache.file('/runs/1.log')).toEqual(fileOf(1, 1))
  expect(cache.file(`/runs/${MANY - 1}.log`)).toEqual(fileOf(MANY - 1, 2))
  expect(cache.file('/runs/none.log')).toBeUndefined()
})

test('the files that were read last are the ones that are not at rest', () => {
  const cache = new StoreCache(NO_FILES)
  cache.save(filesOf(1), [])
  expect(packed(cache)).toHaveLength(MANY - 256)
  expect(packed(cache)).toContain('/runs/0.log')
  cache.save([fileOf(0, 2)], [])
  expect(packed(cache)).toHaveLength(MANY - 256)
  expect(packed(cache)).not.toContain('/runs/0.log')
})

test('a cache that begins with the files of another has them as they are, and changes nothing in it', () => {
  const saved = new StoreCache(NO_FILES)
  saved.save(filesOf(1), [])
  const ahead = new StoreCache({ ...NO_FILES, files: saved.files() })
  expect(packed(ahead)).toHaveLength(MANY)
  ahead.save([fileOf(0, 9), fileOf(MANY - 1, 9)], [])
  expect(ahead.file('/runs/0.log')).toEqual(fileOf(0, 9))
  expect(saved.file('/runs/0.log')).toEqual(fileOf(0, 1))
  expect(saved.file(`/runs/${MANY - 1}.log`)).toEqual(fileOf(MANY - 1, 1))
})

test('a file that was read to its end is known by its inode, at rest or not', () => {
  const cache = new StoreCache(NO_FILES)
  const ended = { ...fileOf(7, 5), cursor: cursor(5, { inode: '7', isEnded: true }) }
  cache.save([ended], [])
  cache.save([{ ...fileOf(8, 1), path: ended.path }], [])
  expect(cache.ended('2049:7')).toEqual(ended)
  expect(cache.readIn('/runs').map((file) => file.cursor.inode)).toEqual(['8', '7'])
})

test('files of which nothing was read share one state', () => {
  const cache = new StoreCache(NO_FILES)
  cache.save(
    filesOf(0).map((file) => ({ ...file, cursor: null, state: NEW_FILE })),
    [],
  )
  expect(packed(cache)).toEqual([])
  expect([...cache.files()].filter(({ state }) => state !== NEW_FILE)).toEqual([])
})
