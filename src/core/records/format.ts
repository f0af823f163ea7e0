import type { Role } from '../../protocol/sample.ts'
import type { JsonValue, MetricValue } from '../../protocol/value.ts'
import type { Sequences } from '../measure/aligned-sequences.ts'
import type { PredictionBatch } from '../measure/prediction-batch.ts'
import type { Line } from '../reading/lines.ts'

/** One metric of one record, under the name that the log gives it. */
export interface Scalar {
  readonly metric: string
  readonly role: Role
  /** The role that it is judged in, where its file makes that another one: a part is the loss where there is no whole. */
  readonly actsAs?: Role
  readonly value: MetricValue
  /** The log's own text of a non-finite value, at most 64 characters; null for a finite one. */
  readonly raw: string | null
  /** The decimals of a 0 that may stand for a small number that the log has rounded. */
  readonly zeroDecimals?: number
}

/** What one record of a log says, before attempts and series are known. */
export type LogRecord =
  | {
      readonly kind: 'scalars'
      readonly offset: number
      readonly step: number | null
      readonly epoch: number | null
      /** When the log says it was written, ISO 8601. */
      readonly time: string | null
      readonly scalars: readonly Scalar[]
      /** Every metric of the step is NaN because nothing was recorded: a hole in the log and no failure. */
      readonly isPlaceholder?: true
      /** Whether it counts episodes, of which no metric has to speak. */
      readonly isOfEpisodes?: true
      /** The training losses that the record names without a value: an empty cell, or null. */
      readonly blanks?: readonly string[]
      /** What stands beside the metrics of predictions that no label belongs to by its place. */
      readonly sequences?: Sequences
    }
  | { readonly kind: 'batch'; readonly offset: number; readonly batch: PredictionBatch }
  /** What the log says in place of a value that the framework has hidden: a NaN that is not there to be read. */
  | {
      readonly kind: 'hidden'
      readonly offset: number
      readonly step: number | null
      readonly epoch: number | null
      /** The metric whose value is hidden, by the log's own name. */
      readonly metric: string
      readonly role: Role
      readonly reason: HidingReason
      /** How the framework hides it and what shows that, as one sentence. */
      readonly detail: string
      /** Batches without anything to learn from look the same. */
      readonly isDoubtful?: boolean
    }

/** A record of metrics. */
export type ScalarsRecord = Extract<LogRecord, { kind: 'scalars' }>

/**
 * The ways in which a framework hides a NaN, as far as its log betrays them:
 * `zero-loss` a loss of exactly 0 beside a gradient norm that is NaN;
 * `repeated-loss` the previous average again; `missing-loss` a loss that all
 * steps before had; `missing-epoch` a row that was never written; `told` a
 * message in words; `clamped` the largest double in place of an infinity;
 * `scale-halving` a loss scale that only goes down; `counted` a counter of NaNs.
 */
export type HidingReason =
  | 'zero-loss'
  | 'repeated-loss'
  | 'missing-loss'
  | 'missing-epoch'
  | 'told'
  | 'clamped'
  | 'scale-halving'
  | 'counted'

/** `damaged` speaks of a whole file, `binary` of one or of what a text goes on with, the others of a line. */
export type RejectReason =
  | 'broken-json'
  | 'broken-row'
  | 'bad-batch'
  | 'line-too-long'
  | 'too-deep'
  | 'bad-number'
  | 'too-many-values'
  | 'binary'
  /** A record of a binary file whose checksum does not fit, or that cannot be what its file is. */
  | 'broken-frame'
  /** A file that is known and not read: it would execute code, or no program here can read it. */
  | 'refused'
  | 'damaged'

export type ParseResult =
  | {
      readonly kind: 'records'
      readonly records: readonly LogRecord[]
      /** Set where the line holds more values than are read: says what was left out, which becomes a reject. */
      readonly unread?: string
    }
  /** The line holds no data: a banner, a progress bar, a header. */
  | { readonly kind: 'skip' }
  /** The line should have held data but does not read: kept, counted and shown. */
  | {
      readonly kind: 'reject'
      readonly reason: RejectReason
      readonly detail: string
      /** Set where the line reads like words of the job, and not like data that is broken: these may be its last. */
      readonly isProse?: boolean
    }

/** A parse result with the state that the next line is read with. */
export interface Parsed<State extends JsonValue> {
  readonly result: ParseResult
  readonly state: State
}

/** How strongly a line speaks for a format. Three hints weigh as much as one sure line. */
export type Claim = 'sure' | 'hint' | 'no'

/**
 * One log dialect, as a fold over the lines of a file.
 *
 * Pure: no clock, no disk. The state is plain JSON and is saved with the
 * cursor, so a restart reads on in mid-file as if nothing had happened.
 */
export interface Format<State extends JsonValue = JsonValue> {
  readonly name: string
  /** One sentence for `nanwatch formats` and the docs. */
  readonly about: string
  /** A line of it, with those before that it needs. */
  readonly example: string
  /** A longer line is counted and skipped in constant memory. */
  readonly maxLineBytes: number
  /**
   * Whether `line` looks like this dialect. `previous` is the line before it, or null at the top; `path` is that of
   * the file: some layouts say only there what their numbers are.
   */
  claim(line: string, previous: string | null, path?: string): Claim
  /**
   * The reject of a line that is a broken one of this dialect whatever the file is, or null. A file may hold nothing else,
   * and then nothing shows its dialect.
   */
  broken?(line: Line): ParseResult | null
  /** The state before the first line. */
  start(path?: string): State
  parse(line: Line, state: State): Parsed<State>
  /** Says what still waits in the state once the writer has left: rows of a batch that another row would end. */
  finish?(state: State): Parsed<State>
}

export const PREDICTION_LINE_BYTES = 64 * 1024 * 1024

/** The most metrics that are read of one record. */
export const MAX_METRICS = 2048

/** The records of a line, or a skip where there are none. */
export function recordsOf(records: readonly LogRecord[], unread: string | null): ParseResult {
  if (records.length === 0) return SKIP
  return unread === null ? { kind: 'records', records } : { kind: 'records', records, unread }
}

export const SKIP: ParseResult = { kind: 'skip' }
