import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeEach, expect, test } from 'vitest'
import { sqliteStore } from '../../../src/store/sqlite/sqlite-store.ts'
import { StoreError } from '../../../src/store/store-error.ts'
import { tempFolder } from '../../temp-folder.ts'
import { losses } from '../commits.ts'

let path: string

beforeEach(async () => {
  path = join(await tempFolder(), 'nanwatch.db')
  const store = sqliteStore(path)
  await store.commit(losses(Array.from({ length: 1000 }, (_, i) => (i === 500 ? NaN : Math.sin(i)))))
  await store.upkeep(Date.now())
  await store.close()
})

function alter(sql: string): void {
  const db = new Database(path)
  db.exec(sql)
  db.close()
}

const CHANGES = [
  { name: 'a value', sql: 'UPDATE samples SET value = value + 1e-9 WHERE ordinal = 700' },
  { name: 'a step', sql: 'UPDATE samples SET step = step + 1 WHERE ordinal = 3' },
  { name: 'an offset', sql: 'UPDATE samples SET offset = offset + 256 WHERE ordinal = 999' },
  { name: 'an attempt', sql: 'UPDATE samples SET attempt = 4 WHERE ordinal = 300' },
  { name: 'which of the non-finite values it is', sql: 'UPDATE samples SET kind = 2 WHERE ordinal = 500' },
  { name: 'the raw text', sql: "UPDATE samples SET raw = 'nan ' WHERE ordinal = 500" },
  { name: 'an extreme of a roll-up', sql: 'UPDATE rollups SET max = 2 WHERE bucket = 1' },
  { name: 'that there is a sample', sql: 'DELETE FROM samples WHERE ordinal = 20' },
]
for (const { name, sql } of CHANGES) {
  test(`a change of ${name} that SQLite takes for sound is found, and a back-up takes the place of what holds it`, async () => {
    alter(sql)
    const damaged = sqliteStore(path)
    expect(damaged.repaired).toBeNull()
    const found = await damaged.upkeep(Date.now()).then(
      () => null,
      (error: unknown) => error,
    )
    await damaged.close()
    expect(found).toBeInstanceOf(StoreError)
    expect(found).toMatchObject({ isDamage: true })

    const restored = sqliteStore(path, { isDamaged: true })
    expect(restored.repaired).toMatch(/back-up .* took its place/)
    await restored.upkeep(Date.now())
    expect((await restored.resumption()).files).toMatchObject([{ cursor: { offset: 100_000 } }])
    await restored.close()
  })
}

test('a database that was not changed is found to be sound, however often it is looked at', async () => {
  const store = sqliteStore(path)
  for (let i = 0; i < 3; i++) await store.upkeep(Date.now())
  await store.close()
})
