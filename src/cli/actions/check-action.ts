import { rulesOf } from '../../config/rules.ts'
import { RunSettings } from '../../core/detect/overrides.ts'
import { checksOf } from '../../core/detect/rule-checks.ts'
import type { Alert } from '../../protocol/alert.ts'
import { namedBaselines } from '../baseline/baselines.ts'
import { compareChecked } from '../baseline/checked-runs.ts'
import type { ComparedRun } from '../baseline/compared-run.ts'
import { CurvesByRun } from '../baseline/curves-by-run.ts'
import type { CheckFormat } from '../check-outputs/check-formats.ts'
import type { FileVerdict } from '../check-outputs/check-output.ts'
import { CHECK_OUTPUTS } from '../check-outputs/index.ts'
import { type ConfigSource, configFrom } from '../config-source.ts'
import { type DatabaseSource, storeBy } from '../database-source.ts'
import { EMPTY_INPUT, noLossText, readBesideText, tellNothingRead } from '../nothing-read.ts'
import { isSerious } from '../print-alert.ts'
import { progressOf } from '../progress.ts'
import { pathsReadBeside } from '../read-beside.ts'
import { byRun, type FileTotals, filesOf, type OnUpdate, readRuns } from '../replay/read-runs.ts'
import type { Shell } from '../shell.ts'
import { STANDARD_INPUT } from '../standard-input.ts'
import { type ExitCode, type Terminal, UsageError } from '../terminal.ts'

export interface CheckArguments extends ConfigSource, DatabaseSource {
  paths?: string[] | undefined
  json: boolean
  'allow-empty': boolean
  format?: CheckFormat | undefined
  baseline?: string[] | undefined
}

export const check =
  ({ terminal, exit }: Shell) =>
  async (args: CheckArguments) => {
    exit(await checkPaths(args, terminal))
  }

function formatOf({ format, json }: CheckArguments): CheckFormat {
  if (json && format !== undefined && format !== 'json') {
    throw new UsageError(`--json and --format ${format}: name one of them`)
  }
  return format ?? (json ? 'json' : 'text')
}

async function checkPaths(args: CheckArguments, terminal: Terminal): Promise<ExitCode> {
  const format = formatOf(args)
  const output = CHECK_OUTPUTS[format](terminal)
  const config = await configFrom(args)
  const rules = await rulesOf(config)
  for (const text of args.baseline ?? []) refuseNoBaseline(text)
  const named = namedBaselines(args.baseline ?? [], config)
  let worst: ExitCode = 0
  const allowsEmpty = args['allow-empty']
  const fail = (path: string, reason: string) => {
    worst = 1
    output.unread(path, reason)
  }
  const onNothing = allowsEmpty ? () => undefined : fail
  const files = await filesOf(args.paths ?? [], terminal, fail, onNothing, onNothing)
  const progress = progressOf(
    terminal,
    files.reduce((sum, file) => sum + file.sizeBytes, 0),
  )
  const curves = new CurvesByRun()
  const onUpdate: OnUpdate | undefined = named === null ? undefined : (update) => curves.note(update)
  const { alerts, deaths, totals } = await readRuns(files, rules, terminal, (bytes) => progress.add(bytes), onUpdate)
  progress.stop()
  const withoutData: string[] = []
  const withoutLoss: string[] = []
  const comparison =
    named === null
      ? null
      : await compareChecked({ files, curves, named }, rules, () => storeBy(args, config).openReader(), terminal)
  if (comparison?.isIncomplete === true) worst = 1
  const deathsByRun = byRun(deaths)
  const alertsByRun = byRun([...alerts, ...(comparison?.alerts ?? [])])
  const runsWithLoss = new Set(files.filter(({ path }) => totals.get(path)!.seen.hasLoss).map(({ run }) => run))
  for (const file of [...byRun(files).values()].flat()) {
    const ofRun = alertsByRun.get(file.run) ?? []
    const own = ofRun.filter((alert) => alert.file === file.path)
    const total = totals.get(file.path)!
    const verdict = verdictOf(file.path, ofRun, total, runsWithLoss.has(file.run))
    const compared = comparison?.runs.get(file.run) ?? null
    if (compared !== null) total.seen.notCompared = notCompared(compared)
    const settings = new RunSettings(rules.detectors, rules.overrides ?? [], file.run)
    const found = own.flatMap(({ rule, signs }) => [rule, ...signs.map((sign) => sign.rule)])
    const checks = checksOf(total.seen, settings, found)
    await output.file({
      file,
      alerts: own,
      deaths: (deathsByRun.get(file.run) ?? []).filter((alert) => alert.file === file.path),
      totals: total,
      verdict,
      checks,
      comparison: compared,
    })
    if (total.problem !== null && worst === 0) worst = 1
    if (total.problem === null && verdict === 'no-data') withoutData.push(file.path)
    if (verdict === 'no-loss') withoutLoss.push(file.path)
    if (own.some((alert) => isSerious(alert.severity))) worst = 3
  }
  terminal.stderr(noLossText(withoutLoss))
  const beside = pathsReadBeside(totals)
  terminal.stderr(readBesideText(withoutData.filter((path) => beside.has(path))))
  const unread = withoutData.filter((path) => !beside.has(path))
  const isEmpty = tellNothingRead(unread, totals, terminal)
  if (isEmpty && !allowsEmpty) {
    output.unread('-', EMPTY_INPUT)
    if (worst === 0) worst = 1
  }
  output.end(worst)
  return worst
}

function refuseNoBaseline(text: string): void {
  const fault = text.trim() === '' ? 'it is empty' : text === STANDARD_INPUT ? 'standard input cannot be one' : null
  if (fault === null) return
  throw new UsageError(`--baseline: ${fault}: name a log, the folder of a job, or a run that \`nanwatch runs\` lists`)
}

/** Why a run was compared with none of its baselines; null where it was with one. */
function notCompared({ compared, notCompared }: ComparedRun): string | null {
  return compared.length > 0 ? null : (notCompared[0]?.reason ?? 'nothing to compare')
}

function verdictOf(
  path: string,
  alerts: readonly Alert[],
  { samples, batches }: FileTotals,
  hasLoss: boolean,
): FileVerdict {
  const own = alerts.filter((alert) => [alert, ...alert.related, ...alert.signs].some(({ file }) => file === path))
  if (own.some((alert) => alert.severity === 'critical')) return 'failed'
  if (own.some((alert) => alert.severity === 'warning')) return 'warned'
  if (samples + batches === 0) return 'no-data'
  return hasLoss ? 'healthy' : 'no-loss'
}
