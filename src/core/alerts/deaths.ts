import type { Alert } from '../../protocol/alert.ts'
import { isGeneral } from '../crashes/index.ts'
import { crashed } from '../detect/crashed.ts'
import { isCrashFinding } from '../detect/finding.ts'
import { stall } from '../detect/stall.ts'
import type { Crash } from '../job/last-words.ts'
import { type Death, type FallOrder, fallOf, hasOwnReason, type RankSeen } from './fall.ts'
import { headlineOfFall } from './fall-words.ts'
import { type Incident, standsAt, startOf } from './incident.ts'

/**
 * What a job dies of that says of itself little more than that something failed.
 *
 * No job kills itself by signal 9: it is mostly a lack of memory, whatever its loss was.
 */
const mayBeOfLoss = (kind: string) =>
  (isGeneral(kind) && kind !== 'killed') ||
  ['assertion', 'cuda-error', 'launcher', 'error-exit', 'stopped'].includes(kind)

export function isCrash({ alert }: Pick<Incident, 'alert'>): boolean {
  return alert.rule === crashed.name
}

export function isStall({ alert }: Incident): boolean {
  return alert.rule === stall.name
}

/** Whether two ranks or files died at once: both are dead, or the one died while the other was. */
export function isOfOneDeath(one: Incident, other: Incident): boolean {
  if (one.worst.file === other.worst.file && one.worst.finding.at.rank === other.worst.finding.at.rank) return false
  if ([one, other].every(({ alert }) => alert.state === 'firing')) return true
  if (one.alert.attempt !== other.alert.attempt) return false
  return [one, other].every((each) => {
    const step = startOf(each === one ? other : one)
    return each.alert.resolvedStep === null || step === null || step < each.alert.resolvedStep
  })
}

/**
 * Whether a job may have died of its loss, which failed then: it says so, or it says of its death little else.
 *
 * What one of its ranks says counts for all. `all` are the incidents of the run.
 */
export function isDeathOfLoss(crash: Incident, loss: Incident, all: readonly Incident[]): boolean {
  const step = startOf(crash)
  // One of severity info was caught.
  const isCaught = ({ alert }: Incident) => alert.severity === 'info'
  if (isCaught(crash) || (step === null ? loss.alert.state !== 'firing' : !standsAt(loss, step))) return false
  const death = all.filter((each) => each === crash || (isCrash(each) && !isCaught(each) && isOfOneDeath(each, crash)))
  const kinds = death
    .flatMap((each) => crashIn(each) ?? [])
    .filter(hasOwnReason)
    .map(({ kind }) => kind)
  if (kinds.includes('nan-loss')) return true
  const isVague = (kinds.length > 0 ? kinds : [crashIn(crash)!.kind]).every(mayBeOfLoss)
  return loss.alert.severity === 'critical' && isVague
}

/** The headline of a crash in a run of several ranks or files, which says who fell first; nothing where that is no news. */
export function textOfFall(failure: readonly Incident[], main: Incident, ranks: readonly RankSeen[]): Partial<Alert> {
  if (!isCrash(main) || crashesOf(failure).every(({ alert }) => alert.severity !== 'critical')) return {}
  const fall = fallIn(failure, ranks)
  const headline = headlineOfFall(fall)
  if (headline === null) return {}
  const file = fall.ranks.length === 0 ? fall.file : ranks.find(({ rank }) => rank === fall.ranks[0])?.file
  const isElsewhere = fall.knownBy === 'silence' && file !== undefined && file !== main.alert.file
  return { headline, ...(isElsewhere ? { file, offset: null } : {}) }
}

/** Who fell first among the crashes of a failure. */
export function fallIn(failure: readonly Incident[], ranks: readonly RankSeen[]): FallOrder {
  return fallOf(crashesOf(failure).map(deathOf), ranks)
}

/** The crashes of a failure. Those that were survived count only where there are no others. */
export function crashesOf(failure: readonly Incident[]): readonly Incident[] {
  const crashes = failure.filter((sign) => crashIn(sign) !== null)
  const standing = crashes.filter(({ alert }) => alert.state === 'firing')
  return standing.length === 0 ? crashes : standing
}

function deathOf(incident: Incident): Death {
  return { file: incident.worst.file, step: incident.worst.finding.at.step, crash: crashIn(incident)! }
}

export function crashIn({ worst: { finding } }: Incident): Crash | null {
  return isCrashFinding(finding) ? finding.facts.crash : null
}
