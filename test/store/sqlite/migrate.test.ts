import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeEach, describe, expect, test } from 'vitest'
import { backups } from '../../../src/store/sqlite/backups.ts'
import { MIGRATIONS } from '../../../src/store/sqlite/schema.ts'
import { SCHEMA_VERSION } from '../../../src/store/sqlite/schema-version.ts'

import { sqliteReader } from '../../../src/store/sqlite/sqlite-reader.ts'
import { sqliteStore } from '../../../src/store/sqlite/sqlite-store.ts'
import { tempFolder } from '../../temp-folder.ts'
import { imageOf } from './disk-image.ts'

/** What leaves the database as it is: a kill after it is one before it. */
const READS = /^\s*(?:SELECT|PRAGMA (?!user_version))/i

let folder: string
let path: string

beforeEach(async () => {
  folder = await tempFolder()
  path = join(folder, 'nanwatch.db')
})

/** Makes a database of a released schema. */
function make(version: number): void {
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  for (let made = 1; made <= version; made++) {
    db.exec(readFileSync(new URL(`../../fixtures/schema-${made}.sql`, import.meta.url), 'utf8'))
  }
  db.close()
}

/** Every row of every table, and the schema. */
function contentOf(database: string): unknown {
  const db = new Database(database, { readonly: true })
  try {
    const tables = db.prepare('SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name').all() as {
      name: string
      sql: string
    }[]
    const rows = tables
      .filter(({ sql }) => sql.startsWith('CREATE TABLE'))
      .map(({ name }) => [name, db.prepare(`SELECT * FROM ${name}`).raw().all()])
    return { version: db.pragma('user_version', { simple: true }), tables, rows }
  } finally {
    db.close()
  }
}

function soundnessOf(database: string): unknown {
  const db = new Database(database, { readonly: true })
  try {
    return [db.pragma('integrity_check', { simple: true }), db.pragma('foreign_key_check')]
  } finally {
    db.close()
  }
}

for (let version = 1; version < MIGRATIONS.length; version++) {
  describe(`a database of schema ${version}`, () => {
    test('ends as a new one would be that holds the same', async () => {
      make(version)
      await sqliteStore(path).close()
      const fresh = join(folder, 'fresh.db')
      await sqliteStore(fresh).close()
      const [migrated, made] = [contentOf(path), contentOf(fresh)] as { tables: unknown; version: number }[]
      expect(migrated!.version).toBe(MIGRATIONS.length)
      expect(columnsOf(path)).toEqual(columnsOf(fresh))
      expect(made!.version).toBe(MIGRATIONS.length)
      expect(soundnessOf(path)).toEqual(['ok', []])
    })

    test('is copied first, for the nanwatch that wrote it', async () => {
      make(version)
      const before = contentOf(path)
      await sqliteStore(path).close()
      expect(contentOf(join(folder, 'nanwatch.db.backups', `schema-${version}.sqlite`))).toEqual(before)
      // It is no back-up that a repair may fall back on later.
      expect(backups(path)).toEqual([])
    })

    test('is left as it was, and refused, where no copy can be made', async () => {
      make(version)
      const before = contentOf(path)
      const opening = () =>
        sqliteStore(path, {
          onStatement: (sql) => {
            if (sql.startsWith('VACUUM')) throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL')
          },
        })
      expect(opening).toThrow(/nanwatch\.db: not a usable database: database or disk is full\. Make room:/)
      expect(contentOf(path)).toEqual(before)
      await sqliteStore(path).close()
    })

    test('is brought up to date by the next start, whichever statement the last one was killed at', async () => {
      make(version)
      const images: string[] = []
      const store = sqliteStore(path, {
        onStatement: (sql) => {
          if (!READS.test(sql)) images.push(imageOf(path, join(folder, `killed-${images.length}`)))
        },
      })
      await store.close()
      const expected = contentOf(path)
      const isMigrated = images.map((image) => (versionOf(image) === MIGRATIONS.length ? 1 : 0))
      // The kills fall before the migration, within it and after it.
      expect(new Set(isMigrated)).toEqual(new Set([0, 1]))
      expect(isMigrated).toEqual(isMigrated.toSorted())
      for (const image of images) {
        await sqliteStore(image).close()
        expect(contentOf(image)).toEqual(expected)
      }
      expect(images.length).toBeGreaterThan(20)
    })
  })
}

