import type { Severity } from '../../protocol/alert.ts'
import type { JsonValue } from '../../protocol/value.ts'
import type { Crash } from '../job/last-words.ts'
import type { WriteIntervals } from '../job/write-intervals.ts'
import type { WritingProcess } from '../job/writer.ts'
import type { Rule, RuleOutcome, Thresholds } from './rule.ts'

/** What happens to a log as a whole. */
export type LogEvent =
  /** A file has a line that holds no data. */
  | { readonly kind: 'line'; readonly text: string }
  /** A file has a line of which nothing was read, or no value that is not finite. `hasLosses` says whether a loss was read before. */
  | { readonly kind: 'unread'; readonly text: string; readonly offset: number; readonly hasLosses: boolean }
  /** A file shows that the job died, or shows it more surely than before. */
  | { readonly kind: 'death'; readonly crash: Crash }
  /**
   * A record followed in a file that had shown a death: the job caught the error and goes on, or has started again. Or its
   * words show that it went on to its end.
   */
  | { readonly kind: 'revival'; readonly how: 'caught' | 'survived' | 'restarted'; readonly step: number | null }
  /**
   * Nothing has been written to a run since `intervals.lastMs`, by a clock that never jumps, and nothing says that it has
   * ended. `holder` is a living process that holds one of its logs open for writing. Where none is seen the job may have
   * ended in silence, and is not said to be lost before `lostAfterMs`.
   */
  | {
      readonly kind: 'silence'
      readonly intervals: WriteIntervals
      readonly nowMs: number
      readonly holder: WritingProcess | null
      readonly lostAfterMs: number
    }
  /** The run has ended: nobody waits for its next line. */
  | { readonly kind: 'end' }
  /**
   * Something was written to the run. It comes once for each read, and how a file is cut into reads must not show: a rule
   * may end an incident by it, and must not count it.
   */
  | { readonly kind: 'growth' }

/**
 * A rule about a log as a whole, as a pure fold over what happens to it.
 *
 * Its state is plain JSON, or null for none. It has one state for each file,
 * which changes with the events of that file, and one for the run, which
 * changes with silence and growth.
 */
export interface LogRule<Name extends string, Facts, Params extends Thresholds, State extends JsonValue>
  extends Rule<Name, Facts, Params> {
  /** Raised when the shape of `State` changes; a saved state of another version is dropped. */
  readonly version: number
  /** The kinds of events that `step` is shown. */
  readonly observes: readonly LogEvent['kind'][]
  start(): State
  /** `standing` is how severe the open alert of this rule in this run is, or null where there is none. */
  step(state: State, event: LogEvent, params: Params, standing: Severity | null): RuleOutcome<State, Facts>
}
