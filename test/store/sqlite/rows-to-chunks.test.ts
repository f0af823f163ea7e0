import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeEach, expect, test } from 'vitest'
import { MIGRATIONS } from '../../../src/store/sqlite/schema.ts'
import { sqliteReader } from '../../../src/store/sqlite/sqlite-reader.ts'
import { sqliteStore } from '../../../src/store/sqlite/sqlite-store.ts'
import { tempFolder } from '../../temp-folder.ts'

const SAMPLES = `SELECT series_id, ordinal, attempt, step, value, kind, raw, offset FROM samples ORDER BY 1, 2`

let path: string

/** A database of schema 6, of whose series one has dropped samples, moved ones, and some without a step or an offset. */
beforeEach(async () => {
  path = join(await tempFolder(), 'nanwatch.db')
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  for (let version = 1; version <= 6; version++)
    db.exec(readFileSync(new URL(`../../fixtures/schema-${version}.sql`, import.meta.url), 'utf8'))
  db.close()
})

function rowsOf(sql: string): unknown[] {
  const db = new Database(path)
  try {
    return db.prepare(sql).raw().all()
  } finally {
    db.close()
  }
}

function change(sql: string): void {
  const db = new Database(path)
  db.exec(sql)
  db.close()
}

/** Opens the database, and is killed when it is about to run this statement. */
function openUntil(statement: string): void {
  expect(() =>
    sqliteStore(path, {
      onStatement: (sql) => {
        if (sql.includes(statement)) throw new Error('killed')
      },
    }),
  ).toThrow(/killed/)
}

test('each sample stays what it was, and so does what was dropped', async () => {
  const before = rowsOf(SAMPLES)
  const rollups = rowsOf('SELECT * FROM rollups WHERE series_id = 80 AND bucket = 0')
  expect(before.length).toBeGreaterThan(900)
  await sqliteStore(path).close()
  expect(rowsOf(SAMPLES)).toEqual(before)
  const reader = sqliteReader(path)
  expect([...reader.query(SAMPLES).rows()]).toEqual(before)
  expect([...reader.query('SELECT * FROM rollups WHERE series_id = 80 AND bucket = 0').rows()]).toEqual(rollups)
  const page = (await reader.samples(80, -1, 1000))!
  expect(page.ordinal.slice(0, 3)).toEqual([17, 256, 257])
  expect(page.value[page.ordinal.indexOf(500)]).toBe(Number.MIN_VALUE)
  const { nonFinite, max, lastOrdinal } = (await reader.envelope(80, 10))!
  expect(nonFinite).toEqual([
    { step: 170, ordinal: 17, value: 'Infinity' },
    { step: 3000, ordinal: 300, value: 'NaN' },
    { step: 3500, ordinal: 450, value: '-Infinity' },
  ])
  expect([Math.max(...max.map(Number)), lastOrdinal]).toEqual([9.5, 599])
  await reader.close()
})

test('a migrated database is found to be sound, and is written on', async () => {
  const store = sqliteStore(path)
  for (let i = 0; i < 2; i++) await store.upkeep(Date.now())
  await store.close()
})

test('a start that is killed leaves the rows for the nanwatch before, and what that wrote meanwhile is not lost', async () => {
  openUntil('DROP TABLE samples')
  expect(rowsOf('PRAGMA user_version')).toEqual([[6]])
  expect(rowsOf('SELECT count(*) FROM chunks')).not.toEqual([[0]])
  change(`
    UPDATE samples SET attempt = 2 WHERE series_id = 80 AND ordinal = 598;
    UPDATE samples SET value = NULL, kind = 1, raw = 'NaN' WHERE series_id = 80 AND ordinal = 512;
    INSERT INTO samples VALUES (80, 600, 2, 7, 0.25, 0, NULL, 99999);
    UPDATE series SET samples = 601, non_finite = 4 WHERE id = 80;
    DELETE FROM samples WHERE series_id = 1 AND ordinal = 3;
    UPDATE series SET samples = samples - 1 WHERE id = 1`)
  const before = rowsOf(SAMPLES)
  await sqliteStore(path).close()
  expect(rowsOf('PRAGMA user_version')).toEqual([[MIGRATIONS.length]])
  expect(rowsOf(SAMPLES)).toEqual(before)
})

test('a start that is killed goes on behind the last series', () => {
  const writes = (killAt: number): number => {
    let count = 0
    const onStatement = (sql: string) => {
      if (sql.startsWith('INSERT INTO chunks') && ++count === killAt) throw new Error('killed')
    }
    if (killAt === Infinity) void sqliteStore(path, { onStatement }).close()
    else expect(() => sqliteStore(path, { onStatement })).toThrow(/killed/)
    return count
  }
  const [killed, after] = [writes(7), writes(Infinity)]
  expect(killed).toBe(7)
  // Only the series that it was killed in is written again.
  expect(after).toBeLessThan(7)
  expect(after).toBeGreaterThan(1)
})

test('what cannot be written as chunks stays as it was', async () => {
  // A row that a chunk cannot hold: its roll-up, which is all that is left of the dropped ones, counts too many.
  change('UPDATE rollups SET finite = 256 WHERE series_id = 80 AND bucket = 0')
  const before = rowsOf(SAMPLES)
  expect(() => sqliteStore(path)).toThrow(/not a usable database/)
  expect(rowsOf(SAMPLES)).toEqual(before)
})
