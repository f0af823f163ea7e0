import type { JsonValue } from '../../protocol/value.ts'
import type { Rule, RuleStates, Thresholds } from './rule.ts'
import type { DetectorSettings } from './settings.ts'

/** The thresholds of a rule: its defaults, overridden by the settings. */
export function thresholdsOf(
  { name, defaults }: Pick<Rule<string, unknown, Thresholds>, 'name' | 'defaults'>,
  settings: DetectorSettings,
): Thresholds {
  const setting = settings[name]
  return setting === undefined || setting === false ? defaults : ({ ...defaults, ...setting } as Thresholds)
}

/** The state from which a rule goes on: the saved one if it has the version of the rule, or else a new one. */
export function stateOf(
  { name, version, start }: { readonly name: string; readonly version: number; start(): JsonValue },
  states: RuleStates,
): JsonValue {
  const saved = states[name]
  return saved !== undefined && saved.version === version ? saved.state : start()
}
