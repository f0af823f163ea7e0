import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { Daemon, jsonLines, nanwatch, temporaryFolder, until } from './nanwatch.ts'

const folder = temporaryFolder()
const database = join(folder, 'nanwatch.db')
const at = (...parts: readonly string[]) => join(folder, ...parts)

/** A loss that falls to a half, or to a multiple of that, and differs a little from seed to seed. */
function logOf(seed: number, factor = 1, count = 200): string {
  return Array.from({ length: count }, (_, step) => {
    const noise = 1 + 0.03 * Math.sin(step * (seed + 1.7)) + 0.02 * Math.cos(step * step * (seed + 0.3))
    const loss = (0.5 * factor + 2 * Math.exp(-step / 30)) * noise
    return `${JSON.stringify({ step, loss })}\n`
  }).join('')
}

function write(path: string, text: string): string {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
  return path
}

const good = write(at('watched', 'good', 'metrics.jsonl'), logOf(1))
const other = write(at('runs', 'seed2', 'metrics.jsonl'), logOf(2))
const worse = write(at('runs', 'worse', 'metrics.jsonl'), logOf(3, 2))
const epochs = write(at('epochs.jsonl'), logOf(4, 1, 5))

beforeAll(async () => {
  const daemon = new Daemon(['watch', at('watched'), '--db', database, '--port', '0'])
  await daemon.event('ready')
  await until(
    async () => jsonLines((await nanwatch(['runs', '--json', '--db', database])).stdout)[0]?.['samples'] === 200,
  )
  await daemon.stop('SIGTERM')
})

