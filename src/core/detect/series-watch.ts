import type { Role } from '../../protocol/sample.ts'
import type { JsonValue } from '../../protocol/value.ts'
import type { Detector, DetectorStates, Finding, Observation } from './detector.ts'
import { DETECTORS } from './index.ts'
import type { DetectorSettings } from './settings.ts'

interface Slot {
  readonly detector: Detector<unknown, JsonValue>
  readonly params: unknown
  state: JsonValue
}

const NOTHING: readonly Finding[] = []

/**
 * One series, or the batches of one file, under watch while a read is judged.
 *
 * Who watches it, and with what thresholds, is settled once and not for each
 * value. The saved states that it begins with never change.
 */
export class Watch {
  readonly #saved: DetectorStates
  readonly #settings: DetectorSettings
  readonly #slots = new Map<string, Slot>()
  #kind: Observation['kind'] | null = null
  #role: Role | null = null
  #watching: readonly Slot[] = []

  constructor(saved: DetectorStates, settings: DetectorSettings) {
    this.#saved = saved
    this.#settings = settings
  }

  /** Folds one observation through every detector that watches it. */
  observe(seen: Observation): readonly Finding[] {
    const { metric, role } = seen.kind === 'sample' ? seen.sample : seen.at
    if (seen.kind !== this.#kind || role !== this.#role) {
      this.#kind = seen.kind
      this.#role = role
      this.#watching = DETECTORS.filter(
        (detector) => this.#settings[detector.rule] !== false && detector.watches(seen.kind, metric, role),
      ).map((detector) => this.#slotOf(detector))
    }
    let findings = NOTHING
    for (const slot of this.#watching) {
      const outcome = slot.detector.step(slot.state, seen, slot.params)
      slot.state = outcome.state
      if (outcome.findings.length > 0) findings = [...findings, ...outcome.findings]
    }
    return findings
  }

  /** The states after all that was observed, to be saved. */
  get states(): DetectorStates {
    const states: Record<string, DetectorStates[string]> = { ...this.#saved }
    for (const { detector, state } of this.#slots.values()) {
      states[detector.rule] = { version: detector.version, state }
    }
    return states
  }

  #slotOf(detector: Detector<unknown, JsonValue>): Slot {
    const { rule, version, defaults } = detector
    const known = this.#slots.get(rule)
    if (known !== undefined) return known
    const saved = this.#saved[rule]
    const setting = this.#settings[rule]
    const slot = {
      detector,
      params: setting === undefined || setting === false ? defaults : { ...(defaults as object), ...setting },
      state: saved !== undefined && saved.version === version ? saved.state : detector.start(),
    }
    this.#slots.set(rule, slot)
    return slot
  }
}
