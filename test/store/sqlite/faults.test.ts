import { copyFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { countDifferences } from '../../../bench/soak/history.ts'
import type { SqlReader } from '../../../src/store/sqlite/sql-reader.ts'
import { sqliteReader } from '../../../src/store/sqlite/sqlite-reader.ts'
import { sqliteStore } from '../../../src/store/sqlite/sqlite-store.ts'
import { StoreError } from '../../../src/store/store-error.ts'
import { follow, noFileEvents } from '../../daemon/following.ts'
import { tempFolder } from '../../temp-folder.ts'
import { alert, commit, cursor, fileUpdate, hopelessBatch, run, sample } from '../commits.ts'

const CODES = ['SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_BUSY', 'SQLITE_CORRUPT', 'SQLITE_READONLY'] as const

const TABLES = [
  'runs',
  'files',
  'series',
  'samples',
  'rollups',
  'batches',
  'rejects',
  'gaps',
  'alerts',
  'entries',
  'outbox',
  'roots',
]

let folder: string
let path: string

beforeEach(async () => {
  folder = await tempFolder()
  path = join(folder, 'nanwatch.db')
})

/** Makes statements fail: `many` in a row, from number `next` on. */
class Faults {
  #left = Infinity
  #many = 0
  hit = false

  arm(next: number, many = 1): void {
    this.#left = next
    this.#many = many
    this.hit = false
  }

  disarm(): void {
    this.#left = Infinity
  }

  statement(code: string): void {
    if (this.#left-- > 0) return
    if (--this.#many === 0) this.#left = Infinity
    else this.#left = 0
    this.hit = true
    throw new Database.SqliteError(`injected ${code}`, code)
  }
}

/** A commit with something of every kind; its samples are numbered from `first`. */
function everything(first: number) {
  const gap = { run: 'a', file: '/runs/a/train.log', offset: 100, bytes: null, reason: 'the file was truncated' }
  const reject = { run: 'a', file: gap.file, offset: 50, reason: 'broken-json', detail: 'no value', excerpt: '{"a":' }
  const transition = { kind: 'firing', alert: alert(), isNews: true } as const
  return commit({
    runs: [run('a')],
    files: [
      fileUpdate(
        { cursor: cursor(first * 100) },
        {
          samples: [sample(first, 1), sample(first + 1, NaN)],
          moves: [{ metric: 'loss', ordinal: first, attempt: 1 }],
          batches: [hopelessBatch(first)],
          rejects: [reject],
        },
      ),
    ],
    transitions: [transition],
    gaps: [gap],
    entries: [{ type: 'gap', gap }],
    owed: [{ key: `k${first}`, sink: 'hook', transition }],
    scannedRoots: ['/runs'],
  })
}

function picture(reader: SqlReader) {
  return TABLES.map((table) => [...reader.query(`SELECT * FROM ${table}`).rows()])
}

describe('a statement that fails', () => {
  for (const code of CODES) {
    for (const many of [1, 2, 3]) {
      test(`with ${code}, ${many} in a row, leaves the store as it was, whichever of a commit it is`, async () => {
        const faults = new Faults()
        const store = sqliteStore(path, { onStatement: () => faults.statement(code) })
        const reader = sqliteReader(path)
        onTestFinished(async () => {
          await reader.close()
          await store.close()
        })
        await store.commit(everything(0))
        const before = picture(reader)
        let statements = 0
        for (; statements < 500; statements++) {
          faults.arm(statements, many)
          const failed = await store.commit(everything(2)).then(
            () => null,
            (error: unknown) => error,
          )
          faults.disarm()
          if (failed === null) break
          expect(failed).toBeInstanceOf(StoreError)
          expect(picture(reader)).toEqual(before)
        }
        // Each insert and update, BEGIN, COMMIT, and the pragma before them.
        expect(statements).toBeGreaterThan(15)
        expect(await reader.series()).toMatchObject([{ samples: 4, nonFinite: 2 }])
        expect(picture(reader)).not.toEqual(before)
      })
    }
  }

  test('while the store opens gives the lock back, and the next one opens', async () => {
    const faults = new Faults()
    const open = () => sqliteStore(path, { onStatement: () => faults.statement('SQLITE_IOERR') })
    let statements = 0
    for (; statements < 500; statements++) {
      faults.arm(statements)
      try {
        const store = open()
        faults.disarm()
        await store.close()
        break
      } catch (error) {
        expect(error).toBeInstanceOf(StoreError)
      }
    }
    expect(statements).toBeGreaterThan(15)
    await sqliteStore(path).close()
  })
})

test('a daemon goes on after any statement that fails: nothing is lost, and nothing is there twice', async () => {
  const log = join(folder, 'runs', 'job', 'metrics.jsonl')
  mkdirSync(dirname(log), { recursive: true })
  writeFileSync(
    log,
    `${[
      '{"step": 0, "loss": 1}',
      '{"step": 1, "loss": NaN}',
      '{"step": 2, "loss":',
      '{"step": 3, "probs": [[0.1, 0.9]], "labels": [0]}',
    ].join('\n')}\n`,
  )
  const readWith = async (database: string, faults: Faults, code: string) => {
    const store = sqliteStore(database, { onStatement: () => faults.statement(code) })
    const end = await follow({ root: join(folder, 'runs'), store, fileEvents: noFileEvents(), sweepMs: 2 })
    await vi.waitFor(() => expect(offsetIn(database)).toBe(statSync(log).size), { timeout: 10_000, interval: 2 })
    await end()
    faults.disarm()
    await store.close()
  }
  const calm = join(folder, 'calm.db')
  await readWith(calm, new Faults(), '')

  const empty = join(folder, 'empty.db')
  await sqliteStore(empty).close()
  let statements = 0
  for (let isHit = true; isHit; statements++) {
    const database = join(folder, 'fault.db')
    copyFileSync(empty, database)
    const faults = new Faults()
    faults.arm(OPENING + statements)
    await readWith(database, faults, CODES[statements % CODES.length]!)
    isHit = faults.hit
    expect(countDifferences(database, calm)).toBe(0)
  }
  expect(statements).toBeGreaterThan(30)
}, 120_000)

/** More statements than opening an existing database takes. */
const OPENING = 20

function offsetIn(database: string): unknown {
  const db = new Database(database, { readonly: true })
  try {
    return db.prepare("SELECT json_extract(cursor, '$.offset') FROM files").pluck().get()
  } finally {
    db.close()
  }
}
