import { resolve } from 'node:path'
import { baselineAlert } from '../../core/compare/baseline-alert.ts'
import { compareRuns, type MetricContrast } from '../../core/compare/compare-runs.ts'
import type { RunCurves } from '../../core/compare/metric-curve.ts'
import type { NotShared } from '../../core/compare/shared-curves.ts'
import type { Rules } from '../../core/pipeline/read.ts'
import type { Alert } from '../../protocol/alert.ts'
import type { BaselineReader, BaselineRun } from './baselines.ts'

/** What came of comparing one run. */
export interface ComparedRun {
  readonly run: string
  readonly compared: readonly MetricContrast[]
  readonly notCompared: readonly NotShared[]
  /** Null where it is not worse, or not compared. */
  readonly alert: Alert | null
  /** A baseline could not be found or read. */
  readonly isUnread: boolean
  /** It is itself the only run that it was to be compared with. */
  readonly isOwnBaseline: boolean
  /** Something of it was to be compared, and nothing was. */
  readonly isUncompared: boolean
}

/** Compares one run with what is named for it; null where nothing is. */
export async function comparedRun(
  curves: RunCurves,
  files: readonly string[],
  named: readonly string[],
  reader: BaselineReader,
  { detectors, overrides = [] }: Rules,
): Promise<ComparedRun | null> {
  if (named.length === 0) return null
  const baselines = new Map<string, BaselineRun>()
  const left: NotShared[] = []
  for (const text of named) {
    const found = await reader.read(text)
    if (typeof found === 'string') left.push({ baseline: text, metric: null, reason: found })
    else for (const one of found) baselines.set([...one.files].sort().join('\n'), one)
  }
  const isUnread = left.length > 0
  const own = new Set(files.map((file) => resolve(file)))
  const isOwn = (one: BaselineRun) => [...one.files].some((file) => own.has(file))
  const [themselves, others] = [
    [...baselines.values()].filter(isOwn),
    [...baselines.values()].filter((one) => !isOwn(one)),
  ]
  const sound = others.filter(({ failure }) => failure === null)
  for (const { curves, failure } of others) {
    if (failure !== null) left.push({ baseline: curves.run, metric: null, reason: `it failed itself: ${failure}` })
  }
  for (const { curves } of themselves) left.push({ baseline: curves.run, metric: null, reason: 'it is the run itself' })
  const { compared, notCompared } = compareRuns(
    curves,
    sound.map((one) => one.curves),
  )
  const alert = baselineAlert(curves.run, compared, { detectors, overrides }, new Date().toISOString())
  const isOwnBaseline = themselves.length > 0 && others.length === 0
  // A run without a loss, or one that is itself what others are compared with, leaves nothing open.
  const isOpen = curves.curves.length > 0 && !isOwnBaseline
  return {
    run: curves.run,
    compared,
    notCompared: [...left, ...notCompared],
    alert,
    isUnread,
    isOwnBaseline,
    isUncompared: isOpen && compared.length === 0,
  }
}
