import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { Daemon, jsonLines, nanwatch, temporaryFolder, until } from './nanwatch.ts'

/** A loss that falls, with one spike at step 150, and a NaN at step 200. */
const lossAt = (step: number, spike = 3) => (step === 150 ? spike : 1.2 - step / 1000 + 0.01 * (step % 5))
const LOG = Array.from({ length: 200 }, (_, step) => ({ step, loss: lossAt(step) }))
  .map((record) => `${JSON.stringify(record)}\n`)
  .join('')
  .concat('{"step": 200, "loss": NaN}\n')

const NO_SPIKE = { detectors: { spike: false }, rules: [{ name: 'loss-above-two', when: 'loss > 2' }] }

const folder = temporaryFolder()
const logs = join(folder, 'logs')
const log = join(logs, 'train.jsonl')
const database = join(folder, 'nanwatch.db')
const config = join(folder, 'config.json')
const none = join(folder, 'none.db')

function changesIn(stdout: string): string[] {
  return jsonLines(stdout)
    .filter(({ type }) => type === 'change')
    .map(({ change, before, after }) => {
      const { rule, step } = (after ?? before) as { rule: string; step: number }
      return `${change} ${rule} ${step}`
    })
}

const CHANGED = ['added loss-above-two 150', 'gone spike 150', 'same non-finite 200']

beforeAll(async () => {
  mkdirSync(logs)
  writeFileSync(config, JSON.stringify(NO_SPIKE))
  const daemon = new Daemon(['watch', logs, '--db', database, '--port', '0'])
  await daemon.event('ready')
  writeFileSync(log, LOG)
  await daemon.event('alert', ({ rule }) => rule === 'non-finite')
  await until(async () => jsonLines((await nanwatch(['alerts', '--json', '--db', database])).stdout).length === 2)
  await daemon.stop('SIGTERM')
})

describe('backtest', () => {
  test('says of a file that no database knows what other rules make of it, next to the defaults', async () => {
    const { code, stdout } = await nanwatch(['backtest', log, '--config', config, '--db', none, '--json'])
    expect(code).toBe(0)
    expect(changesIn(stdout)).toEqual(CHANGED)
    expect(jsonLines(stdout).at(-1)).toEqual({
      type: 'summary',
      run: 'train.jsonl',
      from: 'files',
      against: 'defaults',
      added: 1,
      gone: 1,
      moved: 0,
      same: 1,
    })
  })

  test('compares with what fired when the run was watched, whatever names it', async () => {
    for (const named of [[], ['train.jsonl'], [log], [logs]]) {
      const { code, stdout } = await nanwatch(['backtest', ...named, '--config', config, '--db', database, '--json'])
      expect(code).toBe(0)
      expect(changesIn(stdout)).toEqual(CHANGED)
      expect(jsonLines(stdout).at(-1)).toMatchObject({ from: 'files', against: 'stored' })
    }
  })

  test('finds nothing changed under the rules that the run was watched by', async () => {
    const { stdout } = await nanwatch(['backtest', '--db', database, '--json'])
    expect(jsonLines(stdout).at(-1)).toMatchObject({ added: 0, gone: 0, moved: 0, same: 2 })
  })

  test('is a table for people', async () => {
    const { stdout, stderr } = await nanwatch(['backtest', '--config', config, '--db', database])
    expect(stdout).toContain('  + added loss-above-two  warning at step 150  step 150: loss > 2 (loss-above-two)')
    expect(stdout).toContain('  - gone  spike  warning at step 150')
    expect(stderr).toBe('1 run: 1 added, 1 gone, 0 moved, 1 same\n')
  })

  test('judges the stored samples of a file that is gone', async () => {
    rmSync(log)
    const { code, stdout } = await nanwatch(['backtest', '--config', config, '--db', database, '--json'])
    expect(code).toBe(0)
    expect(changesIn(stdout)).toEqual(CHANGED)
    expect(jsonLines(stdout).at(-1)).toMatchObject({ from: 'samples', against: 'stored' })
  })

  test('explains a spike of one run by that of another at its step, though only one is judged again', async () => {
    const [root, store] = [join(folder, 'shared'), join(folder, 'shared.db')]
    mkdirSync(root)
    const daemon = new Daemon(['watch', root, '--db', store, '--port', '0'])
    await daemon.event('ready')
    for (const [run, height] of [
      ['a', 3],
      ['b', 4],
    ] as const) {
      mkdirSync(join(root, run))
      const records = Array.from({ length: 200 }, (_, step) => ({ step, loss: lossAt(step, height) }))
      writeFileSync(join(root, run, 'train.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''))
    }
    const isShared = (alert: Record<string, unknown>) => (alert['cause'] as { code: unknown }).code === 'R25-bad-batch'
    await until(async () => {
      const stored = jsonLines((await nanwatch(['alerts', '--json', '--db', store])).stdout)
      return stored.length === 2 && stored.every(isShared)
    })
    await daemon.stop('SIGTERM')
    const { stdout } = await nanwatch(['backtest', 'a', '--db', store, '--json'])
    const [change] = jsonLines(stdout) as { before: Record<string, unknown>; after: Record<string, unknown> }[]
    expect(change).toMatchObject({ change: 'same', after: { cause: { code: 'R25-bad-batch' } } })
    expect(change!.after['why']).toBe(change!.before['why'])
  })

  test('says with exit code 1 what could not be looked into, and so does explain', async () => {
    const broken = join(folder, 'broken')
    mkdirSync(broken)
    writeFileSync(join(broken, 'mlflow.db'), 'SQLite format 3\0garbage')
    writeFileSync(join(broken, 'train.jsonl'), '{"step": 1, "loss": 1}\n')
    for (const command of ['backtest', 'explain']) {
      const { code, stderr } = await nanwatch([command, broken, '--db', none])
      expect(code).toBe(1)
      expect(stderr).toContain('mlflow.db: not read: file is not a database\n')
      if (command === 'explain') expect(stderr).toContain('nothing is wrong in what could be read\n')
    }
  })

  test('says with exit code 2 what does not exist', async () => {
    const { code, stderr } = await nanwatch(['backtest', 'nowhere', '--db', none])
    expect(code).toBe(2)
    expect(stderr).toContain('nowhere: no such file or folder, and there is no database')
  })
})
