import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { CheckFormat } from '../../../src/cli/check-outputs/check-formats.ts'
import type { FileReport } from '../../../src/cli/check-outputs/check-output.ts'
import { CHECK_OUTPUTS } from '../../../src/cli/check-outputs/index.ts'
import { lineNumbers } from '../../../src/cli/check-outputs/line-numbers.ts'
import type { ExitCode, Terminal } from '../../../src/cli/terminal.ts'
import { SeenLog } from '../../../src/core/detect/rule-checks.ts'
import type { Alert } from '../../../src/protocol/alert.ts'
import { tempFolder } from '../../temp-folder.ts'
import { ALERT as EXAMPLE } from '../example-alert.ts'

const ALERT: Alert = { ...EXAMPLE, rule: 'exploding', severity: 'critical', file: 'runs/exp7/train.log' }
const TOTALS = {
  format: 'key-value',
  samples: 100,
  batches: 0,
  rejects: 0,
  bytes: 100,
  seen: new SeenLog(),
  problem: null,
}

function reportOf(alerts: readonly Alert[], rest: Partial<FileReport> = {}): FileReport {
  const path = alerts[0]?.file ?? 'train.log'
  return {
    file: { path, run: 'exp7' },
    alerts,
    deaths: [],
    totals: TOTALS,
    verdict: 'failed',
    checks: [],
    comparison: null,
    ...rest,
  }
}

async function printed(format: CheckFormat, reports: readonly FileReport[], code: ExitCode = 3) {
  let [stdout, stderr] = ['', '']
  const terminal: Terminal = {
    stdout: (text) => {
      stdout += text
    },
    stderr: (text) => {
      stderr += text
    },
    stdin: Readable.from([]),
    hasColor: false,
    isInteractive: false,
    columns: 100,
    signal: new AbortController().signal,
  }
  const output = CHECK_OUTPUTS[format](terminal)
  for (const report of reports) await output.file(report)
  output.end(code)
  return { stdout, stderr }
}

const UNCOMPARED = {
  run: 'exp7',
  compared: [],
  notCompared: [{ baseline: 'good', metric: 'loss', reason: 'the steps do not overlap' }],
  alert: null,
  isUnread: false,
  isOwnBaseline: false,
  isUncompared: true,
}

describe('annotations of GitHub', () => {
  test('are one line for each alert, by its severity', async () => {
    const { stdout, stderr } = await printed('github', [
      reportOf([ALERT, { ...ALERT, severity: 'warning' }, { ...ALERT, severity: 'info' }]),
    ])
    const rest = 'file=runs/exp7/train.log,title=exploding%3A exp7::step 20: loss is 29.7. It grew.'
    expect(stdout).toBe(`::error ${rest}\n::warning ${rest}\n::notice ${rest}\n`)
    expect(stderr).toBe('1 file: 1 failed, 0 warned\n')
  })

  test('let no text of a log end a line, a property or a command', async () => {
    const why = 'first\r\n::error::second, 100%\n\u001b[31m'
    const alert = { ...ALERT, run: 'a,b:c%\n::warning::x', file: 'runs/a,b:c.log', why }
    const { stdout } = await printed('github', [reportOf([alert])])
    expect(stdout).toBe(
      '::error file=runs/a%2Cb%3Ac.log,title=exploding%3A a%2Cb%3Ac%25%0A%3A%3Awarning%3A%3Ax::step 20: loss is 29.7. first %0A::error::second, 100%25%0A\\x1b[31m\n',
    )
  })

  test('tell of a file that could not be read, and of a run that could not be compared', async () => {
    const { stdout } = await printed('github', [
      reportOf([], { totals: { ...TOTALS, problem: 'EACCES' }, comparison: UNCOMPARED }),
    ])
    expect(stdout).toBe(
      '::error file=train.log,title=nanwatch::cannot be read: EACCES\n' +
        '::error file=train.log,title=nanwatch%3A not compared::good: the steps do not overlap\n',
    )
  })
})

