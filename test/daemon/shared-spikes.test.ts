import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { Alert } from '../../src/protocol/alert.ts'
import { sqliteReader } from '../../src/store/sqlite/sqlite-reader.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { tempFolder } from '../temp-folder.ts'
import { follow, noFileEvents } from './following.ts'

function curve(seed: number): string {
  return Array.from({ length: 140 }, (_, step) => {
    const loss = step === 100 ? 9 + seed : 2 + ((step * (seed + 3)) % 7) / 100
    return `{"step": ${step}, "loss": ${loss}}\n`
  }).join('')
}

test('a spike is a bad batch once another run has one at the same step, also in a run that was read and saved before', async () => {
  const root = await tempFolder()
  const database = join(await tempFolder(), 'nanwatch.db')
  const spikes = async () => {
    const reader = sqliteReader(database)
    try {
      return (await reader.alerts({})).filter(({ rule }: Alert) => rule === 'spike')
    } finally {
      await reader.close()
    }
  }
  const write = async (run: string, seed: number) => {
    await mkdir(join(root, run))
    await writeFile(join(root, run, 'train.jsonl'), curve(seed))
  }
  const watching = async (count: number) => {
    const store = sqliteStore(database)
    const stop = await follow({ root, store, fileEvents: noFileEvents(), sweepMs: 20 })
    await vi.waitFor(async () => expect(await spikes()).toHaveLength(count), { timeout: 20_000 })
    await stop()
    await store.close()
  }

  await write('a', 1)
  await watching(1)
  expect(await spikes()).toMatchObject([{ run: 'a', step: 100, cause: { code: null } }])

  await write('b', 2)
  await watching(2)
  const [a, b] = (await spikes()).sort((one, other) => one.run.localeCompare(other.run))
  expect(a).toMatchObject({ run: 'a', cause: { code: 'R25-bad-batch', confidence: 'likely' } })
  expect(b).toMatchObject({ run: 'b', cause: { code: 'R25-bad-batch', confidence: 'likely' } })
  expect(a!.why).toContain('another run at this step (b)')
})