test('there are as many migrations as the version says', () => expect(MIGRATIONS).toHaveLength(SCHEMA_VERSION))

test('a database of the first schema gets roll-ups of its samples, and cursors that say how files are encoded', async () => {
  make(1)
  const store = sqliteStore(path)
  const { files, forgotten } = await store.resumption()
  expect(files.map(({ cursor }) => cursor)).toMatchObject([
    { offset: 60_000, encoding: 'utf-8', isBinary: false },
    null,
  ])
  expect(forgotten.map(({ cursor }) => cursor?.encoding)).toEqual(['utf-8', undefined])
  await store.close()
  const reader = sqliteReader(path)
  expect([...reader.query('SELECT bucket, attempt, finite, nan, neg_infinity, bad_step FROM rollups').rows()]).toEqual([
    [0, 0, 256, 0, 0, null],
    [1, 0, 43, 1, 0, 299],
    [1, 1, 211, 0, 1, 1],
    [2, 1, 88, 0, 0, null],
    [0, 0, 1, 0, 0, null],
  ])
  expect(await reader.series()).toMatchObject([{ samples: 600, keptFrom: 0 }, { samples: 1 }])
  await reader.close()
})

test('a database of the second schema gets the heading that lines of names and numbers stand below', async () => {
  make(2)
  const store = sqliteStore(path)
  const { files, pastFiles } = await store.resumption()
  await store.close()
  expect(files.find(({ name }) => name === 'a/text.log')?.state.reader.inner).toEqual({
    inner: { epoch: null, phase: '' },
    hasSteps: true,
  })
  expect(pastFiles).toEqual([])
})

test('alerts of the second schema say that they have no signs and are part of none, where they are stored and where they are told', async () => {
  make(2)
  await sqliteStore(path).close()
  const reader = sqliteReader(path)
  const alert = { id: 'alert-1', signs: [], partOf: null }
  expect(await reader.alerts({})).toEqual([alert])
  expect(await reader.entriesAfter(41, 10)).toMatchObject([{ type: 'alert', alert }])
  await reader.close()
})

test('alerts of the third schema say in parts what they said in one text, wherever they are kept', async () => {
  make(3)
  const store = sqliteStore(path)
  const parts = {
    headline: 'step 812: Train. Loss is NaN.',
    firstSign: null,
    why: 'The last finite value was 0.5 at step 811. The log does not say why.',
  }
  const { runs } = await store.resumption()
  const owed = await store.outbox.due('pager', Date.parse('2026-03-01'))
  await store.close()
  const reader = sqliteReader(path)
  const [alert] = (await reader.alerts({})).filter(({ id }) => id === 'alert-2')
  expect(alert).toMatchObject({ ...parts, metric: 'Train. Loss', step: 812 })
  expect(alert).not.toHaveProperty('message')
  expect(await reader.entriesAfter(42, 10)).toMatchObject([{ type: 'alert', alert: parts }])
  expect(owed?.transition.alert).toMatchObject(parts)
  expect(runs[0]?.memory.incidents.open).toMatchObject([{ alert: parts }])
  await reader.close()
})

test('series that were named with a NUL between file and metric are named by both', async () => {
  make(3)
  const store = sqliteStore(path)
  const { runs } = await store.resumption()
  await store.close()
  const { incidents, pairs } = runs[0]!.memory
  expect(incidents.open[0]?.seenBy).toEqual([{ file: '/runs/a/train.log', metric: 'Train. Loss' }])
  expect(pairs?.watches).toEqual([
    {
      file: '/runs/a/train.log',
      metric: 'loss',
      dump: '/runs/a/preds.npz',
      states: { mismatch: { version: 2, state: { differInARow: 3 } } },
    },
  ])
})

