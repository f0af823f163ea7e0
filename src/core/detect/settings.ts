import type { JsonValue } from '../../protocol/value.ts'
import type { DetectorStates } from '../file-state.ts'
import type { Detector, Finding, Observation } from './detector.ts'
import { DETECTORS } from './index.ts'

/** Per rule: false switches it off; an object overrides some of its defaults. */
export type DetectorSettings = Readonly<Record<string, false | Readonly<Record<string, JsonValue>>>>

/** Folds one observation through every detector that watches it. */
export function detect(
  states: DetectorStates,
  seen: Observation,
  settings: DetectorSettings,
): { readonly states: DetectorStates; readonly findings: readonly Finding[] } {
  const { metric, role } = seen.kind === 'sample' ? seen.sample : seen.at
  let next = states
  const findings: Finding[] = []
  for (const detector of DETECTORS) {
    const setting = settings[detector.rule]
    if (setting === false || !detector.watches(seen.kind, metric, role)) continue
    const before = saved(detector, states)
    const outcome = detector.step(before, seen, paramsOf(detector, setting))
    if (outcome.state !== before) {
      if (next === states) next = { ...states }
      ;(next as Record<string, DetectorStates[string]>)[detector.rule] = {
        version: detector.version,
        state: outcome.state,
      }
    }
    findings.push(...outcome.findings)
  }
  return { states: next, findings }
}

function saved(detector: Detector<unknown, JsonValue>, states: DetectorStates): JsonValue {
  const entry = states[detector.rule]
  return entry !== undefined && entry.version === detector.version ? entry.state : detector.start()
}

function paramsOf(detector: Detector<unknown, JsonValue>, setting: DetectorSettings[string] | undefined): unknown {
  return setting === undefined || setting === false
    ? detector.defaults
    : { ...(detector.defaults as Record<string, JsonValue>), ...setting }
}
