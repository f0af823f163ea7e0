import type { JsonValue } from '../../protocol/value.ts'
import type { Line } from '../reading/lines.ts'
import type { Format, ParseResult } from '../records/format.ts'
import type { FormatSet } from './format-set.ts'
import type { Spread } from './spread-records.ts'

/** Where the reading of one file stands; plain JSON, saved with the cursor. */
export type ReaderState = {
  /** The dialect that reads the file, or null while its lines have not shown it. */
  readonly format: string | null
  /** The dialect's own state. */
  readonly inner: JsonValue
  /** Whether the dialect has found a record. */
  readonly hasRecords: boolean
  /** What has spoken for each dialect that may read on: since the start, or since the last record. */
  readonly scores: Scores
  /** The lines that spoke for one, with the line before each: what that dialect will read first. */
  readonly pending: readonly Line[]
  /** Whether what comes is no text, until a line gives a record again: that is told once. */
  readonly inGarbage: boolean
  /** The last line, unless it gave a record: it may turn out to be a header. */
  readonly previous: Line | null
  /** The lines of a record of several whose end is still to come; not there where none wait. */
  readonly spread?: Spread
}

export type Scores = Readonly<Record<string, number>>

export interface LineResult {
  readonly line: Line
  readonly result: ParseResult
  /**
   * What a line that waits for its dialect says of its job is heard in its turn (`only`: what it gives is told later), and not
   * again (`done`): words that are heard below others show that the job went on.
   */
  readonly hearing?: 'only' | 'done'
}

export interface ReaderStep {
  readonly state: ReaderState
  /** What became of the line, and of those before it that were still pending. */
  readonly results: readonly LineResult[]
}

export function startReader(): ReaderState {
  return { format: null, inner: null, hasRecords: false, scores: {}, pending: [], inGarbage: false, previous: null }
}

/** The dialect that reads the file; null while its lines have not shown it. */
export function formatOf(state: ReaderState, { byName }: FormatSet): Format | null {
  return state.format === null ? null : (byName.get(state.format) ?? null)
}
