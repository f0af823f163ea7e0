import { copyFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { DATABASE_START, type DatabaseCursor, type DatabaseReader, openDatabase } from '../../src/tail/database-read.ts'
import { brief } from '../core/formats/lines.ts'
import { tempFolder } from '../temp-folder.ts'
import { addRun, createMlflow, createTrackio, logMetrics, logToTrackio } from './tracker-databases.ts'

function open(path: string): DatabaseReader {
  const opening = openDatabase(path)
  if (opening.kind !== 'open') throw new Error(JSON.stringify(opening))
  onTestFinished(() => opening.reader[Symbol.dispose]())
  return opening.reader
}

/** All that a run holds after a cursor, in short, and where reading stopped. */
function readAll(reader: DatabaseReader, run: string, from: DatabaseCursor = DATABASE_START, limit?: number) {
  const records: string[] = []
  let cursor = from
  let isAnew = false
  for (let hasMore = true; hasMore; ) {
    const page = reader.page(run, cursor, limit)
    for (const { result } of page.results) {
      if (result.kind === 'records') records.push(...result.records.map(brief))
      if (result.kind === 'reject') records.push(`${result.reason}: ${result.detail}`)
    }
    cursor = page.cursor
    isAnew ||= page.isAnew
    hasMore = page.hasMore
  }
  return { records, cursor, isAnew }
}

describe('a database of MLflow', () => {
  test('gives each run the values that were logged together, NaN and infinities among them', async () => {
    const path = join(await tempFolder(), 'mlflow.db')
    const db = createMlflow(path)
    addRun(db, 'a1', 'brave-cat-7')
    addRun(db, 'b2', '')
    addRun(db, 'c3', 'gone', 'deleted')
    logMetrics(db, { run: 'a1', step: 0, metrics: { loss: 2.5, grad_norm: 1.5 } })
    logMetrics(db, { run: 'b2', step: 0, metrics: { loss: 9 } })
    logMetrics(db, { run: 'a1', step: 1, metrics: { loss: Number.NaN, grad_norm: Infinity, margin: -Infinity } })
    db.close()

    const reader = open(path)
    expect(reader.runs()).toEqual([
      { key: 'a1', name: 'Default/brave-cat-7' },
      { key: 'b2', name: 'Default/b2' },
    ])
    expect(readAll(reader, 'a1').records).toEqual([
      'step 0 loss=2.5 grad_norm=1.5',
      'step 1 loss=NaN grad_norm=Infinity margin=-Infinity',
    ])
    const page = reader.page('a1', DATABASE_START)
    expect(page.results.map(({ offset }) => offset)).toEqual([1, 4])
    const [, second] = page.results
    const [record] = second?.result.kind === 'records' ? second.result.records : []
    expect(record).toMatchObject({
      time: '2026-01-01T10:00:00.001Z',
      scalars: [
        { metric: 'loss', role: 'train_loss', raw: 'is_nan' },
        { metric: 'grad_norm', role: 'grad_norm', raw: '1.7976931348623157e+308' },
        { metric: 'margin', raw: '-1.7976931348623157e+308' },
      ],
    })
  })

  test('gives the same records in pages of any size, while it is written', async () => {
    const path = join(await tempFolder(), 'mlflow.db')
    const db = createMlflow(path)
    onTestFinished(() => void db.close())
    addRun(db, 'a', 'a')
    addRun(db, 'b', 'b')
    const reader = open(path)
    const expected: string[] = []
    const cursors = new Map([3, 4, 7, 2000].map((limit) => [limit, DATABASE_START]))
    const seen = new Map([...cursors.keys()].map((limit) => [limit, [] as string[]]))
    for (let step = 0; step < 40; step++) {
      logMetrics(db, { run: 'b', step, metrics: { loss: 1 } })
      if (step % 3 === 2) continue
      logMetrics(db, { run: 'a', step, metrics: { loss: step / 2, lr: 0.5 } })
      expected.push(`step ${step} loss=${step / 2} lr=0.5`)
      if (step % 5 !== 0) continue
      for (const [limit, cursor] of cursors) {
        const { records, cursor: next } = readAll(reader, 'a', cursor, limit)
        seen.get(limit)!.push(...records)
        cursors.set(limit, next)
      }
    }
    for (const [limit, cursor] of cursors) {
      expect([...seen.get(limit)!, ...readAll(reader, 'a', cursor, limit).records]).toEqual(expected)
    }
  })

  test('from which another run was deleted goes on, and one that was made anew begins again', async () => {
    const folder = await tempFolder()
    const path = join(folder, 'mlflow.db')
    const db = createMlflow(path)
    onTestFinished(() => void db.close())
    addRun(db, 'a', 'a')
    addRun(db, 'b', 'b')
    logMetrics(db, { run: 'a', step: 0, metrics: { loss: 3 } })
    logMetrics(db, { run: 'b', step: 0, metrics: { loss: 9 } })
    const reader = open(path)
    const first = readAll(reader, 'a')

    db.exec("DELETE FROM metrics WHERE run_uuid = 'b'")
    const second = readAll(reader, 'a', first.cursor)
    expect(second).toMatchObject({ records: [], isAnew: false })
    logMetrics(db, { run: 'a', step: 1, metrics: { loss: 2 } })
    const third = readAll(reader, 'a', second.cursor)
    expect(third).toMatchObject({ records: ['step 1 loss=2'], isAnew: false })

    db.exec('DELETE FROM metrics')
    logMetrics(db, { run: 'a', step: 0, metrics: { loss: 4 } })
    logMetrics(db, { run: 'a', step: 1, metrics: { loss: 5 } })
    expect(readAll(reader, 'a', third.cursor)).toMatchObject({
      records: ['step 0 loss=4', 'step 1 loss=5'],
      isAnew: true,
    })
  })
})

describe('a database of Trackio', () => {
  test('gives a record per step, whatever its JSON holds', async () => {
    const path = join(await tempFolder(), 'project.db')
    const db = createTrackio(path)
    logToTrackio(db, 'run-1', 0, '{"loss": 2.5, "grad_norm": "Infinity"}')
    logToTrackio(db, 'run-2', 0, '{"loss": 1}')
    logToTrackio(db, 'run-1', 1, '{"loss": "NaN", "val": {"loss": NaN}, "step": 900, "note": "x"}')
    logToTrackio(db, 'run-1', 2, '{"loss": ')
    db.close()

    const reader = open(path)
    expect(reader.runs().map(({ key }) => key)).toEqual(['run-1', 'run-2'])
    expect(readAll(reader, 'run-1').records).toEqual([
      'step 0 loss=2.5 grad_norm=Infinity',
      'step 1 loss=NaN val/loss=NaN',
      'broken-json: character 9: expected a value, found the end',
    ])
  })

  test('that nobody has open is read without a file being left beside it', async () => {
    const folder = await tempFolder()
    const path = join(folder, 'project.db')
    const db = createTrackio(path)
    logToTrackio(db, 'run', 0, '{"loss": 2.5}')
    db.close()
    expect(readdirSync(folder)).toEqual(['project.db'])
    const reader = open(path)
    expect(readAll(reader, 'run').records).toEqual(['step 0 loss=2.5'])
    expect(readdirSync(folder)).toEqual(['project.db'])
  })

  test('that is being written is read with what its write-ahead log holds', async () => {
    const path = join(await tempFolder(), 'project.db')
    const db = createTrackio(path)
    onTestFinished(() => void db.close())
    logToTrackio(db, 'run', 0, '{"loss": 2.5}')
    const reader = open(path)
    const { records, cursor } = readAll(reader, 'run')
    expect(records).toEqual(['step 0 loss=2.5'])
    logToTrackio(db, 'run', 1, '{"loss": NaN}')
    expect(readAll(reader, 'run', cursor).records).toEqual(['step 1 loss=NaN'])
  })

  test('whose writer was killed is read with what its write-ahead log holds', async () => {
    const folder = await tempFolder()
    const db = createTrackio(join(folder, 'live.db'))
    onTestFinished(() => void db.close())
    logToTrackio(db, 'run', 0, '{"loss": NaN}')
    for (const ending of ['', '-wal']) copyFileSync(join(folder, `live.db${ending}`), join(folder, `dead.db${ending}`))
    expect(readAll(open(join(folder, 'dead.db')), 'run').records).toEqual(['step 0 loss=NaN'])
  })
})

describe('what is no such database', () => {
  test('is told apart: a store of another program, a text, a folder of Aim', async () => {
    const folder = await tempFolder()
    const other = new Sqlite(join(folder, 'other.db'))
    other.exec('CREATE TABLE metrics (id INTEGER, name TEXT)')
    other.close()
    writeFileSync(join(folder, 'text.db'), 'step 1 loss 2\n')
    const aim = new Sqlite(join(folder, 'run_metadata.sqlite'))
    aim.exec('CREATE TABLE run (id INTEGER, hash TEXT, experiment_id INTEGER); CREATE TABLE run_tag (run_id INTEGER)')
    aim.close()

    expect(openDatabase(join(folder, 'other.db'))).toEqual({ kind: 'unknown' })
    expect(openDatabase(join(folder, 'text.db'))).toEqual({ kind: 'unknown' })
    expect(openDatabase(join(folder, 'run_metadata.sqlite'))).toMatchObject({
      kind: 'refused',
      name: 'aim',
      advice: expect.stringMatching(/RocksDB.*export/),
    })
  })

  test('or cannot be read now is said to be unreadable, and never created', async () => {
    const folder = await tempFolder()
    const path = join(folder, 'mlflow.db')
    const db = createMlflow(path)
    onTestFinished(() => void db.close())
    db.exec('BEGIN EXCLUSIVE')
    expect(openDatabase(path)).toMatchObject({ kind: 'unreadable', reason: expect.stringMatching(/locked/) })
    db.exec('COMMIT')
    expect(openDatabase(join(folder, 'none.db'))).toMatchObject({ kind: 'unreadable' })
    writeFileSync(join(folder, 'torn.db'), Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4096, 7)]))
    expect(openDatabase(join(folder, 'torn.db'))).toMatchObject({ kind: 'unreadable' })
    expect(readdirSync(folder).sort()).toEqual(['mlflow.db', 'torn.db'])
  })

  test('changes nothing in a database that it reads', async () => {
    const path = join(await tempFolder(), 'mlflow.db')
    const db = createMlflow(path)
    onTestFinished(() => void db.close())
    addRun(db, 'a', 'a')
    logMetrics(db, { run: 'a', step: 0, metrics: { loss: 3 } })
    const reader = open(path)
    readAll(reader, 'a')
    // A reader that held a lock on would keep the writer out.
    db.pragma('busy_timeout = 0')
    logMetrics(db, { run: 'a', step: 1, metrics: { loss: 2 } })
    expect(db.prepare('SELECT count(*) FROM metrics').pluck().get()).toBe(2)
  })
})