describe('check --baseline', () => {
  test('warns of a run that is worse than a file, a folder of a job, or a run of the database, with exit code 3', async () => {
    const [{ run: stored }] = jsonLines((await nanwatch(['runs', '--json', '--db', database])).stdout) as [
      { run: string },
    ]
    for (const baseline of [good, at('watched', 'good'), stored]) {
      const { code, stdout } = await nanwatch(['check', '--json', worse, '--baseline', baseline, '--db', database])
      const [alert, summary] = jsonLines(stdout)
      expect(alert).toMatchObject({
        rule: 'worse-than-baseline',
        severity: 'warning',
        step: 199,
        offset: expect.any(Number),
      })
      expect(summary).toMatchObject({
        verdict: 'warned',
        baseline: { compared: [{ metric: 'loss', step: 199, pairs: 200, isWorse: true }], notCompared: [] },
      })
      expect(code).toBe(3)
    }
  })

  test('is silent where only the seed is another, and says what it compared', async () => {
    const { code, stdout, stderr } = await nanwatch(['check', '--json', other, '--baseline', good])
    expect(jsonLines(stdout)).toMatchObject([
      {
        verdict: 'healthy',
        baseline: { compared: [{ baselines: [expect.stringContaining('metrics.jsonl')], isWorse: false }] },
      },
    ])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  test('may be repeated: what several show is the measure', async () => {
    const { stdout } = await nanwatch(['check', worse, '--baseline', good, '--baseline', other])
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('above the 2 baselines')
  })

  test('a run that is a baseline itself is not compared with itself, and that is no failure', async () => {
    const { code, stdout, stderr } = await nanwatch(['check', '--json', at('runs'), '--baseline', at('runs', 'seed2')])
    expect(code).toBe(3)
    expect(jsonLines(stdout).map(({ run, rule, verdict }) => rule ?? `${run} ${verdict}`)).toEqual([
      'seed2 healthy',
      'worse-than-baseline',
      'worse warned',
    ])
    expect(stderr).toBe('seed2: cannot be compared with seed2: it is the run itself\n')
  })

  test('a run that is its only baseline is passed over, with exit code 0', async () => {
    const own = await nanwatch(['check', '--json', at('runs', 'seed2'), '--baseline', at('runs', 'seed2')])
    expect(jsonLines(own.stdout)).toMatchObject([{ verdict: 'healthy', baseline: { compared: [] } }])
    expect(own.stderr).toContain('it is the run itself')
    expect(own.code).toBe(0)
    const beside = ['check', at('runs', 'seed2'), '--baseline', at('runs', 'seed2'), '--baseline', at('nothing')]
    expect((await nanwatch([...beside, '--db', database])).code).toBe(1)
  })

  test('without a baseline nothing is said of one', async () => {
    const { code, stdout } = await nanwatch(['check', '--json', worse])
    expect(jsonLines(stdout).at(-1)).not.toHaveProperty('baseline')
    expect(code).toBe(jsonLines(stdout).length > 1 ? 3 : 0)
  })
})

describe('a check that could compare nothing is no success', () => {
  const cases = [
    {
      name: 'a baseline that is not there',
      baseline: () => at('nothing'),
      says: /nothing: there is no file or folder of this name, and in the database no such run; `nanwatch runs` lists them/,
    },
    {
      name: 'a folder without logs',
      baseline: () => join(write(at('empty', 'notes.md'), ''), '..'),
      says: /no log was found there/,
    },
    {
      name: 'too few steps in common',
      baseline: () => epochs,
      says: /the steps hardly overlap: steps 0 to 199 of the run and steps 0 to 4 of the baseline/,
    },
    {
      name: 'a baseline without a loss',
      baseline: () => write(at('lr.jsonl'), '{"step": 1, "lr": 0.1}\n'),
      says: /no loss and no accuracy was read of it/,
    },
  ]
  for (const { name, baseline, says } of cases) {
    test(`${name}: exit code 1, and why`, async () => {
      const { code, stdout, stderr } = await nanwatch([
        'check',
        '--json',
        other,
        '--baseline',
        baseline(),
        '--db',
        database,
      ])
      expect(stderr).toMatch(says)
      expect(stderr).toContain('not compared with any baseline')
      expect(jsonLines(stdout)).toMatchObject([
        { verdict: 'healthy', baseline: { compared: [], notCompared: [{ reason: expect.stringMatching(says) }] } },
      ])
      expect(code).toBe(1)
    })
  }

  test('where there is no database either, it says what to name', async () => {
    const { code, stderr } = await nanwatch(['check', other, '--baseline', 'typo', '--db', at('none.db')])
    expect(stderr).toMatch(
      /baseline typo: there is no file or folder of this name, and no run can be looked up: .*no nanwatch database yet/,
    )
    expect(stderr).toContain('Name a log, the folder of a job, or a run that `nanwatch runs` lists')
    expect(code).toBe(1)
  })

  for (const [text, says] of [
    ['', 'it is empty'],
    [' ', 'it is empty'],
    ['-', 'standard input cannot be one'],
  ] as const) {
    test(`a baseline "${text}" is none: exit code 2`, async () => {
      const { code, stderr } = await nanwatch(['check', other, '--baseline', text, '--db', database])
      expect(stderr).toContain(`--baseline: ${says}: name a log, the folder of a job, or a run`)
      expect(code).toBe(2)
    })
  }

  test('one baseline of two that is not there: the other is compared, and the exit code is 1', async () => {
    const args = ['check', '--json', other, '--baseline', good, '--baseline', at('nothing'), '--db', database]
    const { code, stdout } = await nanwatch(args)
    expect(jsonLines(stdout)).toMatchObject([{ baseline: { compared: [{ isWorse: false }], notCompared: [{}] } }])
    expect(code).toBe(1)
  })

  test('a name where there is no database', async () => {
    const { code, stderr } = await nanwatch(['check', other, '--baseline', 'exp7', '--db', at('none.db')])
    expect(stderr).toContain('no nanwatch database yet')
    expect(code).toBe(1)
  })
})

describe('baselines of the configuration', () => {
  const config = (baselines: unknown) => write(at('config.json'), JSON.stringify({ baselines }))

  test('count for the runs whose names fit, the last that does', async () => {
    const path = config([{ with: [at('nothing')] }, { run: 'wor*', with: [good] }])
    expect((await nanwatch(['check', worse, '--config', path, '--db', database])).code).toBe(1)
    const { code, stdout } = await nanwatch([
      'check',
      '--json',
      at('runs'),
      '--config',
      config([{ run: 'wor*', with: [good] }]),
    ])
    expect(jsonLines(stdout).filter(({ type }) => type === 'summary')).toMatchObject([
      { run: 'seed2' },
      { run: 'worse', baseline: { compared: [{ isWorse: true }] } },
    ])
    expect(code).toBe(3)
  })

  test('give way to those of the command line', async () => {
    const { code } = await nanwatch([
      'check',
      other,
      '--config',
      config([{ with: [at('nothing')] }]),
      '--baseline',
      good,
    ])
    expect(code).toBe(0)
  })

  test('that name nothing are refused', async () => {
    const { code, stderr } = await nanwatch(['check', other, '--config', config([{ with: [] }])])
    expect(stderr).toContain('baselines.0.with')
    expect(code).toBe(2)
  })
})

describe('check --format', () => {
  test('json is --json', async () => {
    const [one, two] = await Promise.all(
      [['--json'], ['--format', 'json']].map((how) => nanwatch(['check', ...how, other])),
    )
    expect(one).toEqual(two)
  })

  test('sarif is one document with the line of the alert', async () => {
    const { code, stdout } = await nanwatch(['check', at('runs'), '--baseline', good, '--format', 'sarif'])
    const [run] = JSON.parse(stdout).runs
    expect(run.results).toMatchObject([
      {
        ruleId: 'worse-than-baseline',
        level: 'warning',
        locations: [{ physicalLocation: { region: { startLine: 200 } } }],
      },
    ])
    expect(run.invocations).toMatchObject([{ exitCode: 3, executionSuccessful: true }])
    expect(code).toBe(3)
  })

  test('github is one command for each alert', async () => {
    const { stdout } = await nanwatch(['check', worse, '--baseline', good, '--format', 'github'])
    expect(stdout).toMatch(
      /^::warning file=[^,:]+\/worse\/metrics\.jsonl,line=200,title=worse-than-baseline%3A metrics\.jsonl::step 199: .*\n$/,
    )
  })

  test('two formats at once are refused', async () => {
    const { code, stderr } = await nanwatch(['check', other, '--json', '--format', 'sarif'])
    expect(stderr).toContain('--json and --format sarif: name one of them')
    expect(code).toBe(2)
  })
})
