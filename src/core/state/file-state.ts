import type { Sample } from '../../protocol/sample.ts'
import type { Point } from '../causes/circumstances.ts'
import type { RuleStates } from '../detect/rule.ts'
import type { Trend } from '../diagnose/diagnosis.ts'
import { NO_USER_RULES, type UserRulesState } from '../expression/user-rule.ts'
import { type ReaderState, startReader } from '../formats/reader.ts'
import { type HiddenState, nothingHidden } from '../hidden/hidden-values.ts'
import { type LastWords, SILENT } from '../job/last-words.ts'
import { NOT_STARTED, type SeriesProgress } from '../runs/attempts.ts'

/** What reading one file on needs from its past; plain JSON, saved with its cursor. */
export type FileState = {
  readonly reader: ReaderState
  /** What the file's records have shown of values that it hides. */
  readonly hidden: HiddenState
  /** What it has said since its last record of how the job ended. */
  readonly words: LastWords
  readonly series: Readonly<Record<string, SeriesState>>
  /** There, and true, once a metric was met that there was no room for among the series: that is told once. */
  readonly isFull?: boolean
  /** The fold of the detectors that watch this file's batches. */
  readonly batchDetectors: RuleStates
  /** The fold of the rules about a whole log; not there where they remember nothing. */
  readonly logRules?: RuleStates | undefined
  /** The fold of the rules that the user wrote. */
  readonly userRules: UserRulesState
  readonly trend: Trend
  readonly counts: Counts
}

export type SeriesState = {
  readonly progress: SeriesProgress
  readonly detectors: RuleStates
}

export type Counts = {
  readonly samples: number
  readonly batches: number
  readonly rejects: number
}

export const NEW_SERIES: SeriesState = { progress: NOT_STARTED, detectors: {} }

/** All of them are saved with each commit: a log that invents a name for each line must not make that ever more. */
export const MAX_SERIES = 4096

const TREND_POINTS = 12

const NO_COUNTS: Counts = { samples: 0, batches: 0, rejects: 0 }

/** The state of a file that was not read yet. It is shared: ten thousand of them may be met at once. */
export const NEW_FILE: FileState = {
  reader: startReader(),
  hidden: nothingHidden(),
  words: SILENT,
  series: {},
  batchDetectors: {},
  userRules: NO_USER_RULES,
  trend: { gradNorm: [], learningRate: [], loss: [] },
  counts: NO_COUNTS,
}

/** What is kept of a file that has moved to another path: what it gave was counted under the first. */
export function moved(state: FileState): FileState {
  return { ...state, counts: NO_COUNTS }
}

/** What is kept of a file whose path holds another content now: its series go on, what its lines are is to be found again. */
export function newLife(state: FileState): FileState {
  return { ...state, reader: startReader(), hidden: nothingHidden() }
}

/** The trend after a sample; of roles that lead up to nothing it is the same. */
export function withSample(trend: Trend, { metric, role, step, value }: Sample): Trend {
  const point = { metric, step, value }
  switch (role) {
    case 'grad_norm':
      return { ...trend, gradNorm: withPoint(trend.gradNorm, point) }
    case 'learning_rate':
      return { ...trend, learningRate: withPoint(trend.learningRate, point) }
    case 'train_loss':
      return { ...trend, loss: withPoint(trend.loss, point) }
    default:
      return trend
  }
}

function withPoint(points: readonly Point[], point: Point): readonly Point[] {
  return points.length < TREND_POINTS ? [...points, point] : [...points.slice(1 - TREND_POINTS), point]
}