test('what the fourth schema remembers of runs and files is kept under other names, and its metrics under their own', async () => {
  make(4)
  await sqliteStore(path).close()
  const db = new Database(path, { readonly: true })
  const memory = JSON.parse(db.prepare<[], string>('SELECT memory FROM runs').pluck().get()!)
  const state = JSON.parse(db.prepare<[], string>('SELECT state FROM past_files').pluck().get()!)
  const files = db.prepare<[], string>('SELECT state FROM files').pluck().all()
  db.close()
  const sum = { code: 'R17-wrong-reduction', key: 'sum', value: 1.5, weight: 0.5 }
  expect(memory).toEqual({
    lastStep: 812,
    lastLoss: 'NaN',
    incidents: { open: [], closed: [] },
    suspectBatches: [{ step: 811, reportedLoss: 1.5, lossSearch: { verdict: 'differs', candidates: [sum] } }],
    healthyBatch: { step: 812, reportedLoss: null, lossSearch: null },
    likelihoods: { attempt: 0, batches: 2, tallies: { ways: [1, 0] } },
    pairs: {
      losses: [{ file: '/runs/a/train.log', metric: 'account', firsts: [{ steps: [811], of: [1.5] }] }],
      dumps: [
        {
          file: '/runs/a/preds.npz',
          firsts: [
            {
              steps: [811],
              of: [
                {
                  evidence: { step: 811, lossSearch: { verdict: 'unknown', candidates: [] } },
                  expected: { right: [0.5] },
                },
              ],
            },
          ],
        },
      ],
      watches: [
        {
          file: '/runs/a/train.log',
          metric: 'loss',
          dump: '/runs/a/preds.npz',
          states: { mismatch: { version: 2, state: { differInARow: 3, candidate: 'sum' } } },
        },
      ],
    },
  })
  expect(files.length).toBeGreaterThan(0)
  const mismatch = { version: 2, state: { differInARow: 3, candidate: 'sum' } }
  for (const file of files) expect(JSON.parse(file).batchDetectors).toEqual({ mismatch })
  expect(state).toEqual({
    reader: {
      format: 'keras',
      inner: { hasSteps: true, inner: { epoch: 3, batch: 7, reported: ['loss', 'told'] } },
    },
    series: { told: { progress: { attempt: 0 } } },
    batchDetectors: { mismatch },
  })
})

test('a database of the fifth schema keeps the states of its runs, and does not say since when they are in them', async () => {
  make(5)
  await sqliteStore(path).close()
  const reader = sqliteReader(path)
  const states = (await reader.runs()).map(({ run, state, stateSince, stateKnownBy, stateReason }) => ({
    [run]: [state, stateSince, stateKnownBy, stateReason],
  }))
  expect(states).toContainEqual({ quiet: ['idle', null, null, null] })
  expect(states.length).toBeGreaterThan(1)
  await reader.close()
})

test('a new database is not copied', async () => {
  await sqliteStore(path).close()
  expect(existsSync(`${path}.backups`)).toBe(false)
})

function versionOf(database: string): unknown {
  const db = new Database(database)
  try {
    return db.pragma('user_version', { simple: true })
  } finally {
    db.close()
  }
}

/** Each table with its columns: ALTER TABLE leaves other text than CREATE TABLE. */
function columnsOf(database: string): unknown {
  const db = new Database(database, { readonly: true })
  try {
    return db
      .prepare(
        `SELECT tables.name, columns.name AS col, columns.type, columns."notnull", columns.dflt_value, columns.pk
         FROM sqlite_schema AS tables, pragma_table_xinfo(tables.name) AS columns
         WHERE tables.type IN ('table', 'index') ORDER BY 1, 2`,
      )
      .all()
  } finally {
    db.close()
  }
}
