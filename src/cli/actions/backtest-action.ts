import { DEFAULT_CONFIG } from '../../config/defaults.ts'
import { rulesOf } from '../../config/rules.ts'
import { isPart } from '../../core/alerts/failure.ts'
import { RULES } from '../../core/detect/index.ts'
import type { Rules } from '../../core/pipeline/read.ts'
import { type Alert, published } from '../../protocol/alert.ts'
import { encodeJson } from '../../protocol/json.ts'
import type { Reader } from '../../store/store.ts'
import { StoreError } from '../../store/store-error.ts'
import type { StoreFactory } from '../../store/store-factory.ts'
import { type AlertChange, changedAlerts } from '../changed-alerts.ts'
import { type ConfigSource, configFrom } from '../config-source.ts'
import { type DatabaseSource, storeBy } from '../database-source.ts'
import { progressOf } from '../progress.ts'
import { type Target, targetsOf } from '../replay/backtest-targets.ts'
import { fileReads } from '../replay/file-reads.ts'
import { type ReplayedRuns, replayRuns } from '../replay/read-runs.ts'
import type { ReplayFile } from '../replay/replay.ts'
import { NOT_IN_SAMPLES, sampleReads } from '../replay/sample-reads.ts'
import type { Shell } from '../shell.ts'
import { paint, printable, type Terminal } from '../terminal.ts'

export interface BacktestArguments extends ConfigSource, DatabaseSource {
  runs?: string[] | undefined
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

/** The rules that no log can show: they look at the clock, or at another run. */
const NOT_IN_FILES = RULES.filter(({ needs }) => needs.includes('clock') || needs.includes('baseline')).map(
  ({ name }) => name,
)
const MARKS = { added: '+', gone: '-', moved: '~', same: '=' } as const

export const backtest =
  ({ terminal, exit }: Shell) =>
  async (args: BacktestArguments) => {
    const config = await configFrom(args)
    const rules = await rulesOf(config)
    const named = args.runs ?? []
    const reader = await openReader(storeBy(args, config), named.length > 0)
    try {
      const targets = await targetsOf(named, reader, (path, reason) => {
        terminal.stderr(`${printable(path)}: not read: ${printable(reason)}\n`)
        exit(1)
      })
      const bytes = targets.flatMap(({ files }) => files).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
      const progress = progressOf(terminal, bytes)
      const total = { added: 0, gone: 0, moved: 0, same: 0 }
      const outcomes = await judge(targets, rules, reader, (bytes) => progress.add(bytes))
      progress.stop()
      for (const outcome of outcomes) {
        if (outcome.problems.length > 0) exit(1)
        for (const { change } of outcome.changes) total[change]++
        print(outcome, args.json, terminal)
      }
      if (!args.json && (targets.length > 0 || named.length === 0))
        terminal.stderr(`${targets.length} ${targets.length === 1 ? 'run' : 'runs'}: ${counted(total)}\n`)
    } finally {
      await reader?.close()
    }
  }

/** Files can be judged without a database. */
async function openReader(store: StoreFactory, isOptional: boolean): Promise<Reader | null> {
  try {
    return await store.openReader()
  } catch (error) {
    if (isOptional && error instanceof StoreError) return null
    throw error
  }
}

async function judge(
  targets: readonly Target[],
  rules: Rules,
  reader: Reader | null,
  onBytes: (bytes: number) => void,
): Promise<Outcome[]> {
  // A run of the database and one of the files may have the same name: the alerts of each are its own.
  const stored = targets.filter((target) => target.stored !== null)
  const others = targets.filter((target) => target.stored === null)
  // Runs that are not judged again explain by what they raised when they were watched.
  const raised = stored.length > 0 && reader !== null ? await reader.alerts({}) : []
  const ofStored = await replayed(stored, rules, reader, onBytes, raised)
  const ofOthers = await replayed(others, rules, reader, onBytes)
  const byDefault = await replayed(others, await rulesOf(DEFAULT_CONFIG), reader, () => undefined)
  return targets.map((target) => {
    const now = target.stored === null ? ofOthers : ofStored
    return outcomeOf(target, target.stored ?? byDefault.alerts.filter(({ run }) => run === target.run), now)
  })
}

/** Reads the files of all targets as one history: runs explain each other. */
function replayed(
  targets: readonly Target[],
  rules: Rules,
  reader: Reader | null,
  onBytes: (bytes: number) => void,
  others: readonly Alert[] = [],
): Promise<ReplayedRuns> {
  const files = targets.flatMap((target) => target.files)
  const gone = new Set(files.filter(({ isGone }) => isGone).map(({ path }) => path))
  const readsOf = ({ path }: ReplayFile) => (gone.has(path) && reader !== null ? sampleReads(reader) : fileReads)
  return replayRuns(files, rules, readsOf, onBytes, others)
}

function outcomeOf(
  { run, files, stored }: Target,
  before: readonly Alert[],
  { alerts, totals }: ReplayedRuns,
): Outcome {
  const gone = files.filter(({ isGone }) => isGone)
  const unseen = gone.length > 0 ? NOT_IN_SAMPLES : NOT_IN_FILES
  const isSeen = (alert: Alert) => !isPart(alert) && !unseen.includes(alert.rule)
  const problems = files.map(({ path }) => ({ file: path, reason: totals.get(path)?.problem ?? null }))
  return {
    run,
    from: gone.length === 0 ? 'files' : gone.length === files.length ? 'samples' : 'both',
    against: stored === null ? 'defaults' : 'stored',
    changes: changedAlerts(before.filter(isSeen), alerts.filter((alert) => alert.run === run).filter(isSeen)),
    problems: problems.filter((one): one is Outcome['problems'][number] => one.reason !== null),
  }
}

function print({ run, from, against, changes, problems }: Outcome, json: boolean, terminal: Terminal): void {
  const total = { added: 0, gone: 0, moved: 0, same: 0 }
  for (const { change } of changes) total[change]++
  for (const { file, reason } of problems) terminal.stderr(`${printable(file)}: cannot be read: ${printable(reason)}\n`)
  if (json) {
    for (const { change, before, after } of changes) {
      const both = { before: before && published(before), after: after && published(after) }
      terminal.stdout(`${encodeJson({ type: 'change', run, change, ...both })}\n`)
    }
    terminal.stdout(`${encodeJson({ type: 'summary', run, from, against, ...total })}\n`)
    return
  }
  const colors = paint(terminal)
  const color = { added: colors.yellow, gone: colors.cyan, moved: colors.bold, same: colors.dim }
  const source = from === 'files' ? '' : ', from stored samples: no crash, no prediction and no hidden NaN is seen'
  const beside = against === 'stored' ? 'what fired' : 'what the defaults say'
  terminal.stdout(`${colors.bold(printable(run))}  ${colors.dim(`${counted(total)}, next to ${beside}${source}`)}\n`)
  for (const { change, before, after } of changes) {
    const { rule, headline } = (after ?? before)!
    const places = [before, after].filter((alert) => alert !== null).map(placeOf)
    terminal.stdout(
      `${color[change](`  ${MARKS[change]} ${change.padEnd(5)}`)} ${rule}  ${[...new Set(places)].join(' → ')}  ${colors.dim(printable(headline))}\n`,
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
