import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { checkConfig } from '../../src/config/read-config.ts'
import { runDaemon } from '../../src/daemon/daemon.ts'
import { daemonStore } from '../../src/daemon/daemon-store.ts'
import type { DaemonEvent } from '../../src/daemon/event.ts'
import type { SqlReader } from '../../src/store/sqlite/sql-reader.ts'
import { sqliteReader } from '../../src/store/sqlite/sqlite-reader.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { losses } from '../store/commits.ts'
import { tempFolder } from '../temp-folder.ts'

let root: string
let database: string

beforeEach(async () => {
  const folder = await tempFolder()
  root = join(folder, 'runs')
  database = join(folder, 'nanwatch.db')
  await mkdir(join(root, 'job'), { recursive: true })
})

/** A reader of what a daemon in this process stores. */
async function watched(): Promise<SqlReader> {
  const events: DaemonEvent[] = []
  const stop = new AbortController()
  const config = checkConfig({ port: 0, sweepMs: 50 }, 'test')
  const options = {
    config,
    roots: [root],
    database: daemonStore(database, config.retention),
    version: '0',
    dashboard: root,
  }
  const ended = runDaemon({ ...options, onEvent: (event) => events.push(event) }, stop.signal)
  onTestFinished(async () => {
    stop.abort()
    await ended
  })
  await eventually(() => expect(events).toMatchObject([{ type: 'ready' }]))
  const reader = sqliteReader(database)
  onTestFinished(() => reader.close())
  return reader
}

function eventually<T>(check: () => T): Promise<T> {
  return vi.waitFor(check, { timeout: 10_000, interval: 5 })
}

async function lossesOf(reader: SqlReader): Promise<unknown[]> {
  const pages = (await reader.series()).map(({ id }) => reader.samples(id, -1, 100_000))
  return (await Promise.all(pages)).flatMap((page) => page?.value ?? [])
}

test('lines that wait for their dialect are read when their file is rotated or truncated', async () => {
  const reader = await watched()
  const path = join(root, 'job', 'train.log')
  // One line is a hint and no proof: it waits for a second opinion.
  await writeFile(path, 'loss: 1\n')
  const lives = reader.query("SELECT json_extract(cursor, '$.generation') FROM files")
  await eventually(() => expect([...lives.rows()]).toEqual([[0]]))
  expect(await lossesOf(reader)).toEqual([])

  await rename(path, `${path}.1`)
  await writeFile(path, 'loss: 2\n')
  await eventually(() => expect([...lives.rows()]).toEqual([[1]]))
  expect(await lossesOf(reader)).toEqual([1])
  await writeFile(path, 'loss: 33\nloss: 44\nloss: 55\n')
  await eventually(async () => expect(await lossesOf(reader)).toEqual([1, 2, 33, 44, 55]))
})

test('status says of each root how it is kept up with, and why', async () => {
  const reader = await watched()
  const answer = await fetch(`${(await reader.daemon())?.url}/api/status`)
  expect(await answer.json()).toMatchObject({
    roots: [root],
    watching: [{ root, mode: expect.stringMatching(/^(events|polling)$/), reason: expect.any(String) }],
  })
})

test('a sample that was changed on the disk is found, and the daemon goes on with a back-up', async () => {
  const store = sqliteStore(database)
  await store.commit(losses([1, 2, 3]))
  await store.upkeep(Date.now())
  await store.close()
  const other = new Database(database)
  other.exec('UPDATE chunks SET step_base = 7')
  other.close()

  const events: DaemonEvent[] = []
  const stop = new AbortController()
  const config = checkConfig({ port: 0, sweepMs: 50 }, 'test')
  const options = {
    config,
    roots: [root],
    database: daemonStore(database, config.retention),
    version: '0',
    dashboard: root,
  }
  const ended = runDaemon({ ...options, onEvent: (event) => events.push(event) }, stop.signal)
  await eventually(() => expect(events.filter(({ type }) => type === 'ready')).toHaveLength(2))
  stop.abort()
  await ended
  expect(events.flatMap((event) => (event.type === 'error' ? [event.reason] : []))).toEqual([
    expect.stringContaining('are not what was written'),
    expect.stringContaining('took its place'),
  ])
  const reader = sqliteReader(database)
  onTestFinished(() => reader.close())
  expect(await lossesOf(reader)).toEqual([1, 2, 3])
})
