import type { CommandModule } from 'yargs'
import { defaultDatabase, loadConfig } from '../../config/load.ts'
import { rulesOf } from '../../config/rules.ts'
import { isPart } from '../../core/alerts/failure.ts'
import { RULES } from '../../core/detect/index.ts'
import type { Rules } from '../../core/pipeline/read.ts'
import type { Alert } from '../../protocol/alert.ts'
import { encodeJson } from '../../protocol/json.ts'
import { sqliteReader } from '../../store/sqlite/sqlite-reader.ts'
import type { Reader } from '../../store/store.ts'
import { StoreError } from '../../store/store-error.ts'
import { type Target, targetsOf } from '../backtest-targets.ts'
import { type AlertChange, changedAlerts } from '../changed-alerts.ts'
import { CONFIG_OPTIONS, type ConfigSource, rulesFrom } from '../config-source.ts'
import { DB_OPTION, JSON_OPTION } from '../options.ts'
import { type Progress, progressOf } from '../progress.ts'
import { replayRun, type Source } from '../read-runs.ts'
import { replayFile } from '../replay.ts'
import { NOT_IN_SAMPLES, replaySamples } from '../replay-samples.ts'
import type { Shell } from '../shell.ts'
import { paint, printable, type Terminal } from '../terminal.ts'

interface BacktestArguments extends ConfigSource {
  runs?: string[] | undefined
  db?: string | undefined
  json: boolean
}

/** What came of one run: its alerts before and now. */
interface Outcome {
  readonly run: string
  /** What was read: the files, the samples of those that are gone, or some of both. */
  readonly from: 'files' | 'samples' | 'both'
  /** What it is compared with: the alerts of the database, or those of the default rules. */
  readonly against: 'stored' | 'defaults'
  readonly changes: readonly AlertChange[]
  readonly problems: readonly { readonly file: string; readonly reason: string }[]
}

/** The rules that no log can show: they look at the clock. */
const NOT_IN_FILES = RULES.filter(({ needs }) => needs.includes('clock')).map(({ name }) => name)
const MARKS = { added: '+', gone: '-', moved: '~', same: '=' } as const

export const backtest = ({ terminal, exit }: Shell) =>
  ({
    command: 'backtest [runs..]',
    describe: 'Judge old logs by changed rules, and show what would have fired next to what did',
    builder: (y) =>
      y
        .positional('runs', { describe: 'runs, files or folders (default: every run)', type: 'string', array: true })
        .options({ ...CONFIG_OPTIONS, ...DB_OPTION, ...JSON_OPTION })
        .example('$0 backtest --profile quiet', 'what the quiet profile would have kept to itself')
        .example('$0 backtest exp7 --config new.json', 'one run, by the rules of a file'),
    handler: async (args) => {
      const rules = rulesFrom(args)
      const named = args.runs ?? []
      const reader = openReader(args.db ?? loadConfig(args.config).database ?? defaultDatabase(), named.length > 0)
      try {
        const targets = await targetsOf(named, reader)
        const bytes = targets.flatMap(({ files }) => files).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
        const progress = progressOf(terminal, bytes)
        const total = { added: 0, gone: 0, moved: 0, same: 0 }
        for (const target of targets) {
          const outcome = await judge(target, rules, reader, progress)
          if (outcome.problems.length > 0) exit(1)
          for (const { change } of outcome.changes) total[change]++
          print(outcome, args.json, terminal)
        }
        progress.stop()
        if (!args.json)
          terminal.stderr(`${targets.length} ${targets.length === 1 ? 'run' : 'runs'}: ${counted(total)}\n`)
      } finally {
        reader?.close()
      }
    },
  }) satisfies CommandModule<object, BacktestArguments>

/** Files can be judged without a database. */
function openReader(database: string, isOptional: boolean): Reader | null {
  try {
    return sqliteReader(database)
  } catch (error) {
    if (isOptional && error instanceof StoreError) return null
    throw error
  }
}

async function judge(target: Target, rules: Rules, reader: Reader | null, progress: Progress): Promise<Outcome> {
  const { run, files, stored } = target
  const gone = new Set(files.filter(({ isGone }) => isGone).map(({ path }) => path))
  const source: Source = (file, memory, by) =>
    gone.has(file.path) && reader !== null ? replaySamples(reader, file, memory, by) : replayFile(file, memory, by)
  const now = await replayRun(files, rules, source, (bytes) => progress.add(bytes))
  const before = stored ?? (await replayRun(files, rulesOf(loadConfig(undefined)), source, () => undefined)).alerts
  const unseen = gone.size > 0 ? NOT_IN_SAMPLES : NOT_IN_FILES
  const isSeen = (alert: Alert) => !isPart(alert) && !unseen.includes(alert.rule)
  return {
    run,
    from: gone.size === 0 ? 'files' : gone.size === files.length ? 'samples' : 'both',
    against: stored === null ? 'defaults' : 'stored',
    changes: changedAlerts(before.filter(isSeen), now.alerts.filter(isSeen)),
    problems: [...now.totals].flatMap(([file, { problem }]) => (problem === null ? [] : [{ file, reason: problem }])),
  }
}

function print({ run, from, against, changes, problems }: Outcome, json: boolean, terminal: Terminal): void {
  const total = { added: 0, gone: 0, moved: 0, same: 0 }
  for (const { change } of changes) total[change]++
  for (const { file, reason } of problems) terminal.stderr(`${printable(file)}: cannot be read: ${printable(reason)}\n`)
  if (json) {
    for (const change of changes) terminal.stdout(`${encodeJson({ type: 'change', run, ...change })}\n`)
    terminal.stdout(`${encodeJson({ type: 'summary', run, from, against, ...total })}\n`)
    return
  }
  const colors = paint(terminal)
  const color = { added: colors.yellow, gone: colors.cyan, moved: colors.bold, same: colors.dim }
  const source = from === 'files' ? '' : ', from stored samples: no crash, no prediction and no hidden NaN is seen'
  const beside = against === 'stored' ? 'what fired' : 'what the defaults say'
  terminal.stdout(`${colors.bold(printable(run))}  ${colors.dim(`${counted(total)}, next to ${beside}${source}`)}\n`)
  for (const { change, before, after } of changes) {
    const { rule, message } = (after ?? before)!
    const places = [before, after].filter((alert) => alert !== null).map(placeOf)
    terminal.stdout(
      `${color[change](`  ${MARKS[change]} ${change.padEnd(5)}`)} ${rule}  ${[...new Set(places)].join(' → ')}  ${colors.dim(printable(message.split('. ', 1)[0]!))}\n`,
    )
  }
}

/** "critical at step 812, first sign at step 806". */
function placeOf({ step, severity, signs: [first] }: Alert): string {
  const began = first === undefined || first.step === step ? '' : `, first sign at step ${first.step}`
  return `${severity} at ${step === null ? 'no step' : `step ${step}`}${began}`
}

function counted({ added, gone, moved, same }: Record<AlertChange['change'], number>): string {
  return `${added} added, ${gone} gone, ${moved} moved, ${same} same`
}
