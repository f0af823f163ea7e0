import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import type { PlacedSample } from '../../../src/core/pipeline/commit.ts'
import { sqliteReader } from '../../../src/store/sqlite/sqlite-reader.ts'
import { sqliteStore } from '../../../src/store/sqlite/sqlite-store.ts'
import { tempFolder } from '../../temp-folder.ts'
import { commit, fileUpdate, run, sample } from '../commits.ts'

const SAMPLES =
  'SELECT series_id, ordinal, attempt, step, value, kind, raw, offset, time_ms, epoch FROM samples ORDER BY 1, 2'
const PYTHON = spawnSync('python3', ['-c', 'import sqlite3']).status === 0

/** A database with a series of all kinds of values and steps, and what was written to it. */
async function written(): Promise<{ readonly path: string; readonly samples: readonly PlacedSample[] }> {
  const path = join(await tempFolder(), 'nanwatch.db')
  const doubles = fc.sample(fc.oneof({ weight: 9, arbitrary: fc.double() }, fc.constantFrom(NaN, -0, 5e-324)), {
    numRuns: 700,
    seed: 11,
  })
  const samples = doubles.map((value, i) =>
    sample(i, value, {
      attempt: i < 300 ? 0 : 1,
      step: i < 256 ? (i % 9 === 0 ? null : i) : i < 512 ? i * 10 : i * i * i,
      offset: i < 600 ? i * 80 + (i % 5) * 300 : 2 ** 53 - 1 - i,
      timeMs: i < 400 ? null : 1.7e12 + i * 1000 + ((i * i) % 70_000),
      epoch: i < 256 ? null : i < 512 ? i / 100 : i / 3,
    }),
  )
  const store = sqliteStore(path)
  const files = [fileUpdate({ path: '/runs/a', run: 'a' }, { samples })]
  await store.commit(commit({ runs: [run('a')], files }))
  await store.close()
  return { path, samples }
}

function rowOf({ ordinal, attempt, step, value, raw, offset, timeMs, epoch }: PlacedSample): unknown[] {
  const kind = ['NaN', 'Infinity', '-Infinity'].indexOf(String(value)) + 1
  return [1, ordinal, attempt, step, kind === 0 ? value : null, kind, raw, offset, timeMs, epoch]
}

test('the view gives each sample as it was written, in plain SQL', async () => {
  const { path, samples } = await written()
  const db = new Database(path, { readonly: true })
  onTestFinished(() => void db.close())
  expect(db.prepare(SAMPLES).raw().all()).toEqual(samples.map(rowOf))
})

test('so does the faster one of a reader, in which whole numbers are integers', async () => {
  const { path, samples } = await written()
  const reader = sqliteReader(path)
  onTestFinished(() => reader.close())
  expect([...reader.query(SAMPLES).rows()]).toEqual(samples.map(rowOf))
  const types =
    'SELECT DISTINCT typeof(ordinal), typeof(step), typeof(value), typeof(kind), typeof(offset), typeof(time_ms) FROM samples'
  expect([...reader.query(`${types} WHERE ordinal BETWEEN 400 AND 500`).rows()].sort()).toEqual([
    ['integer', 'integer', 'null', 'integer', 'integer', 'integer'],
    ['integer', 'integer', 'real', 'integer', 'integer', 'integer'],
  ])
})

test.skipIf(!PYTHON)('another program reads it (needs python3 with sqlite3)', async () => {
  const { path, samples } = await written()
  const script = `import json, sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall()
print(json.dumps(rows))`
  const { stdout, stderr } = spawnSync('python3', ['-c', script, path, SAMPLES], { encoding: 'utf8', maxBuffer: 1e9 })
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual(samples.map(rowOf))
})
