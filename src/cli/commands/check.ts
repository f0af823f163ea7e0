import type { CommandModule } from 'yargs'
import type { Rules } from '../../core/pipeline/read.ts'
import { type Alert, published } from '../../protocol/alert.ts'
import { encodeJson } from '../../protocol/json.ts'
import { CONFIG_OPTIONS, type ConfigSource, rulesFrom } from '../config-source.ts'
import { tellNothingRead } from '../nothing-read.ts'
import { alertText, isSerious } from '../print-alert.ts'
import { progressOf } from '../progress.ts'
import { byRun, type FileTotals, filesOf, readRuns } from '../replay/read-runs.ts'
import type { ReplayFile } from '../replay/replay.ts'
import type { Shell } from '../shell.ts'
import { type ExitCode, paint, printable, type Terminal } from '../terminal.ts'

interface CheckArguments extends ConfigSource {
  paths?: string[] | undefined
  json: boolean
  'allow-empty': boolean
}

/** What a file came to: failed for a critical alert, warned for a warning, resolved since or not. */
type FileVerdict = 'failed' | 'warned' | 'healthy' | 'no-data'

export const check = ({ terminal, exit }: Shell) =>
  ({
    command: 'check <paths..>',
    describe: 'Read finished logs and say what went wrong in them (exit code 3 if anything did)',
    builder: (y) =>
      y
        .positional('paths', { describe: 'files, folders, or - for standard input', type: 'string', array: true })
        .options({
          ...CONFIG_OPTIONS,
          json: { type: 'boolean', default: false, describe: 'print JSON, one object per line' },
          'allow-empty': {
            type: 'boolean',
            default: false,
            describe: 'end with 0 also where there is no log, or standard input is empty',
          },
        })
        .example('$0 check train.log', 'judge one log')
        .example('$0 check --json runs/ | jq .verdict', 'judge every run below a folder'),
    handler: async (args) => {
      exit(await checkPaths(args.paths ?? [], args, rulesFrom(args), terminal))
    },
  }) satisfies CommandModule<object, CheckArguments>

async function checkPaths(
  paths: readonly string[],
  { json, 'allow-empty': allowsEmpty }: CheckArguments,
  rules: Rules,
  terminal: Terminal,
): Promise<ExitCode> {
  let worst: ExitCode = 0
  const fail = () => {
    worst = 1
  }
  const files = await filesOf(paths, terminal, fail, allowsEmpty ? () => undefined : fail)
  const progress = progressOf(
    terminal,
    files.reduce((sum, file) => sum + file.sizeBytes, 0),
  )
  const { alerts, totals } = await readRuns(files, rules, terminal, (bytes) => progress.add(bytes))
  progress.stop()
  const withoutData: string[] = []
  let counted = { files: 0, failed: 0, warned: 0 }
  const alertsByRun = byRun(alerts)
  for (const file of [...byRun(files).values()].flat()) {
    const ofRun = alertsByRun.get(file.run) ?? []
    const own = ofRun.filter((alert) => alert.file === file.path)
    const total = totals.get(file.path)!
    const verdict = verdictOf(file.path, ofRun, total)
    report(file, own, total, verdict, json, terminal)
    counted = {
      files: counted.files + 1,
      failed: counted.failed + (verdict === 'failed' ? 1 : 0),
      warned: counted.warned + (verdict === 'warned' ? 1 : 0),
    }
    if (total.problem !== null && worst === 0) worst = 1
    if (total.problem === null && verdict === 'no-data') withoutData.push(file.path)
    if (own.some((alert) => isSerious(alert.severity))) worst = 3
  }
  const isEmpty = tellNothingRead(withoutData, totals, terminal)
  if (isEmpty && !allowsEmpty && worst === 0) worst = 1
  if (!json && counted.files > 1) {
    terminal.stderr(`${counted.files} files: ${counted.failed} failed, ${counted.warned} warned\n`)
  }
  return worst
}

function verdictOf(path: string, alerts: readonly Alert[], { samples, batches }: FileTotals): FileVerdict {
  const own = alerts.filter((alert) => [alert, ...alert.related, ...alert.signs].some(({ file }) => file === path))
  if (own.some((alert) => alert.severity === 'critical')) return 'failed'
  if (own.some((alert) => alert.severity === 'warning')) return 'warned'
  return samples + batches === 0 ? 'no-data' : 'healthy'
}

function report(
  file: ReplayFile,
  alerts: readonly Alert[],
  totals: FileTotals,
  verdict: FileVerdict,
  json: boolean,
  terminal: Terminal,
): void {
  const { format, samples, batches, rejects, problem } = totals
  if (json) {
    for (const alert of alerts) terminal.stdout(`${encodeJson({ type: 'alert', ...published(alert) })}\n`)
    const summary = { type: 'summary', file: file.path, run: file.run, format, samples, batches, rejects, verdict }
    terminal.stdout(`${encodeJson(problem === null ? summary : { ...summary, error: problem })}\n`)
    return
  }
  const colors = paint(terminal)
  const color = { failed: colors.red, warned: colors.yellow, healthy: colors.green, 'no-data': colors.dim }[verdict]
  const counts = [
    `${samples} samples`,
    ...(batches > 0 ? [`${batches} batches`] : []),
    ...(rejects > 0 ? [`${rejects} rejects`] : []),
  ]
  terminal.stdout(
    `${color(verdict.padEnd(8))} ${printable(file.path)}  ${colors.dim(`${format ?? 'no known format'}, ${counts.join(', ')}`)}\n`,
  )
  for (const alert of alerts) terminal.stdout(alertText(alert, terminal))
}
