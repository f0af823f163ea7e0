import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { emptyCommit } from '../../src/core/commit.ts'
import { Book } from '../../src/daemon/book.ts'
import { discover } from '../../src/daemon/discovery.ts'
import { sqliteStore } from '../../src/store/sqlite-store.ts'
import type { Store } from '../../src/store/store.ts'
import { Follower } from '../../src/tail/follower.ts'
import { tempFolder } from '../temp-folder.ts'

let root: string
let store: Store
let book: Book
let problems: string[]

beforeEach(async () => {
  const folder = await tempFolder()
  root = join(folder, 'runs')
  await mkdir(join(root, 'job'), { recursive: true })
  store = sqliteStore(join(folder, 'nanwatch.db'))
  onTestFinished(() => store.close())
  book = new Book(await store.resumption())
  problems = []
})

function find(...roots: readonly string[]): Promise<readonly string[]> {
  return discover(roots, [], book, store, (path, reason) => problems.push(`${path}: ${reason}`))
}

/** What a daemon that starts now would know. */
async function afterRestart(): Promise<Book> {
  return new Book(await store.resumption())
}

/** Reads the file to its end and forgets its run, as a user would have it. */
async function readAndForget(path: string): Promise<void> {
  const file = book.file(path)!
  const follower = new Follower(path)
  const read = await follower.read(null, 1024)
  await follower.close()
  const known = { ...file, cursor: read!.cursor }
  const update = { file: known, samples: [], moves: [], batches: [], rejects: [] }
  const saved = book.run(file.run, '2026-03-01T12:00:00.000Z')
  const run = { ...saved, readAt: null }
  await store.commit({ ...emptyCommit('2026-03-01T12:00:00.000Z'), runs: [run], files: [update] })
  book.save([known], [saved])
  await store.forget(file.run)
  book.forget(file.run)
}

test('what is there at the first look is old news up to its size, and what comes later is not', async () => {
  const old = join(root, 'job', 'old.log')
  const late = join(root, 'late', 'train.log')
  await writeFile(old, 'loss: 1\n')
  expect(await find(root)).toEqual([root, join(root, 'job')])
  await mkdir(join(root, 'late'))
  await writeFile(late, 'loss: 1\n')
  await find(root)
  expect([book.file(old)?.backfillUntil, book.file(late)?.backfillUntil]).toEqual([8, 0])

  book = await afterRestart()
  await find(root)
  expect([book.file(old)?.backfillUntil, book.file(late)?.backfillUntil]).toEqual([8, 0])
})

test('a root that is gone is reported, and holds up no other', async () => {
  await writeFile(join(root, 'job', 'train.log'), '')
  await find(join(root, 'nothing'), root)
  expect([...book.files()]).toMatchObject([{ path: join(root, 'job', 'train.log') }])
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
  expect([...book.files()]).toEqual([])
  expect(problems).toEqual([`${root}: the disk is full`])

  store.commit = commit
  await find(root)
  expect([...book.files()]).toMatchObject([{ backfillUntil: 8 }])
  expect([...(await afterRestart()).files()]).toMatchObject([{ backfillUntil: 8 }])
})

test('a file that was forgotten is not found again, even when it grows', async () => {
  const path = join(root, 'job', 'train.log')
  await writeFile(path, 'loss: 1\n')
  await find(root)
  await readAndForget(path)
  await appendFile(path, 'loss: 2\n')
  await find(root)
  expect(book.file(path)).toBeUndefined()
  book = await afterRestart()
  await find(root)
  expect(book.file(path)).toBeUndefined()
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
    expect(book.file(path)).toMatchObject({ cursor: null, backfillUntil: 0 })
  })
}
