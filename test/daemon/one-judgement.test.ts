import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { filesOf, readRuns } from '../../src/cli/replay/read-runs.ts'
import type { Terminal } from '../../src/cli/terminal.ts'
import { BUILT_IN } from '../../src/core/formats/format-set.ts'
import type { Alert } from '../../src/protocol/alert.ts'
import { sqliteReader } from '../../src/store/sqlite/sqlite-reader.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { tempFolder } from '../temp-folder.ts'
import { follow, noFileEvents } from './following.ts'

const FIXTURES = resolve(import.meta.dirname, '../fixtures')
const GENUINE = resolve(import.meta.dirname, '../../../shared/genuine')
const RULES = { epsilon: 1e-10, detectors: {}, formats: BUILT_IN }
const SILENT = { stderr: () => undefined } as unknown as Terminal
/** A silence is measured by a clock, and no log that is read once has one. */
const NEEDS_CLOCK = ['stall']

/** What both must say alike: all but when it was seen, and whether it was old by then. */
function judged(alerts: readonly Alert[]): object[] {
  return alerts
    .filter(({ rule, partOf }) => partOf === null && !NEEDS_CLOCK.includes(rule))
    .map(({ detectedAt: _, resolvedAt: __, backfill: ___, ...judgement }) => judgement)
    .sort((one, other) => (one.id < other.id ? -1 : 1))
}

/** What `check` says of the logs below a folder. */
async function checked(root: string): Promise<object[]> {
  return judged((await readRuns(await filesOf([root], SILENT, () => undefined), RULES, SILENT, () => undefined)).alerts)
}

/** In so many looks in a row nothing has come: all that was there has been read. While a file is read nobody looks. */
const CALM_LOOKS = 40
const LOOK_MS = 50

/**
 * Follows the logs below a folder until a daemon says the same of them.
 *
 * `check` knows that a log is over. The daemon learns it here when the files are deleted.
 */
async function watchedUntilSame(root: string, expected: readonly object[]): Promise<void> {
  const database = join(await tempFolder(), 'nanwatch.db')
  const store = sqliteStore(database)
  let calmLooks = 0
  const onCommit = () => {
    calmLooks = 0
  }
  const stop = await follow({ root, store, fileEvents: noFileEvents(), sweepMs: 200, onCommit })
  try {
    await vi.waitFor(() => expect(++calmLooks).toBeGreaterThan(CALM_LOOKS), { timeout: 60_000, interval: LOOK_MS })
    rmSync(root, { recursive: true })
    await vi.waitFor(
      async () => {
        const reader = sqliteReader(database)
        try {
          expect(judged(await reader.alerts({}))).toEqual(expected)
        } finally {
          await reader.close()
        }
      },
      { timeout: 30_000, interval: 500 },
    )
  } finally {
    await stop()
    await store.close()
  }
}

async function sameJudgement(root: string, leastAlerts: number): Promise<void> {
  const expected = await checked(root)
  expect(expected.length).toBeGreaterThanOrEqual(leastAlerts)
  await watchedUntilSame(root, expected)
}

/** A folder of logs, each in a folder of its own. */
async function logs(runs: Readonly<Record<string, string>>): Promise<string> {
  const root = await tempFolder()
  for (const [path, text] of Object.entries(runs)) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

function curve(spike: number, header = 'step,loss'): string {
  const rows = Array.from({ length: 260 }, (_, step) => {
    return `${step},${step === 200 ? spike : 2 + ((step * (spike + 2)) % 7) / 100}`
  })
  return [header, ...rows, ''].join('\n')
}

/** Losses that stand still are noted as well. */
function spikesAmong(alerts: readonly object[]): readonly object[] {
  return alerts.filter((alert) => 'rule' in alert && alert.rule === 'spike')
}

describe('check and a daemon over the same files say the same', () => {
  test('of runs that spike at one step: their batch is bad', async () => {
    const root = await logs({ 'a/train.csv': curve(9), 'b/train.csv': curve(11), 'c/train.csv': curve(10) })
    const expected = await checked(root)
    expect(spikesAmong(expected)).toMatchObject(
      ['a', 'b', 'c'].map(() => ({ rule: 'spike', step: 200, cause: { code: 'R25-bad-batch', confidence: 'strong' } })),
    )
    await watchedUntilSame(root, expected)
  })

  test('of runs that spike together more often than incidents are remembered', async () => {
    const rows = (seed: number) =>
      Array.from({ length: 3000 }, (_, step) => {
        const isSpike = step >= 400 && step % 150 === 0
        return `${step},${isSpike ? 9 + seed + step / 1e5 : 2 + ((step * (seed + 3)) % 7) / 100}`
      })
    const run = (seed: number) => ['step,loss', ...rows(seed), ''].join('\n')
    const root = await logs({ 'a/train.csv': run(1), 'b/train.csv': run(2) })
    const expected = await checked(root)
    const spikes = spikesAmong(expected)
    expect(spikes).toHaveLength(34)
    for (const alert of spikes) expect(alert).toMatchObject({ rule: 'spike', cause: { code: 'R25-bad-batch' } })
    await watchedUntilSame(root, expected)
  })

  test('of a metric whose name holds a full stop', async () => {
    const explosion = Array.from({ length: 8 }, (_, i) => `${260 + i},${2 * 9 ** i}`)
    const text = `${curve(9, 'step,Train. Loss')}${explosion.join('\n')}\n268,nan\n`
    const root = await logs({ 'a/train.csv': text, 'b/train.csv': text })
    const expected = await checked(root)
    expect(expected).toContainEqual(
      expect.objectContaining({ rule: 'non-finite', headline: 'step 268: Train. Loss is NaN.' }),
    )
    await watchedUntilSame(root, expected)
  })

  test('of a NaN that three files of one run show, whichever is read first', async () => {
    const nan = '{"step": 1, "loss": 2}\n{"step": 2, "loss": NaN}\n'
    const root = await logs({ 'a/c.jsonl': nan, 'a/b.jsonl': nan, 'a/a.jsonl': nan })
    await sameJudgement(root, 1)
  })

  test('of more crashed logs than are held open at once', async () => {
    const crash = 'step 1 loss 2\nstep 2 loss 2\nstep 3 loss 2\ntorch.OutOfMemoryError: CUDA out of memory.\n'
    const runs = Array.from({ length: 300 }, (_, index) => [`job${index}/train.log`, crash])
    await sameJudgement(await logs(Object.fromEntries(runs)), 300)
  })

  test('of every fixture', async () => {
    const root = await tempFolder()
    for (const name of readdirSync(FIXTURES)) cpSync(join(FIXTURES, name), join(root, name), { recursive: true })
    await sameJudgement(root, 10)
  })

  test.skipIf(!existsSync(GENUINE))('of the logs of real frameworks (skipped without ../shared/genuine)', async () => {
    const root = join(await tempFolder(), 'genuine')
    cpSync(GENUINE, root, { recursive: true })
    await sameJudgement(root, 100)
  })
})
