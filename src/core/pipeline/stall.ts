import type { Transition } from '../alerts/incident.ts'
import { applyFinding, type Place } from '../alerts/incidents.ts'
import type { Silence } from '../job/cadence.ts'
import type { FileState } from '../state/file-state.ts'
import type { RunMemory } from '../state/run-memory.ts'
import { sightingOfWords } from './sightings.ts'

interface Changed {
  readonly memory: RunMemory
  readonly transitions: readonly Transition[]
}

const nothing = () => null

/** Opens an alert for a silence that is too long, or makes it worse; `file` is what grew last in the run. */
export function stall(memory: RunMemory, silence: Silence, file: FileState, place: Place): Changed {
  const open = openStall(memory)
  const isKnown = open !== undefined && (open.alert.severity === 'critical' || silence.severity === 'warning')
  if (isKnown) return { memory, transitions: [] }
  const { severity } = silence
  // An alert that opens is about the place where the log stands; one that gets worse stays where it is.
  const at =
    open?.worst.finding.at ?? sightingOfWords(file.trend, (metric) => file.series[metric], memory.lastStep, null)
  const facts = { kind: 'stall' as const, silence }
  const where = open === undefined ? place : { ...place, file: open.worst.file }
  const finding = { kind: 'raise' as const, rule: 'stall' as const, severity, at, facts }
  const { incidents, transitions } = applyFinding(memory.incidents, finding, file.trend, nothing, where)
  return { memory: { ...memory, incidents }, transitions }
}

/** Resolves the alert of a run that is written to again. */
export function stallOver(memory: RunMemory, place: Place): Changed {
  const open = openStall(memory)
  if (open === undefined) return { memory, transitions: [] }
  const at = { ...open.worst.finding.at, step: memory.lastStep }
  const where = { ...place, file: open.worst.file }
  const trend = open.worst.trend
  const { incidents, transitions } = applyFinding(
    memory.incidents,
    { kind: 'clear', rule: 'stall', at },
    trend,
    nothing,
    where,
  )
  return { memory: { ...memory, incidents }, transitions }
}

function openStall({ incidents }: RunMemory) {
  return incidents.open.find(({ alert }) => alert.rule === 'stall')
}
