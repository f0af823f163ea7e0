import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { jsonLines, nanwatch, temporaryFolder } from './nanwatch.ts'

function logOf(name: string, text: string): string {
  const path = join(temporaryFolder(), name)
  writeFileSync(path, text)
  return path
}

const HEALTHY = Array.from({ length: 100 }, (_, i) => `{"step": ${i}, "loss": ${2 / (1 + i)}}`).join('\n')
const DYING = `${HEALTHY}\n{"step": 100, "loss": NaN}\n`

describe('check', () => {
  test('a log with a NaN fails with exit code 3, an alert line and a summary', async () => {
    const path = logOf('train.jsonl', DYING)
    const { code, stdout } = await nanwatch(['check', '--json', path])
    expect(code).toBe(3)
    const [alert, summary] = jsonLines(stdout)
    expect(alert).toMatchObject({
      type: 'alert',
      file: path,
      run: 'train.jsonl',
      rule: 'non-finite',
      severity: 'critical',
      metric: 'loss',
      role: 'train_loss',
      step: 100,
      attempt: 0,
      offset: HEALTHY.length + 1,
      value: 'NaN',
      time: null,
    })
    expect(summary).toEqual({
      type: 'summary',
      file: path,
      run: 'train.jsonl',
      format: 'json-lines',
      samples: 101,
      batches: 0,
      rejects: 0,
      verdict: 'failed',
      checks: expect.arrayContaining([
        { rule: 'non-finite', ran: true, reason: null },
        { rule: 'overfit', ran: false, reason: 'no validation loss' },
        { rule: 'chance-plateau', ran: false, reason: 'too few points: 100 of 1000' },
      ]),
    })
  })

  test('a log too short to judge its course is healthy so far, and check and explain say so', async () => {
    const short = logOf('train.jsonl', `${HEALTHY.split('\n').slice(0, 12).join('\n')}\n`)
    const { code, stdout } = await nanwatch(['check', short])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^healthy {2}.*\n {2}healthy so far: 12 points, too few to judge the course\n$/)
    const { stderr } = await nanwatch(['explain', short])
    expect(stderr).toContain('nothing is wrong so far: 12 points, too few to judge the course\n')
    expect((await nanwatch(['check', logOf('train.jsonl', HEALTHY)])).stdout).not.toContain('so far')
  })

  test('a fine-tune of sixty points that goes from 1.4 to 8 and stays there is warned of', async () => {
    const loss = (i: number) => (i < 8 ? 1.4 : 8) + (i % 5) / 20
    const text = Array.from({ length: 60 }, (_, i) => JSON.stringify({ step: 5 * i, loss: loss(i) })).join('\n')
    const { code, stdout } = await nanwatch(['check', '--json', logOf('train.jsonl', text)])
    expect(code).toBe(3)
    const told = jsonLines(stdout).filter((line) => line['severity'] !== 'info')
    expect(told).toMatchObject([
      { rule: 'worse-than-start', severity: 'warning', state: 'firing' },
      { verdict: 'warned' },
    ])
  })

  test('a healthy log gives exit code 0', async () => {
    const { code, stdout } = await nanwatch(['check', '--json', logOf('train.jsonl', HEALTHY)])
    expect(code).toBe(0)
    expect(jsonLines(stdout)).toMatchObject([{ verdict: 'healthy' }])
  })

  test('standard input is read as -', async () => {
    const { code, stdout } = await nanwatch(['check', '-', '--json'], DYING)
    expect(code).toBe(3)
    expect(jsonLines(stdout).at(-1)).toMatchObject({ file: '-', samples: 101, verdict: 'failed' })
  })

  test('the last line counts although it has no end', async () => {
    const { stdout } = await nanwatch(['check', '--json', logOf('train.jsonl', DYING.trimEnd())])
    expect(jsonLines(stdout)[0]).toMatchObject({ step: 100, value: 'NaN' })
  })

  test('predictions in one file explain the loss in another of the same folder', async () => {
    const folder = join(temporaryFolder(), 'job')
    mkdirSync(folder)
    writeFileSync(join(folder, 'metrics.jsonl'), '{"step": 1, "loss": 0.7}\n{"step": 2, "loss": Infinity}\n')
    writeFileSync(
      join(folder, 'predictions.jsonl'),
      '{"step": 1, "probs": [[0.5, 0.5], [0.5, 0.5]], "labels": [0, 1]}\n' +
        '{"step": 2, "probs": [[0.5, 0.5], [1.0, 0.0]], "labels": [0, 1]}\n',
    )
    const { stdout } = await nanwatch(['check', '--json', folder])
    const alert = jsonLines(stdout).find((line) => line['rule'] === 'non-finite')
    expect(alert).toMatchObject({ step: 2, cause: { code: 'R1-log-zero', confidence: 'likely' } })
    expect(alert?.['message']).toContain('1 of 2 rows gave the true class a probability of exactly 0 (row 1)')
  })

  test('a file that cannot be read gives exit code 1 with its reason, and no other file goes unjudged', async () => {
    const folder = temporaryFolder()
    // What is to be the first file of a dump is a folder.
    mkdirSync(join(folder, 'preds'))
    mkdirSync(join(folder, 'elsewhere'))
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'preds', 'step_1.npz'))
    writeFileSync(join(folder, 'preds', 'step_2.npz'), '')
    const [healthy, dying] = [logOf('healthy.jsonl', HEALTHY), logOf('dying.jsonl', DYING)]
    const { code, stdout, stderr } = await nanwatch(['check', '--json', folder, healthy])
    expect(jsonLines(stdout)).toMatchObject([
      { verdict: 'no-data', error: expect.stringContaining('EISDIR') },
      { verdict: 'healthy' },
    ])
    expect(stderr).toContain('step_*.npz: cannot be read: EISDIR')
    expect(code).toBe(1)
    // What went wrong in a log is more than that.
    expect((await nanwatch(['check', folder, dying])).code).toBe(3)
    expect((await nanwatch(['check', dying, folder])).code).toBe(3)
  })

  test('a database that cannot be looked into gives exit code 1, and the log beside it is judged', async () => {
    const path = logOf('train.jsonl', HEALTHY)
    writeFileSync(join(dirname(path), 'mlflow.db'), `SQLite format 3\0${'torn'.repeat(1000)}`)
    const { code, stdout, stderr } = await nanwatch(['check', '--json', dirname(path)])
    expect(jsonLines(stdout)).toMatchObject([{ type: 'error' }, { file: path, verdict: 'healthy' }])
    expect(stderr).toContain('mlflow.db: not read: ')
    expect(code).toBe(1)
  })

  test('a log that tries to write to the terminal is shown, not obeyed', async () => {
    const { stdout } = await nanwatch(['check', logOf('\u001b[31mtrain.jsonl', DYING)])
    expect(stdout).not.toContain('\u001b[31m')
    expect(stdout).toContain('\\x1b[31mtrain.jsonl')
  })
})

