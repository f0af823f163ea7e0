import type { JsonValue } from '../../protocol/value.ts'
import type { Rule, RuleStates, Thresholds } from './rule.ts'
import type { DetectorSettings } from './settings.ts'

/** The thresholds that a rule runs with: its defaults, and what the settings put in their place. */
export function thresholdsOf(
  { name, defaults }: Pick<Rule<string, unknown, Thresholds>, 'name' | 'defaults'>,
  settings: DetectorSettings,
): Thresholds {
  const setting = settings[name]
  return setting === undefined || setting === false ? defaults : ({ ...defaults, ...setting } as Thresholds)
}

/** The state that a rule goes on from: the saved one where it is of this version, or that of the beginning. */
export function stateOf(
  { name, version, start }: { readonly name: string; readonly version: number; start(): JsonValue },
  states: RuleStates,
): JsonValue {
  const saved = states[name]
  return saved !== undefined && saved.version === version ? saved.state : start()
}
