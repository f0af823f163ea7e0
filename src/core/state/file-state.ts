import type { Sample } from '../../protocol/sample.ts'
import { isFinite } from '../../protocol/value.ts'
import type { Point } from '../causes/circumstances.ts'
import type { Gain } from '../detect/gain.ts'
import type { RuleStates } from '../detect/rule.ts'
import type { Trend } from '../diagnose/diagnosis.ts'
import { NO_USER_RULES, type UserRulesState } from '../expression/user-rule.ts'
import { type ReaderState, startReader } from '../formats/reader-state.ts'
import type { WrappedState } from '../formats/source-readers.ts'
import { type HiddenState, nothingHidden } from '../hidden/hidden-values.ts'
import { afterReplacement, type LastWords, SILENT } from '../job/last-words.ts'
import type { BatchReading } from '../measure/batch-reading.ts'
import type { LossesSeen } from '../records/acting-losses.ts'
import type { SumOfEpoch } from '../records/sum-of-epoch.ts'
import { NOT_STARTED, type SeriesProgress } from '../runs/attempts.ts'

/** Everything that reading on in a file needs from its past; plain JSON, saved with its cursor. */
export type FileState = {
  readonly reader: ReaderState
  /** What stands before its lines, and who writes them; not there before the first. A state of an older version has none. */
  readonly wrapped?: WrappedState
  /** The kinds of loss that the file has shown; not there before the first. A state of an older version has none. */
  readonly losses?: LossesSeen
  /** What the file's records have shown about values that it hides. */
  readonly hidden: HiddenState
  /** What the file has said about the end of the job since its last record. */
  readonly words: LastWords
  /** The same of each rank whose lines have its mark; not there before the first such line. */
  readonly rankWords?: Readonly<Record<string, LastWords>> | undefined
  readonly series: Readonly<Record<string, SeriesState>>
  /** True once there was no room for the series of a metric, which is reported once; not there before. */
  readonly isFull?: boolean
  /** The states of the detectors that watch this file's batches. */
  readonly batchDetectors: RuleStates
  /** The states of the detectors that watch this file's records; not there before the first. A state of an older version has none. */
  readonly recordDetectors?: RuleStates
  /** The states of the rules about a whole log; not there where they remember nothing. */
  readonly logRules?: RuleStates | undefined
  /** The state of the rules that the user wrote. */
  readonly userRules: UserRulesState
  readonly trend: Trend
  /** How its batches of predictions are to be read; not there before the first. */
  readonly batchReading?: BatchReading
  /** Whether it holds sequences that the loss aligns, which is said once; not there before the first. */
  readonly hasSequences?: true
  /** What a policy gains; not there before the first reward. */
  readonly gain?: Gain
  readonly counts: Counts
}

export type SeriesState = {
  readonly progress: SeriesProgress
  readonly detectors: RuleStates
  /** Only of a loss that may be a sum over an epoch. */
  readonly sum?: SumOfEpoch
}

export type Counts = {
  readonly samples: number
  readonly batches: number
  readonly rejects: number
}

export const NEW_SERIES: SeriesState = { progress: NOT_STARTED, detectors: {} }

/** The most series of a file. All are saved with each commit, and a log may invent a new name in each line. */
export const MAX_SERIES = 4096

const TREND_POINTS = 12
/** A file has few losses and gradient norms of the whole model; of more only the first are compared with how they began. */
const MAX_BEGINNINGS = 8
/** Of more metrics that are not finite at once, which of them broke first says little. */
const MAX_BROKEN = 16

const NO_COUNTS: Counts = { samples: 0, batches: 0, rejects: 0 }

/** The state of a file that was not read yet. All new files share it, for there may be ten thousand of them at once. */
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

/** Whether samples or batches were read in a file, under this name or another. */
export function hasBroughtData({ series, counts: { batches } }: FileState): boolean {
  return batches > 0 || Object.keys(series).length > 0
}

/** The state of a file that was renamed. Its counts start at 0, because what was read so far is counted under the old path. */
export function moved(state: FileState): FileState {
  return { ...state, counts: NO_COUNTS }
}

/** The state of a file that was truncated or replaced. Its series go on, but its format has to be found again. */
export function newLife({ wrapped: _, ...state }: FileState): FileState {
  const { words, rankWords } = state
  const ofRanks = Object.entries(rankWords ?? {}).map(([rank, own]) => [rank, afterReplacement(own)])
  return {
    ...state,
    reader: startReader(),
    hidden: nothingHidden(),
    words: afterReplacement(words),
    ...(rankWords !== undefined && { rankWords: Object.fromEntries(ofRanks) }),
  }
}

type FollowedSample = Sample & { readonly isPlaceholder?: true }

/** The trend after a sample. A finite one of a role that explains nothing does not change it. */
export function withSample(before: Trend, sample: FollowedSample): Trend {
  const { metric, role, step, value } = sample
  const trend = isFinite(value) && before.brokenSince === undefined ? before : withBroken(before, sample)
  const point = { metric, step, value }
  switch (role) {
    case 'grad_norm':
      return withBeginning({ ...trend, gradNorm: withPoint(trend.gradNorm, point) }, point)
    case 'learning_rate':
      return { ...trend, learningRate: withPoint(trend.learningRate, point) }
    case 'train_loss':
      return withBeginning({ ...trend, loss: withPoint(trend.loss, point) }, point)
    case 'val_loss':
      return { ...trend, validationLoss: withPoint(trend.validationLoss ?? [], point) }
    default:
      return trend
  }
}

/** The trend with the first finite value of a metric. */
function withBeginning(trend: Trend, { metric, value }: Point): Trend {
  const { began = {} } = trend
  if (Object.hasOwn(began, metric) || !isFinite(value) || Object.keys(began).length === MAX_BEGINNINGS) return trend
  return { ...trend, began: { ...began, [metric]: value } }
}

/** The trend with the step since which a metric is not finite, or without that of one that is finite again. */
function withBroken(trend: Trend, { metric, step, value, isPlaceholder }: FollowedSample): Trend {
  const { brokenSince = {} } = trend
  const isKnown = Object.hasOwn(brokenSince, metric)
  if (isPlaceholder === true || isFinite(value) !== isKnown) return trend
  if (!isKnown) {
    if (Object.keys(brokenSince).length === MAX_BROKEN) return trend
    return { ...trend, brokenSince: { ...brokenSince, [metric]: step } }
  }
  const { [metric]: _, ...rest } = brokenSince
  const { brokenSince: __, ...others } = trend
  return Object.keys(rest).length === 0 ? others : { ...others, brokenSince: rest }
}

function withPoint(points: readonly Point[], point: Point): readonly Point[] {
  return points.length < TREND_POINTS ? [...points, point] : [...points.slice(1 - TREND_POINTS), point]
}
