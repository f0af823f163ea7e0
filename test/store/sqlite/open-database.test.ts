import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { MIGRATIONS } from '../../../src/store/sqlite/schema.ts'
import { APPLICATION_ID } from '../../../src/store/sqlite/schema-version.ts'
import { sqliteReader } from '../../../src/store/sqlite/sqlite-reader.ts'
import { sqliteStore } from '../../../src/store/sqlite/sqlite-store.ts'
import { StoreError } from '../../../src/store/store-error.ts'
import { tempFolder } from '../../temp-folder.ts'
import { commit, fileUpdate, losses, run, sample } from '../commits.ts'
import { everything } from '../conformance/subject.ts'

async function newPath(): Promise<string> {
  return join(await tempFolder(), 'nanwatch.db')
}

async function writtenDatabase(): Promise<string> {
  const path = await newPath()
  const store = sqliteStore(path)
  await store.commit(losses([1, NaN]))
  await store.close()
  return path
}

function alter(path: string, sql: string): void {
  const db = new Database(path)
  db.exec(sql)
  db.close()
}

function opened<T extends { close(): unknown }>(part: T): T {
  onTestFinished(async () => void (await part.close()))
  return part
}

describe('a database that cannot be used', () => {
  const cases: readonly { readonly name: string; make(path: string): void | Promise<void>; readonly says: RegExp }[] = [
    {
      name: 'of a newer nanwatch',
      make: (path) =>
        alter(path, `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 99; CREATE TABLE t (c)`),
      says: /nanwatch\.db: written by a newer nanwatch \(schema 99, this one knows \d+\)\. Update nanwatch, or name another with --db/,
    },
    {
      name: 'of another program',
      make: (path) => alter(path, 'CREATE TABLE bookmarks (url TEXT)'),
      says: /nanwatch\.db: a database of another program\. Name another file with --db/,
    },
    {
      name: 'that is no SQLite file',
      make: (path) => writeFile(path, '{"loss": NaN}\n'.repeat(200)),
      says: /nanwatch\.db: not a usable database: file is not a database\. .*--db/,
    },
    {
      name: 'that is a folder',
      make: async (path) => void (await mkdir(path)),
      says: /nanwatch\.db: not a usable database: .*--db/,
    },
  ]
  for (const { name, make, says } of cases) {
    test(`${name} is refused for writing and for reading, and left as it is`, async () => {
      const path = await newPath()
      await make(path)
      const before = await readFile(path).catch(() => null)
      expect(() => sqliteStore(path)).toThrow(StoreError)
      expect(() => sqliteStore(path)).toThrow(says)
      expect(() => sqliteReader(path)).toThrow(StoreError)
      expect(() => sqliteReader(path)).toThrow(says)
      expect(await readFile(path).catch(() => null)).toEqual(before)
    })
  }

  test('because it is not there yet tells a reader what to do', async () => {
    const path = await newPath()
    expect(() => sqliteReader(path)).toThrow(StoreError)
    expect(() => sqliteReader(path)).toThrow(`${path}: no nanwatch database yet. Start \`nanwatch watch\``)
  })

  test('because it is still empty tells a reader the same', async () => {
    const path = await newPath()
    await writeFile(path, '')
    expect(() => sqliteReader(path)).toThrow('no nanwatch database yet')
  })

  test('because its folder is a file tells the writer where', async () => {
    const path = await newPath()
    await writeFile(path, '')
    expect(() => sqliteStore(join(path, 'deeper', 'nanwatch.db'))).toThrow(StoreError)
    expect(() => sqliteStore(join(path, 'deeper', 'nanwatch.db'))).toThrow(/nanwatch\.db\.lock: cannot be made/)
  })
})

