import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { BUILT_IN } from '../../../src/core/formats/format-set.ts'
import type { Commit } from '../../../src/core/pipeline/commit.ts'
import { Intake } from '../../../src/daemon/poll/intake.ts'
import type { SqlReader } from '../../../src/store/sqlite/sql-reader.ts'
import { sqliteReader } from '../../../src/store/sqlite/sqlite-reader.ts'
import { type SqliteStore, sqliteStore } from '../../../src/store/sqlite/sqlite-store.ts'
import { type FileEvents, watchFiles } from '../../../src/tail/file-events.ts'
import { WatchModes } from '../../../src/tail/watch-modes.ts'
import { tempFolder } from '../../temp-folder.ts'

let root: string
let told: string[]
let store: SqliteStore
let reader: SqlReader
let stored: (commit: Commit) => Promise<number>
let unsaved: string[]
let ahead: number[]

beforeEach(async () => {
  const folder = await tempFolder()
  root = join(folder, 'runs')
  await mkdir(root)
  const path = join(folder, 'nanwatch.db')
  const real = sqliteStore(path)
  reader = sqliteReader(path)
  stored = (commit) => real.commit(commit)
  store = { ...real, commit: (commit) => stored(commit) }
  unsaved = []
  ahead = []
  told = []
  onTestFinished(async () => {
    await reader.close()
    await real.close()
  })
})

/** A daemon; one that `neverScans` lists its folders at its start only. */
async function running(neverScans = false): Promise<Intake & { stop(): Promise<void> }> {
  const modes = new WatchModes([{ root, mode: 'events', reason: 'a test' }])
  const real = watchFiles(modes, () => undefined)
  const fileEvents: FileEvents = { ...real, takeFoldersChanged: () => real.takeFoldersChanged() && !neverScans }
  const intake = await Intake.open({
    roots: [root],
    exclude: [],
    sweepMs: neverScans ? 600_000 : 50,
    idleAfterMs: 600_000,
    rules: { epsilon: 1e-10, detectors: {}, formats: BUILT_IN },
    sinks: [],
    store,
    care: store,
    fileEvents,
    onCommit: () => undefined,
    onUnsaved: (_commit, error) => unsaved.push((error as Error).message),
    onReadAhead: (commit) => ahead.push(...commit.transitions.map(({ alert }) => alert.step ?? -1)),
    onProblem: (path, reason) => told.push(`${basename(path)}: ${reason.split(':')[0]}`),
    onRecovered: (path) => told.push(`${basename(path)}: well again`),
  })
  const aborted = new AbortController()
  const ended = intake.run(aborted.signal)
  const stop = async () => {
    aborted.abort()
    await ended
    await fileEvents.close()
  }
  onTestFinished(stop)
  return Object.assign(intake, { stop })
}

function eventually(check: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 10_000, interval: 5 })
}

function line(step: number): string {
  return `{"step": ${step}, "loss": 1}\n`
}

async function newJob(name: string): Promise<string> {
  await mkdir(join(root, name))
  const path = join(root, name, 'train.log')
  await writeFile(path, line(0))
  return path
}

test('a run that is forgotten while what was read of it is being saved does not come back', async () => {
  const intake = await running()
  const path = await newJob('job')
  await eventually(async () => expect(await reader.series('job')).toMatchObject([{ samples: 1 }]))

  const real = stored
  let isSaving = false
  let goOn: () => void = () => undefined
  stored = async (commit) => {
    isSaving = true
    await new Promise<void>((resolve) => {
      goOn = resolve
    })
    return real(commit)
  }
  await appendFile(path, line(1))
  await eventually(() => expect(isSaving).toBe(true))
  const forgotten = intake.forget('job')
  stored = real
  goOn()
  await forgotten
  await appendFile(path, line(2))

  // Another run shows that a round has passed since.
  await newJob('other')
  await eventually(async () => expect(await reader.series('other')).toHaveLength(1))
  expect(await reader.runs()).toMatchObject([{ run: 'other' }])
  expect(intake.followedFiles).toBe(1)
})

