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
import { NO_TREND } from './trend.ts'

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
  /** True once a record counted episodes; not there before. */
  readonly isOfEpisodes?: boolean
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

const NO_COUNTS: Counts = { samples: 0, batches: 0, rejects: 0 }

/** The state of a file that was not read yet. All new files share it, for there may be ten thousand of them at once. */
export const NEW_FILE: FileState = {
  reader: startReader(),
  hidden: nothingHidden(),
  words: SILENT,
  series: {},
  batchDetectors: {},
  userRules: NO_USER_RULES,
  trend: NO_TREND,
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
