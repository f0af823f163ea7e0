import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Commit } from '../../src/core/pipeline/commit.ts'
import { encodeJson } from '../../src/protocol/json.ts'
import { type SqliteStore, sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { addRun, createMlflow, logMetrics } from '../tail/tracker-databases.ts'
import { tempFolder } from '../temp-folder.ts'
import { follow, noFileEvents } from './following.ts'

const SWEEP_MS = 20
const WITHIN = { timeout: 10_000, interval: 20 }

let folder: string
let root: string
let database: string
let store: SqliteStore
let stop: (() => Promise<void>) | null
let commits: Commit[]

beforeEach(async () => {
  folder = await tempFolder()
  root = join(folder, 'runs')
  mkdirSync(root)
  database = join(folder, 'nanwatch.db')
  stop = null
  commits = []
})

afterEach(() => end())

async function start(): Promise<void> {
  store = sqliteStore(database)
  stop = await follow({
    root,
    store,
    fileEvents: noFileEvents(),
    sweepMs: SWEEP_MS,
    onCommit: (commit) => commits.push(commit),
  })
}

async function end(): Promise<void> {
  if (stop === null) return
  await stop()
  await store.close()
  stop = null
}

/** What is stored: the steps and values of each metric, by run. */
function stored(): Readonly<Record<string, readonly string[]>> {
  const db = new Sqlite(database, { readonly: true })
  try {
    const rows = db
      .prepare<[], { run: string; metric: string; step: number; value: number | null; kind: number }>(
        `SELECT runs.name AS run, metric, step, value, kind
         FROM samples JOIN series ON series.id = series_id JOIN files ON files.id = file_id JOIN runs ON runs.id = run_id
         WHERE role LIKE '%loss' OR metric = 'nanwatch/cross_entropy' ORDER BY run, metric, ordinal`,
      )
      .all()
    const found: Record<string, string[]> = {}
    for (const { run, metric, step, value, kind } of rows) {
      const key = `${run} ${metric}`
      found[key] ??= []
      found[key].push(`${step}: ${['', 'NaN', 'Infinity', '-Infinity'][kind] || value}`)
    }
    return found
  } finally {
    db.close()
  }
}

describe('a dump with a file for each step', () => {
  const dumpOf = (step: number, p: number) => {
    const path = join(root, 'job', 'preds', `step_${step}.jsonl`)
    mkdirSync(join(root, 'job', 'preds'), { recursive: true })
    writeFileSync(`${path}.part`, `${encodeJson({ step, probs: [[1 - p, p]], labels: [1] })}\n`)
    renameSync(`${path}.part`, path)
  }

  test('is one series of one run, in the order of its numbers, whatever the daemon goes through', async () => {
    writeFileSync(join(root, 'stdout.log'), 'hello\n')
    dumpOf(9, 0.5)
    dumpOf(10, 0.25)
    await start()
    await vi.waitFor(() => expect(stored()['job nanwatch/cross_entropy']?.length).toBe(2), WITHIN)
    await end()
    dumpOf(11, 1)
    await start()
    await vi.waitFor(() => expect(stored()['job nanwatch/cross_entropy']?.length).toBe(3), WITHIN)
    dumpOf(100, 0)
    await vi.waitFor(() => expect(stored()['job nanwatch/cross_entropy']?.length).toBe(4), WITHIN)
    expect(stored()).toEqual({
      'job nanwatch/cross_entropy': [`9: ${-Math.log(0.5)}`, `10: ${-Math.log(0.25)}`, '11: 0', '100: Infinity'],
    })
  })
})

describe("a tracker's database", () => {
  test('is followed run by run, and what was there before is no news', async () => {
    const path = join(root, 'mlflow.db')
    const db = createMlflow(path, 'wal')
    addRun(db, 'aa', 'old-run')
    logMetrics(db, { run: 'aa', step: 1, metrics: { loss: Number.NaN } })
    await start()
    await vi.waitFor(() => expect(stored()['Default/old-run loss']?.length).toBe(1), WITHIN)
    addRun(db, 'bb', 'new-run')
    logMetrics(db, { run: 'bb', step: 1, metrics: { loss: 0.5 } })
    logMetrics(db, { run: 'bb', step: 2, metrics: { loss: Number.POSITIVE_INFINITY } })
    await vi.waitFor(() => expect(stored()['Default/new-run loss']?.length).toBe(2), WITHIN)
    await end()
    logMetrics(db, { run: 'bb', step: 3, metrics: { loss: Number.NaN } })
    db.close()
    await start()
    await vi.waitFor(() => expect(stored()['Default/new-run loss']?.length).toBe(3), WITHIN)
    expect(stored()).toEqual({
      'Default/old-run loss': ['1: NaN'],
      'Default/new-run loss': ['1: 0.5', '2: Infinity', '3: NaN'],
    })
    const news = commits.flatMap(({ entries }) =>
      entries.flatMap((e) => (e.type === 'alert' && e.isNews ? [e.alert] : [])),
    )
    expect(news).toMatchObject([{ run: 'Default/new-run', rule: 'non-finite', step: 2, offset: null }])
  })
})

describe('a file that is rewritten whole', () => {
  const write = (losses: readonly (number | string)[]) => {
    const history = losses.map((loss, i) => ({ epoch: i / 10, loss, step: i + 1 }))
    const text = encodeJson({ global_step: losses.length, log_history: history, max_steps: 9 })
    writeFileSync(join(root, 'trainer_state.json'), text.replaceAll('"NaN"', 'NaN').replaceAll(',', ',\n '))
  }

  test('gives each point once, and one that comes later is news though the file is old', async () => {
    write([3, 2])
    await start()
    await vi.waitFor(() => expect(stored()['trainer_state.json loss']?.length).toBe(2), WITHIN)
    writeFileSync(join(root, 'trainer_state.json'), '{\n "global_step": 3,\n "log_h')
    write([3, 2, 1, 'NaN'])
    await vi.waitFor(() => expect(stored()['trainer_state.json loss']?.length).toBe(4), WITHIN)
    await end()
    write([3, 2, 1, 'NaN', 'NaN'])
    await start()
    await vi.waitFor(() => expect(stored()['trainer_state.json loss']?.length).toBe(5), WITHIN)
    expect(stored()).toEqual({ 'trainer_state.json loss': ['1: 3', '2: 2', '3: 1', '4: NaN', '5: NaN'] })
    const alerts = commits.flatMap(({ entries }) => entries.filter((entry) => entry.type === 'alert'))
    expect(alerts).toMatchObject([{ isNews: true, alert: { rule: 'non-finite', step: 4, backfill: false } }])
  })

  test('by renaming another over it goes on as well', async () => {
    write([3, 2])
    await start()
    await vi.waitFor(() => expect(stored()['trainer_state.json loss']?.length).toBe(2), WITHIN)
    copyFileSync(join(root, 'trainer_state.json'), join(folder, 'old'))
    write([3, 2, 1])
    const text = readFileSync(join(root, 'trainer_state.json'))
    writeFileSync(join(folder, 'next'), text)
    renameSync(join(folder, 'next'), join(root, 'trainer_state.json'))
    await vi.waitFor(() => expect(stored()['trainer_state.json loss']?.length).toBe(3), WITHIN)
    expect(stored()).toEqual({ 'trainer_state.json loss': ['1: 3', '2: 2', '3: 1'] })
  })
})
