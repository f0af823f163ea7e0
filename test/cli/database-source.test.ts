import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { databaseOf } from '../../src/cli/database-source.ts'
import { run as runCommand } from '../../src/cli/run-command.ts'
import type { Terminal } from '../../src/cli/terminal.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { alert, commit, fileUpdate, run, sample } from '../store/commits.ts'
import { tempFolder } from '../temp-folder.ts'

/** What stands for each argument of a command where it is to open a database: enough to come as far as that. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  run: 'job',
  metric: 'loss',
  statement: 'SELECT name FROM runs',
  what: 'alert-1',
  topic: 'crash',
}

/** The options without which a command opens no database. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = { check: ['--baseline', 'job'] }

/** A command's name, and the words after it. */
interface CommandLine {
  readonly name: string
  readonly words: readonly string[]
}

let folder: string
let database: string
let notes: string

beforeEach(async () => {
  folder = await tempFolder()
  database = join(folder, 'kept', 'job.db')
  notes = join(folder, 'notes.txt')
  await mkdir(join(folder, 'runs'))
  await writeFile(notes, 'my notes on training, which are longer than any header of a database could ever be')
  // The database of the account, which must never be taken here, is one that does not exist.
  vi.stubEnv('XDG_STATE_HOME', join(folder, 'account'))
  const store = sqliteStore(database)
  const samples = Array.from({ length: 20 }, (_, i) => sample(i, 1 + (i % 2)))
  const file = fileUpdate({ path: join(folder, 'gone.log'), run: 'job' }, { samples })
  await writeFile(join(folder, 'train.jsonl'), samples.map(({ step }) => `{"step": ${step}, "loss": 1}\n`).join(''))
  const transitions = [{ kind: 'firing', alert: alert({ run: 'job', severity: 'warning' }), isNews: true }] as const
  await store.commit(commit({ runs: [run('job')], files: [file], transitions }))
  await store.close()
  return () => vi.unstubAllEnvs()
})

/** Runs a command line as the program does. A daemon is stopped as soon as it follows its files. */
async function finished(words: readonly string[]) {
  const stop = new AbortController()
  let stdout = ''
  let stderr = ''
  const terminal: Terminal = {
    stdout: (text) => {
      stdout += text
    },
    stderr: (text) => {
      stderr += text
      if (stderr.includes(' follows ')) stop.abort()
    },
    stdin: Readable.from([]),
    hasColor: false,
    isInteractive: false,
    columns: 100,
    signal: AbortSignal.any([stop.signal, AbortSignal.timeout(20_000)]),
  }
  const code = await runCommand(words, terminal)
  return { code, stdout, stderr }
}

/** A configuration that names this database. */
async function configWith(named: string): Promise<string> {
  const path = join(folder, 'config.json')
  await writeFile(path, JSON.stringify({ database: named, paths: [join(folder, 'runs')], port: 0 }))
  return path
}

/** Every command that has an option `--db`, by its own help, with arguments. */
async function commandLines(): Promise<CommandLine[]> {
  const shell = { terminal: {} as Terminal, exit: () => undefined, outlive: () => () => () => undefined }
  const found: CommandLine[] = []
  for (const make of COMMANDS) {
    const [name = '', ...positionals] = String(make(shell).command).split(' ')
    const { stdout } = await finished([name, '--help'])
    if (!/^ +--db /m.test(stdout)) continue
    const words = positionals.flatMap((positional) => {
      const argument = positional.replace(/[<>[\].]/g, '')
      const word = name === 'check' ? join(folder, 'train.jsonl') : ARGUMENTS[argument]
      if (word === undefined && positional.startsWith('<'))
        throw new Error(`${name}: this test does not know what to give for ${positional}`)
      return word === undefined ? [] : [word]
    })
    found.push({ name, words: [...words, ...(OPTIONS[name] ?? [])] })
  }
  return found
}

/** What each of them says with these options, by its name. */
async function saidWith(...options: readonly string[]): Promise<Map<string, Awaited<ReturnType<typeof finished>>>> {
  const said = new Map<string, Awaited<ReturnType<typeof finished>>>()
  for (const { name, words } of await commandLines()) said.set(name, await finished([name, ...words, ...options]))
  return said
}

describe('every command that opens a database', () => {
  test('is among these', async () => {
    const names = (await commandLines()).map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['watch', 'runs', 'show', 'alerts', 'series', 'status', 'sql', 'forget', 'explain']),
    )
    expect(names).toEqual(expect.arrayContaining(['backtest', 'check', 'learn']))
  })

  test('opens the one that the configuration names', async () => {
    for (const [name, { code, stderr }] of await saidWith('--config', await configWith(notes))) {
      expect([name, stderr]).toEqual([name, expect.stringContaining(`${notes}: not a usable database`)])
      expect([name, code]).toEqual([name, 1])
    }
    const said = await saidWith('--config', await configWith(database))
    for (const [name, { code, stderr }] of said) {
      expect([name, stderr]).toEqual([name, expect.not.stringMatching(/database yet|not a usable/)])
      expect([name, [0, 3]]).toEqual([name, expect.arrayContaining([code])])
    }
    expect(said.get('watch')?.stderr).toContain(`keeps ${database}\n`)
    expect(said.get('runs')?.stdout).toMatch(/^job /m)
  })

  test('opens the one that --db names, though the configuration names another', async () => {
    const config = await configWith(database)
    for (const [name, { code, stderr }] of await saidWith('--config', config, '--db', notes)) {
      expect([name, stderr]).toEqual([name, expect.stringContaining(`${notes}: not a usable database`)])
      expect([name, code]).toEqual([name, 1])
    }
  })

  test('says so where the configuration names one that is not there, and makes none', async () => {
    const nowhere = join(folder, 'nowhere.db')
    const config = await configWith(nowhere)
    for (const { name, words } of await commandLines()) {
      if (name === 'watch') continue
      const { code, stderr } = await finished([name, ...words, '--config', config])
      expect([name, stderr]).toEqual([name, expect.stringContaining(`${nowhere}: no nanwatch database yet`)])
      expect([name, code, existsSync(nowhere)]).toEqual([name, 1, false])
    }
  })

  test('refuses a configuration that cannot be read, though --db names a database', async () => {
    for (const [name, { code, stderr }] of await saidWith('--config', join(folder, 'none.json'), '--db', database)) {
      expect([name, code, stderr]).toEqual([
        name,
        2,
        expect.stringContaining('none.json: cannot read the configuration'),
      ])
    }
  })
})

describe('the database of a command', () => {
  test('is that of the account where nothing names one', async () => {
    expect(await databaseOf({})).toBe(join(folder, 'account', 'nanwatch', 'nanwatch.db'))
  })

  test('is, by a relative path, below the folder that the command is started in, wherever the configuration is', async () => {
    const config = await configWith(join('below', 'x.db'))
    expect(await databaseOf({ config })).toBe(resolve('below', 'x.db'))
    expect(await databaseOf({ config, db: 'y.db' })).toBe(resolve('y.db'))
  })
})
