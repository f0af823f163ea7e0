import type { Incident, Transition } from '../alerts/incident.ts'
import { applyFinding, type FindingPlace } from '../alerts/incidents.ts'
import { stamped } from '../detect/finding.ts'
import { type AnyLogRule, LOG_RULES } from '../detect/index.ts'
import type { LogEvent } from '../detect/log-rule.ts'
import type { RuleFinding, RuleStates } from '../detect/rule.ts'
import { stateOf, thresholdsOf } from '../detect/rule-setup.ts'
import type { DetectorSettings } from '../detect/settings.ts'
import { NOT_STARTED } from '../runs/attempts.ts'
import type { FileState } from '../state/file-state.ts'
import type { RunMemory } from '../state/run-memory.ts'
import { sightingOfWords } from './sighting.ts'

/** What a rule about a whole log found. */
interface LogFinding {
  readonly rule: string
  readonly finding: RuleFinding<unknown>
}

/** What an event changes in a run. */
interface RunChange {
  readonly memory: RunMemory
  readonly transitions: readonly Transition[]
}

/** The rules that observe each kind of event. Without this table every line of a log would go through all of them. */
const OBSERVERS = new Map<LogEvent['kind'], readonly AnyLogRule[]>()
for (const rule of LOG_RULES) {
  for (const kind of rule.observes) OBSERVERS.set(kind, [...(OBSERVERS.get(kind) ?? []), rule])
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

  /** The states after all events so far, to be saved; undefined where no rule remembers anything. */
  get states(): RuleStates | undefined {
    return this.#states
  }

  /** Shows an event to the rules that observe its kind. `open` are the open incidents of the run. */
  observe(event: LogEvent, open: readonly Incident[]): readonly LogFinding[] {
    const rules = OBSERVERS.get(event.kind)
    return rules === undefined ? NOTHING : rules.flatMap((rule) => this.#step(rule, event, open))
  }

  /** Shows an event to one rule. A rule that is switched off raises nothing, but what it raised before may still end. */
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
 * Folds an event of a run as a whole into its incidents.
 *
 * A new alert gets the place that the log has come to. An open one keeps its
 * place. `fileOf` gives the state of the file at `place`, or undefined where
 * nothing is known of it.
 */
export function observeRun(
  memory: RunMemory,
  event: LogEvent,
  settings: DetectorSettings,
  place: FindingPlace,
  fileOf: () => FileState | undefined,
): RunChange {
  const rules = new LogRules(memory.logRules, settings)
  const transitions: Transition[] = []
  let { incidents } = memory
  for (const { rule, finding } of rules.observe(event, incidents.open)) {
    const file = fileOf()
    if (file === undefined) continue
    const open = openOf(incidents.open, rule)?.worst
    const at =
      open === undefined
        ? sightingOfWords(file.trend, (metric) => file.series[metric]?.progress ?? NOT_STARTED, memory.lastStep, null)
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