describe('SARIF', () => {
  const require = createRequire(import.meta.url)
  const text = readFileSync(require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8')
  // A relative place is a URI reference, which the reader of the schema takes for a whole URL.
  const schema = z.fromJSONSchema(
    JSON.parse(text, (key, value) => (key === 'format' && value === 'uri-reference' ? undefined : value)),
  )
  const logOf = async (reports: readonly FileReport[], code?: ExitCode) =>
    JSON.parse((await printed('sarif', reports, code)).stdout)

  test('keeps to the schema of 2.1.0, whatever was found', async () => {
    const logs = [
      await logOf([], 0),
      await logOf([reportOf([ALERT, { ...ALERT, rule: 'val-loss-doubled', severity: 'info', step: null }])]),
      await logOf([reportOf([{ ...ALERT, file: '-', value: 'NaN' }], { file: { path: '-', run: '-' } })]),
      await logOf([reportOf([], { totals: { ...TOTALS, problem: 'EACCES' }, comparison: UNCOMPARED })], 1),
    ]
    for (const log of logs) expect(schema.safeParse(log).error?.issues ?? []).toEqual([])
  })

  test('is checked by that schema: a log that breaks it is refused', async () => {
    const breaks: readonly ((log: Awaited<ReturnType<typeof logOf>>) => void)[] = [
      (log) => delete log.version,
      (log) => delete log.runs[0].tool,
      (log) => delete log.runs[0].results[0].message,
      (log) => {
        log.runs[0].results[0].level = 'fatal'
      },
      (log) => {
        log.runs[0].results[0].locations[0].physicalLocation.region = { startLine: 0 }
      },
      (log) => {
        log.runs[0].results[0].severity = 'critical'
      },
    ]
    for (const broken of breaks) {
      const log = await logOf([reportOf([ALERT])])
      broken(log)
      expect(schema.safeParse(log).success).toBe(false)
    }
  })

  test('has what code scanning asks for: the rules, and of each result its rule, level, text, place and fingerprint', async () => {
    const log = await logOf([reportOf([ALERT, { ...ALERT, rule: 'val-loss-doubled', severity: 'warning' }])])
    const [run] = log.runs
    expect(run.results).toMatchObject([
      {
        ruleId: 'exploding',
        level: 'error',
        message: { text: 'step 20: loss is 29.7. It grew.' },
        locations: [{ physicalLocation: { artifactLocation: { uri: 'runs/exp7/train.log' } } }],
        partialFingerprints: { 'alert/v1': '0abc' },
      },
      { ruleId: 'val-loss-doubled', level: 'warning' },
    ])
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId)
    for (const rule of run.tool.driver.rules) {
      expect(rule.shortDescription.text).not.toBe('')
      expect(rule.help?.text ?? '').not.toContain('](')
    }
  })

  test('says of a place outside of the current folder where it is, and quotes what a URI cannot hold', async () => {
    const uriOf = async (file: string) =>
      (await logOf([reportOf([{ ...ALERT, file }])])).runs[0].results[0].locations[0].physicalLocation.artifactLocation
    expect(await uriOf('/data/a b#1.log')).toEqual({ uri: 'file:///data/a%20b%231.log' })
    expect(await uriOf('runs/a b%.log')).toEqual({ uri: 'runs/a%20b%25.log', uriBaseId: '%SRCROOT%' })
    expect(await uriOf('runs/mlflow.db#17')).toMatchObject({ uri: 'runs/mlflow.db' })
  })

  test('says that the check went well where it only found something, and what it could not do', async () => {
    expect((await logOf([reportOf([ALERT])])).runs[0].invocations).toMatchObject([
      { executionSuccessful: true, exitCode: 3 },
    ])
    const [invocation] = (await logOf([reportOf([], { comparison: UNCOMPARED })], 1)).runs[0].invocations
    expect(invocation).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [
        { level: 'error', message: { text: 'not compared with good: the steps do not overlap' } },
      ],
    })
  })
})

describe('the line of an alert', () => {
  const TEXT = 'step 1 loss 0.5\r\nstep 2 loss 0.4\n\nstep 3 loss nan\n'
  const linesIn = async (name: string, content: string | Uint8Array, offsets: readonly (number | null)[]) => {
    const path = join(await tempFolder(), name)
    await writeFile(path, content)
    const alerts = offsets.map((offset) => ({ ...ALERT, file: path, offset }))
    const lines = await lineNumbers(path, alerts)
    return alerts.map((alert) => lines.get(alert) ?? null)
  }

  test('is counted from 1, in any order', async () => {
    expect(await linesIn('train.log', TEXT, [TEXT.indexOf('step 3'), 0, TEXT.indexOf('step 2'), null])).toEqual([
      4,
      1,
      2,
      null,
    ])
  })

  test('is found behind more than one read of the file', async () => {
    const text = 'step 1 loss 0.5\n'.repeat(20_000)
    expect(await linesIn('train.log', text, [16 * 19_999, 16 * 4096])).toEqual([20_000, 4097])
  })

  test('is counted in units of UTF-16', async () => {
    const text = '\ufeffa\u0a0a\nb\nc\n'
    const little = Buffer.from(text, 'utf16le')
    expect(await linesIn('train.log', little, [0, 8, 12])).toEqual([1, 2, 3])
    expect(await linesIn('train.log', Buffer.from(little).swap16(), [0, 8, 12])).toEqual([1, 2, 3])
  })

  test('is left out of what is not read line by line, or is gone', async () => {
    expect(await linesIn('train.log.gz', gzipSync(TEXT), [0])).toEqual([null])
    expect(await linesIn('trainer_state.json', '{\n"log_history": [{"loss": 1, "step": 1}]}', [0])).toEqual([null])
    expect(await lineNumbers('/nowhere/train.log', [{ ...ALERT, offset: 5 }])).toEqual(new Map())
    expect(await lineNumbers('-', [{ ...ALERT, offset: 5 }])).toEqual(new Map())
  })
})
