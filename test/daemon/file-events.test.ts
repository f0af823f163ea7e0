import { appendFile, mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { sqliteReader } from '../../src/store/sqlite/sqlite-reader.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import type { Reader } from '../../src/store/store.ts'
import { type FileEvents, watchFiles } from '../../src/tail/file-events.ts'
import { type RootMode, WatchModes } from '../../src/tail/watch-modes.ts'
import { tempFolder } from '../temp-folder.ts'
import { follow } from './following.ts'

/** Long against the sweep of 50 ms, and short against the 30 sweeps after which a cold file is looked at. */
const DEADLINE_MS = 10_000

let root: string

beforeEach(async () => {
  root = join(await tempFolder(), 'runs')
  await mkdir(root)
})

async function reading(fileEvents: FileEvents): Promise<Reader> {
  const database = join(dirname(root), 'nanwatch.db')
  const store = sqliteStore(database)
  const reader = sqliteReader(database)
  const stop = await follow({ root, store, fileEvents, sweepMs: 50 })
  onTestFinished(async () => {
    await stop()
    await reader.close()
    await store.close()
  })
  return reader
}

function real(mode: RootMode['mode']): FileEvents {
  return watchFiles(new WatchModes([{ root, mode, reason: 'a test' }]), () => undefined)
}

/** The disk and the clock are real; what the events say is not. */
function lying(retell: (dirty: ReadonlySet<string>) => ReadonlySet<string>): FileEvents {
  const truthful = real('events')
  return {
    ...truthful,
    takeDirty: () => retell(truthful.takeDirty()),
    takeFoldersChanged: () => {
      truthful.takeFoldersChanged()
      return false
    },
  }
}

const cases: { name: string; fileEvents: () => FileEvents }[] = [
  { name: 'by events', fileEvents: () => real('events') },
  { name: 'by polling', fileEvents: () => real('polling') },
  { name: 'by events that never come', fileEvents: () => lying(() => new Set()) },
  {
    name: 'by events that name the wrong files',
    fileEvents: () => lying((dirty) => new Set([...dirty].map((path) => `${path}.other`))),
  },
]
for (const { name, fileEvents } of cases) {
  test(`each line is read once ${name}: appended, rotated, truncated and written anew`, async () => {
    const path = join(root, 'train.jsonl')
    let step = 0
    const line = () => `{"step": ${step}, "loss": ${step++}}\n`
    await writeFile(path, line())
    const reader = await reading(fileEvents())
    const stored = async () => {
      const pages = (await reader.series()).map(({ id }) => reader.samples(id, -1, 1000))
      return (await Promise.all(pages)).flatMap((page) => page?.value ?? [])
    }
    const isRead = () =>
      vi.waitFor(async () => expect(await stored()).toEqual([...Array(step).keys()]), {
        timeout: DEADLINE_MS,
        interval: 5,
      })

    for (let i = 0; i < 20; i++) await appendFile(path, line())
    await isRead()
    await appendFile(path, line())
    await rename(path, `${path}.1`)
    await writeFile(path, line())
    await isRead()
    await writeFile(path, `{"step": ${step}, "loss": ${step++}, "lr": "shorter"}\n`)
    await isRead()
  })
}

test('a file that is new is found without events', async () => {
  const reader = await reading(real('polling'))
  await mkdir(join(root, 'job'))
  await writeFile(join(root, 'job', 'train.jsonl'), '{"step": 0, "loss": 1}\n')
  await vi.waitFor(async () => expect(await reader.series()).toHaveLength(1), { timeout: DEADLINE_MS, interval: 20 })
})
