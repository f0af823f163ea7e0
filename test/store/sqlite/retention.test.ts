import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import type { RunState } from '../../../src/protocol/run.ts'
import type { Retention } from '../../../src/store/sqlite/retention.ts'
import type { SqlReader } from '../../../src/store/sqlite/sql-reader.ts'
import { sqliteReader } from '../../../src/store/sqlite/sqlite-reader.ts'
import { type SqliteStore, sqliteStore } from '../../../src/store/sqlite/sqlite-store.ts'
import type { Store } from '../../../src/store/store.ts'
import { tempFolder } from '../../temp-folder.ts'
import { commit, fileUpdate, run, sample } from '../commits.ts'

const DAY_MS = 86_400_000
const NOW_MS = Date.parse('2026-03-20T12:00:00.000Z')
const SAMPLES = 12_000

let path: string

beforeEach(async () => {
  path = join(await tempFolder(), 'nanwatch.db')
})

async function opened(retention: Retention): Promise<{ readonly store: SqliteStore; readonly reader: SqlReader }> {
  const store = sqliteStore(path, { retention })
  const reader = sqliteReader(path)
  onTestFinished(async () => {
    await reader.close()
    await store.close()
  })
  return { store, reader }
}

/** A run that wrote last so many days ago. Its samples 0, 5,000 and 11,999 are not finite. */
async function job(store: Store, name: string, daysAgo: number, state: RunState = 'finished'): Promise<void> {
  const readAt = new Date(NOW_MS - daysAgo * DAY_MS).toISOString()
  const samples = Array.from({ length: SAMPLES }, (_, i) =>
    sample(i, i === 0 ? Infinity : i === 5000 || i === SAMPLES - 1 ? NaN : i === 6000 ? 1e6 : Math.cos(i)),
  )
  const files = [fileUpdate({ path: `/runs/${name}`, run: name }, { samples })]
  await store.commit(commit({ runs: [run(name, { state, readAt })], files }))
}

function keptRows(reader: SqlReader, name: string): number {
  const sql = `SELECT count(*) FROM samples JOIN series ON series.id = series_id
    JOIN files ON files.id = file_id JOIN runs ON runs.id = run_id WHERE runs.name = '${name}'`
  return Number([...reader.query(sql).rows()][0]![0])
}

/** The newest bucket begins at 11,776; two of the older samples are not finite. */
const LEFT = SAMPLES - 11_776 + 2

test('nothing is dropped unless it is asked for', async () => {
  const { store, reader } = await opened({ rawDays: null, rawSamples: null })
  await job(store, 'old', 1000)
  await store.upkeep(NOW_MS)
  expect(keptRows(reader, 'old')).toBe(SAMPLES)
})

test('after some days of silence the rows go, but not those of a run that goes on', async () => {
  const { store, reader } = await opened({ rawDays: 7, rawSamples: null })
  await job(store, 'over', 8)
  await job(store, 'recent', 6)
  await job(store, 'failed', 8, 'failed')
  await job(store, 'running', 8, 'running')
  await store.upkeep(NOW_MS)
  expect(['over', 'recent', 'failed', 'running'].map((name) => keptRows(reader, name))).toEqual([
    LEFT,
    SAMPLES,
    LEFT,
    SAMPLES,
  ])
})

test('what was dropped leaves its extremes and every non-finite value', async () => {
  const { store, reader } = await opened({ rawDays: 7, rawSamples: null })
  await job(store, 'over', 8)
  const before = [...reader.query('SELECT * FROM rollups').rows()]
  await store.upkeep(NOW_MS)
  expect([...reader.query('SELECT * FROM rollups').rows()]).toEqual(before)
  expect(await reader.series('over')).toMatchObject([{ samples: SAMPLES, nonFinite: 3, keptFrom: 11_776 }])
  const answer = (await reader.envelope(1, 1000))!
  expect(Math.max(...answer.max.map(Number))).toBe(1e6)
  expect(answer.ordinal[0]).toBe(0)
  expect(answer.lastOrdinal).toBe(SAMPLES - 1)
  expect(answer.nonFinite.map(({ ordinal, value }) => [ordinal, value])).toEqual([
    [0, 'Infinity'],
    [5000, 'NaN'],
    [11_999, 'NaN'],
  ])
})

test('a run that is resumed after its rows were dropped goes on, and its last sample can still be moved', async () => {
  const { store, reader } = await opened({ rawDays: 7, rawSamples: null })
  await job(store, 'over', 8)
  await store.upkeep(NOW_MS)
  const moves = [{ metric: 'loss', ordinal: SAMPLES - 1, attempt: 1 }]
  const files = [
    fileUpdate({ path: '/runs/over', run: 'over' }, { samples: [sample(SAMPLES, 1, { attempt: 1 })], moves }),
  ]
  await store.commit(commit({ runs: [run('over')], files }))
  const answer = (await reader.envelope(1, 1000))!
  expect(answer.attempt.slice(-2)).toEqual([0, 1])
  expect(answer.ordinal.at(-1)).toBe(SAMPLES - 1)
})

test('above a number of rows the runs that wrote last longest ago give theirs, and no run that goes on', async () => {
  const { store, reader } = await opened({ rawDays: null, rawSamples: 2.5 * SAMPLES })
  await job(store, 'newer', 2)
  await job(store, 'oldest', 9)
  await job(store, 'middle', 5)
  await job(store, 'running', 20, 'running')
  await store.upkeep(NOW_MS)
  expect(keptRows(reader, 'oldest')).toBe(LEFT)
  expect(keptRows(reader, 'newer')).toBe(SAMPLES)
  expect(keptRows(reader, 'running')).toBe(SAMPLES)
  const kept = Number([...reader.query('SELECT sum(samples - kept_from) FROM series').rows()][0]![0])
  expect(kept).toBeLessThanOrEqual(2.5 * SAMPLES)
})

test('above a number of rows a run that failed within the hour gives none, for it may go on', async () => {
  const { store, reader } = await opened({ rawDays: null, rawSamples: 1 })
  await job(store, 'just-failed', 59 / 60 / 24, 'failed')
  await job(store, 'failed-before', 61 / 60 / 24, 'failed')
  await store.upkeep(NOW_MS)
  expect(keptRows(reader, 'failed-before')).toBe(LEFT)
  expect(keptRows(reader, 'just-failed')).toBe(SAMPLES)
})

test('no transaction deletes more than 5,120 rows, and commits go between', async () => {
  let deletions = 0
  const store = sqliteStore(path, {
    retention: { rawDays: 7, rawSamples: null },
    onStatement: (sql) => {
      if (sql.startsWith('UPDATE chunks SET')) deletions++
    },
  })
  onTestFinished(() => store.close())
  await job(store, 'over', 8)
  const done = store.upkeep(NOW_MS)
  await job(store, 'between', 0, 'running')
  await done
  expect(deletions).toBe(Math.ceil(11_776 / 5120))
})
