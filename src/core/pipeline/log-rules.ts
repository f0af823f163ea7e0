import type { Incident, Transition } from '../alerts/incident.ts'
import { applyFinding, type FindingPlace } from '../alerts/incidents.ts'
import { stamped } from '../detect/finding.ts'
import { type AnyLogRule, LOG_RULES } from '../detect/index.ts'
import type { LogEvent } from '../detect/log-rule.ts'
import type { RuleFinding, RuleStates } from '../detect/rule.ts'
import { stateOf, thresholdsOf } from '../detect/rule-setup.ts'
import type { DetectorSettings } from '../detect/settings.ts'
import type { FileState } from '../state/file-state.ts'
import type { RunMemory } from '../state/run-memory.ts'
import { sightingOfWords } from './sighting.ts'

/** What a rule about a whole log has found. */
interface LogFinding {
  readonly rule: string
  readonly finding: RuleFinding<unknown>
}

/** A run after something happened to it. */
interface RunChange {
  readonly memory: RunMemory
  readonly transitions: readonly Transition[]
}

/** The rules that hear of each kind of event. Most lines are heard by none. */
const HEARERS = new Map<LogEvent['kind'], readonly AnyLogRule[]>()
for (const rule of LOG_RULES) {
  for (const kind of rule.hears) HEARERS.set(kind, [...(HEARERS.get(kind) ?? []), rule])
}

const NOTHING: readonly LogFinding[] = []

/** The rules about a whole log, with the states that they have in one file or in one run. */
export class LogRules {
  #states: RuleStates | undefined
  readonly #settings: DetectorSettings

  constructor(states: RuleStates | undefined, settings: DetectorSettings) {
    this.#states = states
    this.#settings = settings
  }

  /** The states after all that was heard, to be saved; undefined where no rule remembers anything. */
  get states(): RuleStates | undefined {
    return this.#states
  }

  /** Shows an event to the rules that hear of it. `open` are the incidents that stand in the run. */
  hear(event: LogEvent, open: readonly Incident[]): readonly LogFinding[] {
    const rules = HEARERS.get(event.kind)
    return rules === undefined ? NOTHING : rules.flatMap((rule) => this.#step(rule, event, open))
  }

  /** A rule that is switched off raises nothing. What it raised before may still end. */
  #step(rule: AnyLogRule, event: LogEvent, open: readonly Incident[]): LogFinding[] {
    const { name, version } = rule
    const isOff = this.#settings[name] === false
    const standing = openOf(open, name)?.alert.severity ?? null
    if (isOff && standing === null) return []
    const { state, findings } = rule.step(
      stateOf(rule, this.#states ?? {}),
      event,
      thresholdsOf(rule, this.#settings),
      standing,
    )
    if (state !== null && state !== this.#states?.[name]?.state) {
      this.#states = { ...this.#states, [name]: { version, state } }
    }
    return findings.filter(({ kind }) => !isOff || kind === 'clear').map((finding) => ({ rule: name, finding }))
  }
}

/**
 * Folds what happened to a run as a whole into its incidents.
 *
 * An alert that opens is about the place where the log stands. One that is open
 * stays where it is. `fileOf` gives the file at the place, or undefined where nothing is known of it.
 */
export function hearOfRun(
  memory: RunMemory,
  event: LogEvent,
  settings: DetectorSettings,
  place: FindingPlace,
  fileOf: () => FileState | undefined,
): RunChange {
  const rules = new LogRules(memory.logRules, settings)
  const transitions: Transition[] = []
  let { incidents } = memory
  for (const { rule, finding } of rules.hear(event, incidents.open)) {
    const file = fileOf()
    if (file === undefined) continue
    const open = openOf(incidents.open, rule)?.worst
    const at =
      open === undefined
        ? sightingOfWords(file.trend, (metric) => file.series[metric], memory.lastStep, null)
        : { ...open.finding.at, ...(finding.kind === 'clear' ? { step: memory.lastStep } : {}) }
    const where = open === undefined ? place : { ...place, file: open.file }
    const changed = applyFinding(incidents, stamped(rule, finding, at), file.trend, noBatch, where)
    incidents = changed.incidents
    transitions.push(...changed.transitions)
  }
  const isSame = incidents === memory.incidents && rules.states === memory.logRules
  return { memory: isSame ? memory : { ...memory, incidents, logRules: rules.states }, transitions }
}

/** No batch of predictions explains what happens to a log as a whole. */
const noBatch = () => null

function openOf(open: readonly Incident[], rule: string): Incident | undefined {
  return open.find(({ alert }) => alert.rule === rule)
}
