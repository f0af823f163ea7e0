import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { backups } from '../../../src/store/sqlite/backups.ts'
import { sqliteReader } from '../../../src/store/sqlite/sqlite-reader.ts'
import { sqliteStore } from '../../../src/store/sqlite/sqlite-store.ts'
import { tempFolder } from '../../temp-folder.ts'
import { commit, fileUpdate, run } from '../commits.ts'

const HOUR_MS = 3_600_000

let path: string

beforeEach(async () => {
  path = join(await tempFolder(), 'nanwatch.db')
})

/** What a first read of a run commits. */
function first(name: string) {
  return commit({ runs: [run(name)], files: [fileUpdate({ run: name, path: `/runs/${name}/train.log` })] })
}

async function write(name: string): Promise<void> {
  const store = sqliteStore(path)
  await store.commit(first(name))
  await store.close()
}

async function backUpAt(ms: number): Promise<void> {
  const store = sqliteStore(path)
  await store.upkeep(ms)
  await store.close()
}

/** Overwrites the middle of the file, where the tables are; the header stays. */
function damage(): void {
  const bytes = readFileSync(path)
  bytes.fill(0xa5, 4096, 8192 * 3)
  writeFileSync(path, bytes)
}

async function runsNow(): Promise<string[]> {
  const reader = sqliteReader(path)
  try {
    return (await reader.runs()).map(({ run }) => run).toSorted()
  } finally {
    await reader.close()
  }
}

async function epochNow(): Promise<string> {
  const reader = sqliteReader(path)
  try {
    return await reader.epoch()
  } finally {
    await reader.close()
  }
}

describe('a damaged database', () => {
  test('is put aside, and the newest back-up takes its place', async () => {
    await write('early')
    await backUpAt(Date.now())
    await write('late')
    const epoch = await epochNow()
    damage()

    const store = sqliteStore(path)
    expect(store.repaired).toMatch(/damaged.*back-up .* took its place/)
    const { files } = await store.resumption()
    await store.close()
    expect(files.map((file) => file.run)).toEqual(['early'])
    expect(await runsNow()).toEqual(['early'])
    // Followers that have seen entries of the lost hour must not take the new ones for those.
    expect(await epochNow()).not.toBe(epoch)
    expect(readdirSync(dirname(path)).filter((name) => name.includes('.damaged-'))).toHaveLength(1)
  })

  test('is put aside where there is no back-up, and a new one begins', async () => {
    await write('early')
    damage()
    const store = sqliteStore(path)
    expect(store.repaired).toMatch(/no back-up/)
    expect((await store.resumption()).files).toEqual([])
    await store.close()
  })

  test('is not replaced by a back-up that is damaged too', async () => {
    await write('early')
    await backUpAt(Date.now())
    await write('late')
    await backUpAt(Date.now() + 2 * HOUR_MS)
    writeFileSync(backups(path)[0]!, 'nothing of use')
    damage()
    const store = sqliteStore(path)
    expect(store.repaired).not.toBeNull()
    await store.close()
    expect(await runsNow()).toEqual(['early'])
  })

  test('is repaired once: the next start finds nothing to do', async () => {
    await write('early')
    await backUpAt(Date.now())
    damage()
    await sqliteStore(path).close()
    const store = sqliteStore(path)
    expect(store.repaired).toBeNull()
    await store.close()
  })
})

test('a file that is no database of ours is refused and left as it is', () => {
  writeFileSync(path, 'my notes on training, which are longer than any header of a database could ever be')
  const before = readFileSync(path, 'utf8')
  expect(() => sqliteStore(path)).toThrow(/not a usable database/)
  expect(readFileSync(path, 'utf8')).toBe(before)
})

describe('upkeep', () => {
  test('backs up once an hour and keeps three copies', async () => {
    await write('early')
    for (let hour = 0; hour < 6; hour++) {
      await backUpAt(Date.now() + 2 * hour * HOUR_MS)
    }
    expect(backups(path)).toHaveLength(3)
    const newest = backups(path)[0]
    await backUpAt(Date.now())
    expect(backups(path)[0]).toBe(newest)
  })

  test('copies what is in the write-ahead log too', async () => {
    const store = sqliteStore(path)
    await store.commit(first('fresh'))
    await store.upkeep(Date.now())
    await store.close()
    copyFileSync(backups(path)[0]!, path)
    expect(await runsNow()).toEqual(['fresh'])
  })

  test('empties the write-ahead log', async () => {
    const store = sqliteStore(path)
    for (let i = 0; i < 50; i++) await store.commit(first(`run-${i}`))
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0)
    await store.upkeep(Date.now())
    expect(existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0).toBe(0)
    await store.close()
  })
})
