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

/** A blob in which one byte is another one. */
function withByte(blob: string, at: number): string {
  return `CAST(substr(${blob}, 1, ${at}) || x'55' || substr(${blob}, ${at + 2}) AS BLOB)`
}

const CHANGES = [
  { name: 'a value', sql: `UPDATE chunks SET value_floats = ${withByte('value_floats', 1000)} WHERE bucket = 2` },
  { name: 'the first step', sql: 'UPDATE chunks SET step_base = step_base + 1 WHERE bucket = 0' },
  { name: 'the distance of steps', sql: 'UPDATE chunks SET step_stride = 11 WHERE bucket = 1' },
  { name: 'an offset', sql: 'UPDATE chunks SET offset_rest = zeroblob(232) WHERE bucket = 3' },
  { name: 'a time that was not there', sql: 'UPDATE chunks SET time_base = 0, time_stride = 0 WHERE bucket = 3' },
  { name: 'the scale of epochs', sql: 'UPDATE chunks SET epoch_scale = 10 WHERE bucket = 3' },
  { name: 'an attempt', sql: 'UPDATE chunks SET attempt = 4 WHERE bucket = 1' },
  { name: 'which of the non-finite values it is', sql: 'UPDATE non_finite_samples SET kind = 2' },
  { name: 'the step of a non-finite value', sql: 'UPDATE non_finite_samples SET step = step + 1' },
  { name: 'the raw text', sql: "UPDATE non_finite_samples SET raw = 'nan '" },
  { name: 'that a value is not finite', sql: 'DELETE FROM non_finite_samples' },
  { name: 'an extreme', sql: 'UPDATE chunks SET max = 2 WHERE bucket = 1' },
  { name: 'that there is a chunk', sql: 'DELETE FROM chunks WHERE bucket = 2' },
  { name: 'that there is a first chunk', sql: 'DELETE FROM chunks WHERE bucket = 0' },
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