describe('parse', () => {
  test('it prints each sample with its role and offset', async () => {
    const { code, stdout } = await nanwatch([
      'parse',
      '--json',
      logOf('a.jsonl', '{"step": 3, "loss": 0.5, "lr": 0.1}\n'),
    ])
    expect(code).toBe(0)
    expect(jsonLines(stdout)).toEqual([
      { attempt: 0, step: 3, metric: 'loss', role: 'train_loss', value: 0.5, offset: 0 },
      { attempt: 0, step: 3, metric: 'lr', role: 'learning_rate', value: 0.1, offset: 0 },
    ])
  })

  test('with --measures it prints the recomputed series too', async () => {
    const path = logOf('p.jsonl', '{"step": 1, "probs": [[0.5, 0.5]], "labels": [0]}\n')
    expect(jsonLines((await nanwatch(['parse', '--json', path])).stdout)).toEqual([])
    const measured = jsonLines((await nanwatch(['parse', '--json', '--measures', path])).stdout)
    expect(measured).toContainEqual({
      attempt: 0,
      step: 1,
      metric: 'nanwatch/cross_entropy',
      role: 'other',
      value: Math.LN2,
      offset: 0,
    })
  })

  test('a resumed job begins a new attempt, the line that went back included', async () => {
    const lines = [1, 2, 3, 4, 3, 4, 5].map((step) => `{"step": ${step}, "loss": 0.5}\n`).join('')
    const { stdout } = await nanwatch(['parse', '--json', logOf('r.jsonl', lines)])
    expect(jsonLines(stdout).map((sample) => sample['attempt'])).toEqual([0, 0, 0, 0, 1, 1, 1])
  })
})

