import { appendFile, link, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { emptyCommit } from '../../../src/core/pipeline/commit.ts'
import { linesIn } from '../../../src/core/pipeline/content.ts'
import { discover } from '../../../src/daemon/poll/discovery.ts'
import { StoreCache } from '../../../src/daemon/poll/store-cache.ts'
import { sqliteStore } from '../../../src/store/sqlite/sqlite-store.ts'
import type { Store } from '../../../src/store/store.ts'
import { FileFollower } from '../../../src/tail/follower.ts'
import { tempFolder } from '../../temp-folder.ts'

let root: string
let store: Store
let cache: StoreCache
let problems: string[]

beforeEach(async () => {
  const folder = await tempFolder()
  root = join(folder, 'runs')
  await mkdir(join(root, 'job'), { recursive: true })
  store = sqliteStore(join(folder, 'nanwatch.db'))
  onTestFinished(() => store.close())
  cache = new StoreCache(await store.resumption())
  problems = []
})

function find(...roots: readonly string[]): Promise<readonly string[]> {
  return discover(roots, [], cache, store, (path, reason) => problems.push(`${path}: ${reason}`))
}

/** What a daemon that starts now would know. */
async function afterRestart(): Promise<StoreCache> {
  return new StoreCache(await store.resumption())
}

/** Reads the file to its end and forgets its run, as a user would have it. */
async function readAndForget(path: string): Promise<void> {
  const file = cache.file(path)!
  const follower = new FileFollower(path)
  const read = await follower.read(null, 1024)
  await follower.close()
  const known = { ...file, cursor: read!.cursor }
  const update = { file: known, samples: [], moves: [], batches: [], rejects: [] }
  const saved = cache.run(file.run, '2026-03-01T12:00:00.000Z')
  const run = { ...saved, readAt: null }
  await store.commit({ ...emptyCommit('2026-03-01T12:00:00.000Z'), runs: [run], files: [update] })
  cache.save([known], [saved])
  await store.forget(file.run)
  cache.forget(file.run)
}

test('what is there at the first look is old news up to its size, and what comes later is not', async () => {
  const old = join(root, 'job', 'old.log')
  const late = join(root, 'late', 'train.log')
  await writeFile(old, 'loss: 1\n')
  expect(await find(root)).toEqual([root, join(root, 'job')])
  await mkdir(join(root, 'late'))
  await writeFile(late, 'loss: 1\n')
  await find(root)
  expect([cache.file(old)?.backfillUntil, cache.file(late)?.backfillUntil]).toEqual([8, 0])

  cache = await afterRestart()
  await find(root)
  expect([cache.file(old)?.backfillUntil, cache.file(late)?.backfillUntil]).toEqual([8, 0])
})

test('a root that is gone is reported, and holds up no other', async () => {
  await writeFile(join(root, 'job', 'train.log'), '')
  await find(join(root, 'nothing'), root)
  expect([...cache.files()]).toMatchObject([{ path: join(root, 'job', 'train.log') }])
  expect(problems).toMatchObject([expect.stringMatching(/nothing: ENOENT/)])
})

test('a root that is a file may be gone for a moment while it is rotated', async () => {
  const path = join(root, 'job', 'train.log')
  await writeFile(path, '')
  expect(await find(path)).toEqual([join(root, 'job')])
  await rm(path)
  expect(await find(path)).toEqual([join(root, 'job')])
  expect(problems).toEqual([])
})

test('what could not be saved is found again at the next look', async () => {
  await writeFile(join(root, 'job', 'train.log'), 'loss: 1\n')
  const { commit } = store
  store.commit = () => Promise.reject(new Error('the disk is full'))
  await find(root)
  expect([...cache.files()]).toEqual([])
  expect(problems).toEqual([`${root}: the disk is full`])

  store.commit = commit
  await find(root)
  expect([...cache.files()]).toMatchObject([{ backfillUntil: 8 }])
  expect([...(await afterRestart()).files()]).toMatchObject([{ backfillUntil: 8 }])
})

test('a file that was forgotten is not found again, even when it grows', async () => {
  const path = join(root, 'job', 'train.log')
  await writeFile(path, 'loss: 1\n')
  await find(root)
  await readAndForget(path)
  await appendFile(path, 'loss: 2\n')
  await find(root)
  expect(cache.file(path)).toBeUndefined()
  cache = await afterRestart()
  await find(root)
  expect(cache.file(path)).toBeUndefined()
})

for (const [name, again] of [
  ['written anew', (path: string) => writeFile(path, 'loss: 7, again\n')],
  ['deleted and made again', (path: string) => rm(path).then(() => writeFile(path, 'loss: 7\n'))],
] as const) {
  test(`a file that was forgotten is found when it is ${name}, whatever its inode`, async () => {
    const path = join(root, 'job', 'train.log')
    await writeFile(path, 'loss: 1\n')
    await find(root)
    await readAndForget(path)
    await again(path)
    await find(root)
    expect(cache.file(path)).toMatchObject({ cursor: null, backfillUntil: 0 })
  })
}

function found(): string[] {
  return [...cache.files()].map(({ path }) => path).sort()
}

/** Reads one file to its end and saves what that brought, as a round does. */
async function readOn(follower: FileFollower): Promise<void> {
  const file = cache.file(follower.path)!
  const read = await follower.read(file.cursor, 1024)
  if (read === null) return
  const known = { ...file, cursor: read.cursor }
  const run = { ...cache.run(file.run, '2026-03-01T12:00:00.000Z'), readAt: null }
  const update = { file: known, samples: [], moves: [], batches: [], rejects: [] }
  await store.commit({ ...emptyCommit('2026-03-01T12:00:00.000Z'), runs: [run], files: [update] })
  cache.save([known], [])
}

for (const content of ['', 'loss: 1\n']) {
  test(`a file ${content === '' ? 'without' : 'with'} content is followed once, whatever leads to it`, async () => {
    const path = join(root, 'job', 'a.log')
    await writeFile(path, content)
    await link(path, join(root, 'job', 'b.log'))
    await find(root)
    await symlink(root, `${root}-link`)
    await symlink(path, join(root, 'c.log'))
    await link(path, join(root, 'd.log'))
    await find(root, `${root}-link`, join(root, 'job'))
    expect(found()).toEqual([path])
    cache = await afterRestart()
    await find(root, `${root}-link`, join(root, 'job'))
    expect(found()).toEqual([path])
  })
}

test('two files of equal content are two', async () => {
  const paths = [join(root, 'job', 'a.log'), join(root, 'job', 'b.log')]
  for (const path of paths) await writeFile(path, 'loss: 1\n')
  await find(root)
  expect(found()).toEqual(paths)
})

for (const isScannedFirst of [false, true]) {
  test(`a log that was read and then renamed is not read again${isScannedFirst ? ', though found before its end was read' : ''}`, async () => {
    const path = join(root, 'job', 'train.log')
    const renamed = join(root, 'job', 'train-2026.log')
    await writeFile(path, 'loss: 1\n')
    await find(root)
    const follower = following(path)
    await readOn(follower)
    await rename(path, renamed)
    await writeFile(path, 'loss: 2\n')
    if (isScannedFirst) await find(root)
    expect(found()).toEqual([path])
    await readOn(follower)
    await readOn(follower)
    await find(root)
    expect(cache.file(renamed)).toMatchObject({ run: cache.file(path)!.run, cursor: { offset: 8, isEnded: true } })

    cache = await afterRestart()
    await find(root)
    expect(found()).toEqual([renamed, path])
    await appendFile(renamed, 'loss: 3\n')
    const late = following(renamed)
    const read = await late.read(cache.file(renamed)!.cursor, 1024)
    expect(linesIn(read!.content).map(({ text }) => text)).toEqual(['loss: 3'])
  })
}

/** A follower of the file at the path, until the test ends. */
function following(path: string): FileFollower {
  const follower = new FileFollower(path)
  onTestFinished(() => follower.close())
  return follower
}

const LOG = Array.from({ length: 100 }, (_, n) => `loss: ${n}\n`).join('')

test('the compressed copy of a log that was read is not read again, and what it holds beyond that is', async () => {
  const path = join(root, 'job', 'train.log')
  await writeFile(path, LOG)
  await find(root)
  const follower = following(path)
  await readOn(follower)
  await writeFile(`${path}.gz`, gzipSync(`${LOG}loss: 100\n`))
  await rm(path)
  await find(root)
  // Until the log was seen to be gone, what is left of it may come from there.
  expect(found()).toEqual([path])
  await readOn(follower)
  await find(root)
  expect(cache.file(`${path}.gz`)).toMatchObject({ run: cache.file(path)!.run, cursor: { offset: LOG.length } })
  const copy = following(`${path}.gz`)
  const read = await copy.read(cache.file(`${path}.gz`)!.cursor, 1024)
  expect(linesIn(read!.content).map(({ text }) => text)).toEqual(['loss: 100'])
})

test('a compressed copy beside the log that it was made of is none of ours, nor is half of one', async () => {
  const path = join(root, 'job', 'train.log')
  await writeFile(path, LOG)
  await find(root)
  const follower = following(path)
  await readOn(follower)
  const bytes = gzipSync(LOG)
  await writeFile(`${path}.gz`, bytes.subarray(0, bytes.length / 2))
  await find(root)
  await writeFile(`${path}.gz`, bytes)
  await find(root)
  await appendFile(path, 'loss: 100\n')
  await find(root)
  expect(found()).toEqual([path])
})

test('a compressed log that only begins like another is a log of its own, and old where it was there first', async () => {
  const path = join(root, 'job', 'train.log')
  await writeFile(path, LOG)
  await find(root)
  const follower = following(path)
  await readOn(follower)
  await writeFile(`${path}.gz`, gzipSync(LOG.replace('loss: 90', 'loss: 9000')))
  await find(root)
  expect(cache.file(`${path}.gz`)).toMatchObject({ cursor: null, backfillUntil: 0 })

  const first = join(root, 'first')
  await mkdir(first)
  await writeFile(join(first, 'train.log.gz'), gzipSync(LOG))
  await find(first)
  expect(cache.file(join(first, 'train.log.gz'))?.backfillUntil).toBe(Number.MAX_SAFE_INTEGER)
})

test('a new file that was given the inode of one that was read is new', async () => {
  const path = join(root, 'job', 'train.log')
  await writeFile(path, 'loss: 1\n')
  await find(root)
  const follower = new FileFollower(path)
  await readOn(follower)
  await follower.close()
  // The same inode under another name, with other content.
  await rename(path, join(root, 'job', 'other.log'))
  await writeFile(join(root, 'job', 'other.log'), 'loss: 7\n')
  await find(root)
  expect(cache.file(join(root, 'job', 'other.log'))).toMatchObject({ cursor: null })
})

test('the logs of ranks that are given one by one are one run, which keeps the name that it has', async () => {
  const [one, zero] = ['rank_1.log', 'rank_0.log'].map((name) => join(root, 'job', name))
  for (const path of [one!, zero!]) await writeFile(path, '')
  await find(one!, zero!)
  expect([cache.file(one!)?.run, cache.file(zero!)?.run]).toEqual(['job', 'job'])

  cache = await afterRestart()
  const two = join(root, 'job', 'rank_2.log')
  await writeFile(two, '')
  await find(one!, zero!, two)
  expect([one!, zero!, two].map((path) => cache.file(path)?.run)).toEqual(['job', 'job', 'job'])
})

test('the logs of ranks that the database knows as runs of their own stay so', async () => {
  const [one, zero] = ['rank_1.log', 'rank_0.log'].map((name) => join(root, 'job', name))
  for (const path of [one!, zero!]) await writeFile(path, '')
  await find(one!)
  expect(cache.file(one!)?.run).toBe('rank_1.log')
  cache = await afterRestart()
  await find(one!, zero!)
  expect([cache.file(one!)?.run, cache.file(zero!)?.run]).toEqual(['rank_1.log', 'rank_1.log'])
})
