import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { sqliteReader } from '../../../src/store/sqlite/sqlite-reader.ts'
import { sqliteStore } from '../../../src/store/sqlite/sqlite-store.ts'
import { WalFlush } from '../../../src/store/sqlite/wal-flush.ts'
import { tempFolder } from '../../temp-folder.ts'
import { losses } from '../commits.ts'

test('a flush that fails is heard of by whoever waits for it, and tried again', async () => {
  const path = join(await tempFolder(), 'nanwatch.db')
  const flush = new WalFlush(path)
  await flush.done()
  flush.begin()
  await expect(flush.done()).rejects.toThrow('ENOENT')
  await expect(flush.done()).rejects.toThrow('ENOENT')
  writeFileSync(`${path}-wal`, 'frames')
  await flush.done()
  flush.begin()
  flush.begin()
  await Promise.all([flush.done(), flush.done()])
})

/** Elsewhere they begin anew with each daemon. */
const HAS_NAME = existsSync('/proc/sys/kernel/random/boot_id')

async function epochAfter(path: string, between: (db: Database.Database) => void = () => undefined): Promise<string> {
  const db = new Database(path)
  between(db)
  db.close()
  await sqliteStore(path).close()
  const reader = sqliteReader(path)
  const epoch = await reader.epoch()
  await reader.close()
  return epoch
}

test.skipIf(!HAS_NAME)(
  'numbers of entries begin anew for their followers once the machine was started anew, and not with each daemon (needs Linux)',
  async () => {
    const path = join(await tempFolder(), 'nanwatch.db')
    const store = sqliteStore(path)
    await store.commit(losses([1]))
    await store.close()
    const first = await epochAfter(path)
    expect(await epochAfter(path)).toBe(first)
    const restarted = await epochAfter(path, (db) =>
      db.exec("UPDATE meta SET value = 'another start' WHERE key = 'machine-start'"),
    )
    expect(restarted).not.toBe(first)
    expect(await epochAfter(path)).toBe(restarted)
  },
)