describe('bad input gets one clear error', () => {
  const cases: { name: string; args: () => string[]; code: number; says: RegExp }[] = [
    { name: 'no command', args: () => [], code: 2, says: /name a command/ },
    { name: 'an unknown command', args: () => ['chekc', 'x'], code: 2, says: /check|chekc/ },
    { name: 'an unknown option', args: () => ['runs', '--jsno'], code: 2, says: /jsno/ },
    { name: 'a missing path', args: () => ['check', '/nowhere/train.log'], code: 1, says: /no such file or folder/ },
    {
      name: 'a missing configuration',
      args: () => ['watch', '.', '--config', '/nowhere.json'],
      code: 2,
      says: /cannot read the configuration/,
    },
    {
      name: 'a broken configuration',
      args: () => ['watch', '.', '--config', logOf('c.json', '{"port": "x"}')],
      code: 2,
      says: /port/,
    },
    {
      name: 'an unknown key in it',
      args: () => ['watch', '.', '--config', logOf('c.json', '{"prot": 1}')],
      code: 2,
      says: /"prot" \(known: .*port/,
    },
    {
      name: 'a database that is none',
      args: () => ['runs', '--db', logOf('x.db', 'hello, I am a text file of some length')],
      code: 1,
      says: /not a usable database/,
    },
    {
      name: 'no database yet',
      args: () => ['runs', '--db', join(temporaryFolder(), 'none.db')],
      code: 1,
      says: /no nanwatch database yet/,
    },
  ]
  for (const { name, args, code, says } of cases) {
    test(name, async () => {
      const finished = await nanwatch(args())
      expect(finished.stderr).toMatch(says)
      expect(finished.stderr).not.toMatch(/\n\s+at /)
      expect(finished.code).toBe(code)
    })
  }
})

describe('a program that reads the output gets a whole document', () => {
  const empty = temporaryFolder()
  const places = [
    { name: 'a missing path', args: () => ['/nowhere/train.log'], says: 'no such file or folder' },
    { name: 'a folder without logs', args: () => [empty], says: 'no log was found there' },
    { name: 'an empty standard input', args: () => ['-'], says: 'standard input is empty' },
  ]
  for (const { name, args, says } of places) {
    test(`for ${name}, with exit code 1`, async () => {
      const [sarif, json, github] = await Promise.all(
        ['sarif', 'json', 'github'].map((format) => nanwatch(['check', ...args(), '--format', format])),
      )
      for (const { code, stderr } of [sarif!, json!, github!]) {
        expect(code).toBe(1)
        expect(stderr).toContain(says)
      }
      expect(JSON.parse(sarif!.stdout)).toMatchObject({
        version: '2.1.0',
        runs: [
          {
            invocations: [
              {
                executionSuccessful: false,
                exitCode: 1,
                toolExecutionNotifications: [{ level: 'error', message: { text: expect.stringContaining(says) } }],
              },
            ],
            results: [],
          },
        ],
      })
      expect(jsonLines(json!.stdout)).toContainEqual({
        type: 'error',
        where: args()[0],
        reason: expect.stringContaining(says),
      })
      expect(github!.stdout).toMatch(new RegExp(`^::error file=.*::not read: .*${says}`, 'm'))
    })
  }

  test('and what is there is judged all the same', async () => {
    const { code, stdout } = await nanwatch([
      'check',
      '--json',
      '/nowhere/train.log',
      logOf('ok.jsonl', '{"step": 1, "loss": 1}\n'),
    ])
    expect(jsonLines(stdout).map(({ type }) => type)).toEqual(['error', 'summary'])
    expect(code).toBe(1)
  })
})

const rows = (row: (i: number) => unknown) =>
  Array.from({ length: 20 }, (_, i) => `${JSON.stringify(row(i))}\n`).join('')
const SETTINGS_ONLY = rows((i) => ({ step: i, lr: 0.1, tokens: 500 * i }))

describe('a log of which no loss was read', () => {
  const cases = [
    { name: 'rates and counters alone', text: SETTINGS_ONLY, verdict: 'no-loss' },
    {
      name: 'predictions without anything else',
      text: rows((i) => ({ step: i, probs: [[0.2, 0.8]], labels: [1] })),
      verdict: 'healthy',
    },
    {
      name: 'a validation loss without a training loss',
      text: rows((i) => ({ epoch: i, val_loss: 2 / (1 + i) })),
      verdict: 'healthy',
    },
    { name: 'nothing at all', text: 'Loading the data\nDone.\n', verdict: 'no-data' },
  ]
  for (const { name, text, verdict } of cases) {
    test(`${name} is ${verdict}`, async () => {
      const { code, stdout, stderr } = await nanwatch(['check', '--json', logOf('metrics.jsonl', text)])
      expect(jsonLines(stdout)).toMatchObject([{ type: 'summary', verdict }])
      expect(stderr.includes('no loss among them')).toBe(verdict === 'no-loss')
      expect(code).toBe(0)
    })
  }

  test('is told in each format, and by explain', async () => {
    const path = logOf('metrics.jsonl', SETTINGS_ONLY)
    const of = async (format: string) => (await nanwatch(['check', '--format', format, path])).stdout
    expect(await of('text')).toMatch(/^no-loss {2}/)
    expect(await of('github')).toMatch(/^::warning file=.*title=nanwatch%3A no loss::values were read, and no loss/)
    expect(JSON.parse(await of('sarif'))).toMatchObject({
      runs: [{ invocations: [{ exitCode: 0, toolExecutionNotifications: [{ level: 'warning' }] }], results: [] }],
    })
    const { stderr } = await nanwatch(['explain', path])
    expect(stderr).toContain('no loss among them')
    expect(stderr).not.toContain('nothing is wrong')
  })

  test('is healthy where another file of its run has one', async () => {
    const folder = join(temporaryFolder(), 'job')
    mkdirSync(folder)
    writeFileSync(join(folder, 'memory.jsonl'), SETTINGS_ONLY)
    writeFileSync(join(folder, 'train.log'), HEALTHY)
    const { stdout, stderr } = await nanwatch(['check', '--json', folder])
    expect(jsonLines(stdout)).toMatchObject([{ verdict: 'healthy' }, { verdict: 'healthy' }])
    expect(stderr).toBe('')
  })
})

describe('help', () => {
  test('every command has two examples or a simple one', async () => {
    const { stdout } = await nanwatch(['--help'])
    const commands = [...stdout.matchAll(/^ {2}nanwatch (\w+)/gm)].map((match) => match[1]!)
    expect(commands).toEqual(
      expect.arrayContaining([
        'watch',
        'check',
        'parse',
        'runs',
        'show',
        'alerts',
        'series',
        'status',
        'forget',
        'sql',
        'demo',
        'completion',
      ]),
    )
    for (const command of commands.filter((name) => name !== 'completion')) {
      const help = await nanwatch([command, '--help'])
      expect(help.code).toBe(0)
      expect(help.stdout).toContain('Examples:')
    }
  }, 60_000)

  test('completion prints a script for the shell', async () => {
    expect((await nanwatch(['completion'])).stdout).toContain('nanwatch --get-yargs-completions')
  })
})
