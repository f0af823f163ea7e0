import type { Rules } from '../../core/pipeline/read.ts'
import type { Alert } from '../../protocol/alert.ts'
import type { Reader } from '../../store/store.ts'
import { byRun } from '../replay/read-runs.ts'
import type { ReplayFile } from '../replay/replay.ts'
import { printable, type Terminal } from '../terminal.ts'
import { BaselineReader, type NamedBaselines } from './baselines.ts'
import { type ComparedRun, comparedRun } from './compared-run.ts'
import type { CurvesByRun } from './curves-by-run.ts'

/** What came of comparing all runs of a check. */
export interface CheckComparison {
  /** By the name of the run; of those for which a baseline is named. */
  readonly runs: ReadonlyMap<string, ComparedRun>
  readonly alerts: readonly Alert[]
  /** A baseline could not be read, or a run could not be compared: that is told, and no success. */
  readonly isIncomplete: boolean
}

/** What is known of the runs that are checked. */
export interface CheckedRuns {
  readonly files: readonly ReplayFile[]
  readonly curves: CurvesByRun
  readonly named: NamedBaselines
}

/** Compares each run that is checked with the baselines named for it, and says what could not be compared, and why. */
export async function compareChecked(
  { files, curves, named }: CheckedRuns,
  rules: Rules,
  openReader: () => Promise<Reader>,
  terminal: Terminal,
): Promise<CheckComparison> {
  const opened: Promise<Reader>[] = []
  const baselines = new BaselineReader(rules, files, () => {
    if (opened.length === 0) opened.push(openReader())
    return opened[0]!
  })
  const runs = new Map<string, ComparedRun>()
  try {
    for (const [run, ofRun] of byRun(files)) {
      const paths = ofRun.map(({ path }) => path)
      const compared = await comparedRun(curves.of(run), paths, named(run), baselines, rules)
      if (compared !== null) runs.set(run, compared)
    }
  } finally {
    // What was not opened was told by the baseline that asked for it.
    for (const reader of opened)
      await reader.then(
        (one) => one.close(),
        () => undefined,
      )
  }
  const all = [...runs.values()]
  const told = new Set(all.flatMap(sentencesOf))
  for (const sentence of told) terminal.stderr(`${printable(sentence)}\n`)
  const asked = all.filter(({ isOwnBaseline }) => !isOwnBaseline)
  const isNothing = asked.length > 0 && asked.every(({ compared }) => compared.length === 0)
  return {
    runs,
    alerts: all.map(({ alert }) => alert).filter((alert) => alert !== null),
    isIncomplete: isNothing || all.some(({ isUnread, isUncompared }) => isUnread || isUncompared),
  }
}

function sentencesOf({ run, compared, notCompared, isUncompared }: ComparedRun): string[] {
  const left = notCompared.map(({ baseline, metric, reason }) => {
    const what = metric === null ? run : `${run}: ${metric}`
    return reason.startsWith(`${baseline}: `)
      ? `baseline ${reason}`
      : `${what}: cannot be compared with ${baseline}: ${reason}`
  })
  if (compared.length > 0) return left
  return isUncompared || left.length === 0 ? [...left, `${run}: not compared with any baseline`] : left
}
