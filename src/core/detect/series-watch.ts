import type { Role } from '../../protocol/sample.ts'
import type { JsonValue } from '../../protocol/value.ts'
import type { CalmInputs } from './detector.ts'
import { type DetectorInput, sightingOf } from './detector.ts'
import { type Finding, stamped } from './finding.ts'
import { type AnyDetector, DETECTORS } from './index.ts'
import type { RuleStates, Thresholds } from './rule.ts'
import { stateOf, thresholdsOf } from './rule-setup.ts'
import type { DetectorSettings } from './settings.ts'

/** A detector at work, with its thresholds and its state. */
interface Slot {
  readonly detector: AnyDetector
  readonly params: Thresholds
  state: JsonValue
}

const NOTHING: readonly Finding[] = []

/**
 * Runs the detectors over one series, or over the batches of one file, while a read is folded.
 *
 * Which detectors watch the series, and with what thresholds, is determined once
 * and not for each value. The saved states that it begins with never change.
 */
export class Watch {
  readonly #saved: RuleStates
  readonly #settings: DetectorSettings
  readonly #slots = new Map<string, Slot>()
  #kind: DetectorInput['kind'] | null = null
  #role: Role | null = null
  #watching: readonly Slot[] = []

  constructor(saved: RuleStates, settings: DetectorSettings) {
    this.#saved = saved
    this.#settings = settings
  }

  /** Folds one observation through every detector that watches it. */
  observe(seen: DetectorInput): readonly Finding[] {
    const { metric, role } = seen.kind === 'sample' ? seen.sample : seen.at
    let findings = NOTHING
    for (const slot of this.#slotsFor(seen.kind, metric, role)) {
      const outcome = slot.detector.step(slot.state, seen, slot.params)
      slot.state = outcome.state
      if (outcome.findings.length === 0) continue
      const at = sightingOf(seen)
      findings = [...findings, ...outcome.findings.map((found) => stamped(slot.detector.name, found, at))]
    }
    return findings
  }

  /**
   * Folds observations through every detector that watches them, unless one finds something. Returns how to keep what came of
   * it; until then, and where it is null, nothing has changed.
   */
  calm(inputs: CalmInputs): (() => void) | null {
    const slots = this.#slotsFor(inputs.kind, inputs.metric, inputs.role)
    const states = slots.map(({ detector, state, params }) => detector.calm?.(state, inputs, params) ?? null)
    return steppedCalmly(slots, states, inputs.length, inputs.seenAt)
  }

  /** The same where more than numbers changes from one to the next: each goes through `step`. All are of one kind. */
  stepCalmly(
    { kind, metric, role }: Pick<CalmInputs, 'kind' | 'metric' | 'role'>,
    length: number,
    seenAt: CalmInputs['seenAt'],
  ): (() => void) | null {
    const slots = this.#slotsFor(kind, metric, role)
    return steppedCalmly(
      slots,
      slots.map(() => null),
      length,
      seenAt,
    )
  }

  /** The states after all that was observed, to be saved. */
  get states(): RuleStates {
    const states: Record<string, RuleStates[string]> = { ...this.#saved }
    for (const { detector, state } of this.#slots.values()) {
      states[detector.name] = { version: detector.version, state }
    }
    return states
  }

  /** The detectors that watch what is observed. */
  #slotsFor(kind: DetectorInput['kind'], metric: string, role: Role): readonly Slot[] {
    if (kind !== this.#kind || role !== this.#role) {
      this.#kind = kind
      this.#role = role
      this.#watching = DETECTORS.filter(
        (detector) => this.#settings[detector.name] !== false && detector.watches(kind, metric, role),
      ).map((detector) => this.#slotOf(detector))
    }
    return this.#watching
  }

  #slotOf(detector: AnyDetector): Slot {
    const { name } = detector
    const known = this.#slots.get(name)
    if (known !== undefined) return known
    const slot = {
      detector,
      params: thresholdsOf(detector, this.#settings),
      state: stateOf(detector, this.#saved),
    }
    this.#slots.set(name, slot)
    return slot
  }
}

/** Folds inputs through those detectors of which no state is given, unless one finds something. */
function steppedCalmly(
  slots: readonly Slot[],
  states: (JsonValue | null)[],
  length: number,
  seenAt: CalmInputs['seenAt'],
): (() => void) | null {
  const others = [...states.keys()].filter((at) => states[at] === null)
  for (const at of others) states[at] = slots[at]!.state
  for (let index = 0; others.length > 0 && index < length; index++) {
    const seen = seenAt(index)
    for (const at of others) {
      const { detector, params } = slots[at]!
      const outcome = detector.step(states[at]!, seen, params)
      if (outcome.findings.length > 0) return null
      states[at] = outcome.state
    }
  }
  return () => {
    for (const [index, slot] of slots.entries()) slot.state = states[index]!
  }
}