describe('the lock of a database', () => {
  test('is free again as soon as the process that held it was killed', async () => {
    const path = await writtenDatabase()
    // What a daemon does, in a process of its own that can be killed.
    const holder = spawn(process.execPath, [
      '--input-type=commonjs',
      '--eval',
      `const Database = require(${JSON.stringify(createRequire(import.meta.url).resolve('better-sqlite3'))})
       new Database(${JSON.stringify(`${path}.lock`)}).exec('BEGIN EXCLUSIVE')
       console.log('held')
       setInterval(() => {}, 1000)`,
    ])
    await once(holder.stdout, 'data')
    expect(() => sqliteStore(path)).toThrow(/another nanwatch is writing this database.*--db/)

    holder.kill('SIGKILL')
    await once(holder, 'exit')
    opened(sqliteStore(path))
  })

  test('is given back when the database turns out to be unusable', async () => {
    const path = await newPath()
    alter(path, 'CREATE TABLE bookmarks (url TEXT)')
    expect(() => sqliteStore(path)).toThrow('another program')
    alter(path, 'DROP TABLE bookmarks')
    opened(sqliteStore(path))
  })
})

describe('the schema', () => {
  const CHUNK = `INSERT INTO chunks (series_id, bucket, attempt, first_ordinal, last_ordinal, finite, nan, infinity,
    neg_infinity, crc, value_floats)`
  const NON_FINITE = 'INSERT INTO non_finite_samples (series_id, ordinal, attempt, kind, raw)'
  const allowed = [
    `${CHUNK} VALUES (1, 9, 0, 2304, 2305, 2, 0, 0, 0, 7, zeroblob(16))`,
    `${CHUNK} VALUES (1, 9, 1, 2306, 2306, 0, 1, 0, 0, 7, NULL)`,
    `${NON_FINITE} VALUES (1, 2306, 0, 3, '-inf')`,
  ]
  const refused = [
    { name: 'a chunk of no series', sql: `${CHUNK} VALUES (77, 9, 0, 2304, 2304, 1, 0, 0, 0, 7, zeroblob(8))` },
    { name: 'a second chunk of one place', sql: `${CHUNK} VALUES (1, 0, 0, 0, 0, 1, 0, 0, 0, 7, zeroblob(8))` },
    { name: 'a chunk of no sample', sql: `${CHUNK} VALUES (1, 9, 0, 2304, 2304, 0, 0, 0, 0, 7, NULL)` },
    { name: 'a chunk of too many', sql: `${CHUNK} VALUES (1, 9, 0, 2304, 2560, 257, 0, 0, 0, 7, NULL)` },
    {
      name: 'a chunk of other samples than it counts',
      sql: `${CHUNK} VALUES (1, 9, 0, 2304, 2305, 2, 0, 0, 0, 7, zeroblob(24))`,
    },
    { name: 'a finite value among those that are not', sql: `${NON_FINITE} VALUES (1, 9, 0, 0, NULL)` },
    { name: 'a kind that does not exist', sql: `${NON_FINITE} VALUES (1, 9, 0, 4, NULL)` },
    { name: 'a long raw text', sql: `${NON_FINITE} VALUES (1, 9, 0, 1, '${'n'.repeat(65)}')` },
    { name: 'a second sample under one number', sql: `${NON_FINITE} VALUES (1, 2306, 1, 1, NULL)` },
  ]
  for (const { name, sql } of refused) {
    test(`refuses ${name}`, async () => {
      const db = opened(new Database(await writtenDatabase()))
      for (const each of allowed) db.exec(each)
      expect(() => db.exec(sql)).toThrow(Database.SqliteError)
    })
  }

  test('is brought up to date at once in a new database, and says whose it is', async () => {
    const db = opened(new Database(await writtenDatabase(), { readonly: true }))
    expect(db.pragma('application_id', { simple: true })).toBe(APPLICATION_ID)
    expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length)
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(db.pragma('foreign_key_check')).toEqual([])
  })
})

