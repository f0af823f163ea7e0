import type { Rule, RuleFinding, Thresholds } from './rule.ts'

/**
 * How one metric of a run differs from the same metric of its baselines, at the last steps that both have.
 *
 * Differences are in the domain of `level.ts`: nearly a difference of logarithms while a loss is large. Above 0 is worse.
 */
export interface Contrast {
  /** The names of the runs that it is compared with. */
  readonly baselines: readonly string[]
  /** How many pairs of values were compared. */
  readonly pairs: number
  /** The last place compared: a step, or how many values were before it where neither log counts steps. */
  readonly place: number
  /** The median of the run over the last pairs, and that of its baselines, in the unit of the log. */
  readonly level: number
  readonly baseline: number
  /** The difference of the two, in the domain of the level. */
  readonly difference: number
  /** By how much the run is worse than each of its baselines was a fifth of the steps earlier: a run that is only late is none. */
  readonly excess: number
  /** The least difference of the thirds of those last pairs: a difference that stays is in all of them. */
  readonly least: number
  /** With one baseline its own noise around its level; with several how far their levels lie apart. */
  readonly spread: number
  /** The standard error of the difference, from the noise of the pairs and from how the levels wander. */
  readonly error: number
  /** The difference from window to window, the oldest first. */
  readonly windows: readonly ContrastWindow[]
}

interface ContrastWindow {
  /** Where the difference begins to show in it; null where neither log counts steps. */
  readonly step: number | null
  readonly difference: number
}

/** A rule that compares a run with others. It sees a run as it stands at last, and keeps no state. */
export interface ComparisonRule<Name extends string, Facts, Params extends Thresholds>
  extends Rule<Name, Facts, Params> {
  /** What it finds, or null. */
  judge(contrast: Contrast, params: Params): Extract<RuleFinding<Facts>, { kind: 'raise' }> | null
}