test('what could not be saved is read again, and is there once', async () => {
  await running()
  const path = await newJob('job')
  await eventually(async () => expect(await reader.series('job')).toMatchObject([{ samples: 1 }]))

  const real = stored
  stored = () => Promise.reject(new Error('database or disk is full'))
  await appendFile(path, line(1))
  await eventually(() => expect(unsaved).toEqual(['database or disk is full']))
  await appendFile(path, line(2))
  stored = real
  await eventually(async () => expect((await reader.samples(1, -1, 10))?.step).toEqual([0, 1, 2]))
})

test('an alert behind what could not be saved is told, while its place in the file is kept', async () => {
  await running()
  const path = await newJob('job')
  await eventually(async () => expect(await reader.series('job')).toMatchObject([{ samples: 1 }]))

  const real = stored
  stored = () => Promise.reject(new Error('database or disk is full'))
  await appendFile(path, line(1))
  await eventually(() => expect(unsaved.length).toBeGreaterThan(0))
  await appendFile(path, '{"step": 2, "loss": NaN}\n')
  await eventually(() => expect(ahead).toEqual([2]))
  expect((await reader.samples(1, -1, 10))?.step).toEqual([0])
  stored = real
  await eventually(async () => expect((await reader.samples(1, -1, 10))?.step).toEqual([0, 1, 2]))
  expect(await reader.alerts({})).toMatchObject([{ step: 2 }])
})

test('files that grow all the time keep none of the others waiting', async () => {
  const jobs = Array.from({ length: 100 }, (_, i) => `job-${String(i).padStart(3, '0')}`)
  await running()
  const paths = await Promise.all(jobs.map(newJob))
  await eventually(async () => expect(await reader.series()).toHaveLength(jobs.length))

  const last = paths.at(-1)!
  let step = 1
  const growAll = async () => {
    for (const path of paths.slice(0, -1)) await appendFile(path, line(step))
    step++
  }
  let isGrowing = true
  const growing = (async () => {
    while (isGrowing) await growAll()
  })()
  await appendFile(last, line(7))
  await eventually(async () => expect(await reader.series(jobs.at(-1))).toMatchObject([{ samples: 2 }]))
  isGrowing = false
  await growing
})

test('a file that cannot be read is told of, and told of again when it can', async () => {
  const path = join(root, 'train.log')
  await writeFile(path, 'step 1 loss 2\n')
  await running()
  await eventually(async () => expect(await reader.runs()).toMatchObject([{ samples: 1 }]))
  // A folder in its place opens and does not read, whoever asks.
  await rm(path)
  await mkdir(path)
  await eventually(() => expect(told).toContain('train.log: EISDIR'))
  await rm(path, { recursive: true })
  await writeFile(path, 'step 1 loss 2\nstep 2 loss 1\n')
  await eventually(() => expect(told.at(-1)).toBe('train.log: well again'))
  await eventually(async () => expect(await reader.runs()).toMatchObject([{ lastStep: 2 }]))
})

test('a log that was renamed and not found before a stop is not read again after it', async () => {
  const path = join(root, 'train.log')
  await writeFile(path, line(1))
  const first = await running(true)
  await eventually(async () => expect(await reader.runs()).toMatchObject([{ lastStep: 1 }]))
  await rename(path, join(root, 'train-2026.log'))
  await writeFile(path, line(2))
  await eventually(async () => expect(await reader.runs()).toMatchObject([{ lastStep: 2 }]))
  await first.stop()

  await running()
  await newJob('other')
  await eventually(async () => expect(await reader.series('other')).toMatchObject([{ samples: 1 }]))
  expect([...reader.query('SELECT name, cursor IS NULL FROM files ORDER BY name').rows()]).toEqual([
    ['other/train.log', 0],
    ['train-2026.log', 0],
    ['train.log', 0],
  ])
  expect((await reader.runs()).reduce((sum, { samples }) => sum + samples, 0)).toBe(3)
})