describe('a question in SQL', () => {
  async function reader() {
    return opened(sqliteReader(await writtenDatabase()))
  }

  const refused = [
    'DELETE FROM samples',
    'INSERT INTO roots VALUES (1, 2)',
    'DROP TABLE samples',
    'PRAGMA user_version = 3',
    'PRAGMA journal_mode = DELETE',
    'PRAGMA query_only = OFF',
    'VACUUM',
    'BEGIN',
    "ATTACH DATABASE 'other.db' AS other",
    'DELETE FROM samples RETURNING *',
    'SELECT 1; SELECT 2',
    'SELECT 1; DELETE FROM samples',
    'SELEKT 1',
    'SELECT * FROM nowhere',
    '',
  ]
  for (const sql of refused) {
    test(`is refused where it is ${sql === '' ? 'empty' : sql}`, async () => {
      const asked = await reader()
      expect(() => asked.query(sql)).toThrow(StoreError)
      expect(() => asked.query(sql)).toThrow(/^sql: /)
      expect(await asked.series()).toMatchObject([{ samples: 2 }])
    })
  }

  test('answers with columns and rows that JSON can hold', async () => {
    const { columns, rows } = (await reader()).query(
      "SELECT 1 AS one, 2.5 AS half, 'text' AS text, NULL AS none, x'00ff' AS bytes, 9e999 AS big, -9e999 AS small, 9223372036854775807 AS long",
    )
    expect(columns).toEqual(['one', 'half', 'text', 'none', 'bytes', 'big', 'small', 'long'])
    expect([...rows()]).toEqual([[1, 2.5, 'text', null, '00ff', 'Infinity', '-Infinity', '9223372036854775807']])
  })

  test('may begin with WITH or EXPLAIN and end with a semicolon', async () => {
    const asked = await reader()
    expect([...asked.query('WITH t AS (SELECT 1 AS c) SELECT c FROM t;').rows()]).toEqual([[1]])
    expect([...asked.query('EXPLAIN QUERY PLAN SELECT * FROM chunks').rows()]).toHaveLength(1)
  })
})

test('an answer that is read row by row is of the moment at which it began, while the writer goes on', async () => {
  const path = await newPath()
  const store = opened(sqliteStore(path))
  const reader = opened(sqliteReader(path))
  await store.commit(losses(Array.from({ length: 500 }, (_, i) => i)))
  const rows = reader.query('SELECT ordinal FROM samples ORDER BY ordinal').rows()
  rows.next()
  const samples = Array.from({ length: 500 }, (_, i) => sample(500 + i, i))
  await store.commit(commit({ runs: [run('a')], files: [fileUpdate({}, { samples })] }))
  expect([...rows]).toHaveLength(499)
  expect(await reader.series()).toMatchObject([{ samples: 1000 }])
})

test('a run that is forgotten leaves no row behind', async () => {
  const path = await newPath()
  const store = opened(sqliteStore(path))
  const reader = opened(sqliteReader(path))
  await store.commit(everything())
  await store.forget('a')
  for (const table of [
    'runs',
    'files',
    'past_files',
    'series',
    'samples',
    'rollups',
    'batches',
    'rejects',
    'gaps',
    'alerts',
  ])
    expect([table, ...reader.query(`SELECT * FROM ${table}`).rows()]).toEqual([table])
})

test('a reader sees each commit whole, however its questions fall between them', async () => {
  const path = await newPath()
  const store = opened(sqliteStore(path))
  const reader = opened(sqliteReader(path))
  let next = 0
  for (let i = 0; i < 200; i++) {
    const samples = Array.from({ length: 10 }, () => sample(next++, 1))
    const done = store.commit(commit({ runs: [run('a')], files: [fileUpdate({}, { samples })] }))
    const [series] = await reader.series()
    expect(series?.samples ?? 0).toBe((await reader.samples(1, -1, 100_000))?.ordinal.length ?? 0)
    expect((series?.samples ?? 0) % 10).toBe(0)
    await done
  }
})
