import type { Severity } from '../../protocol/alert.ts'
import type { Role } from '../../protocol/sample.ts'
import type { JsonValue, MetricValue } from '../../protocol/value.ts'
import type { Profile } from './settings.ts'

/** The place in a log where something was observed, and the value there. */
export interface Sighting {
  readonly metric: string
  readonly role: Role
  readonly step: number | null
  readonly attempt: number
  readonly offset: number | null
  readonly value: MetricValue
  /** When the log says it happened, ISO 8601, or null. */
  readonly time: string | null
  /** Whose words show it, in a file into which several ranks write. */
  readonly rank?: number
}

/** What a rule needs from a log. In a source that lacks one of its needs, the rule cannot find everything. */
export type Need =
  | 'samples'
  | 'times'
  | 'hidden-values'
  | 'predictions'
  | 'probabilities'
  | 'lines-without-data'
  | 'clock'
  | 'baseline'

/** The settings of a rule: numbers above 0, by name. */
export type Thresholds = Readonly<Record<string, number>>

/** What the findings of a rule mean for a failing loss. Several rules may see one failure, and their findings become one alert. */
export interface FailureSign {
  /** How much it says about the failure. Of two equally severe signs the one with the larger weight gives the alert its headline. */
  readonly weight: number
  /** The rules that see what this one only warns of. Once one of them has fired, this sign no longer keeps the failure open. */
  readonly foretells?: readonly string[]
}

/** What the pages in `docs` say about a rule, in Markdown. A sentence takes each threshold that it names from the thresholds. */
export interface RuleDocument<Params extends Thresholds> {
  /** What the rule finds, in a few words. */
  readonly about: string
  readonly watches: string
  fires(thresholds: Params): string
  severity(thresholds: Params): string
}

/** What every rule states about itself. Lists, configuration, schema and documentation are derived from it. */
export interface Rule<Name extends string, Facts, Params extends Thresholds> {
  readonly name: Name
  /** The thresholds. Each is a setting in the configuration. */
  readonly defaults: Params
  /** The thresholds of other profiles, where they differ from the defaults. */
  readonly profiles?: Readonly<Partial<Record<Exclude<Profile, 'default'>, Partial<Params>>>>
  readonly needs: readonly Need[]
  /**
   * The fewest values of a series, or batches of a file, from which it can find anything. A rule that states none has its
   * `warmupSamples` and one more, or finds something in the first value.
   */
  leastValues?(thresholds: Params, lastStep: number | null): number
  /** Whether it judges how a loss goes over the run, and not one value or a few. */
  readonly judgesCourse?: true
  /** Only the rules that see a loss fail have one. */
  readonly failureSign?: FailureSign
  readonly document: RuleDocument<Params>
  /** One sentence that says what happened. The caller puts the step before it. */
  headline(at: Sighting, facts: Facts): string
}

/** What a rule finds in one observation: an incident begins, gets worse, or is over. `stamped` adds the rule and the place. */
export type RuleFinding<Facts> =
  | {
      readonly kind: 'raise'
      readonly severity: Severity
      readonly facts: Facts
      /** Whether it takes the place of what was found before, be that graver: more is not known any longer. */
      readonly lowers?: true
    }
  | {
      readonly kind: 'clear'
      /** A sentence that says why it turned out to be harmless, where it did. Its alert then becomes one of severity `info`. */
      readonly calledOff?: string
      /** A sentence that says how it ended, for an alert that was only noted. */
      readonly ended?: string
    }

/** The outcome of one observation: the state after it, and what was found. */
export interface RuleOutcome<State extends JsonValue, Facts> {
  readonly state: State
  readonly findings: readonly RuleFinding<Facts>[]
}

/** Saved states by rule. A state of another version than the rule's is dropped. */
export type RuleStates = Readonly<Record<string, { readonly version: number; readonly state: JsonValue }>>

const NOTHING: readonly never[] = []
const CLEAR: readonly RuleFinding<never>[] = [{ kind: 'clear' }]

/** The usual outcome: nothing was found. */
export function unchanged<State extends JsonValue>(state: State): RuleOutcome<State, never> {
  return { state, findings: NOTHING }
}

/** The outcome where an incident begins, or gets worse. */
export function raised<State extends JsonValue, Facts>(
  state: State,
  severity: Severity,
  facts: Facts,
): RuleOutcome<State, Facts> {
  return { state, findings: [{ kind: 'raise', severity, facts }] }
}

/** The outcome where an incident goes on, and is less severe than it was. */
export function lowered<State extends JsonValue, Facts>(
  state: State,
  severity: Severity,
  facts: Facts,
): RuleOutcome<State, Facts> {
  return { state, findings: [{ kind: 'raise', severity, facts, lowers: true }] }
}

/** The outcome where the incident is over. */
export function cleared<State extends JsonValue>(state: State): RuleOutcome<State, never> {
  return { state, findings: CLEAR }
}

/** The outcome where the incident turned out to be harmless, with the sentence that says why. */
export function calledOff<State extends JsonValue>(state: State, sentence: string): RuleOutcome<State, never> {
  return { state, findings: [{ kind: 'clear', calledOff: sentence }] }
}

/** The outcome where the incident is over, with the sentence that says so where it was only noted. */
export function ended<State extends JsonValue>(state: State, sentence: string): RuleOutcome<State, never> {
  return { state, findings: [{ kind: 'clear', ended: sentence }] }
}
