import { classOfKind, exitClass, isGeneral, isOrdered } from '../crashes/index.ts'
import { processInPath } from '../formats/rank-names.ts'
import type { Crash } from '../job/last-words.ts'
import { ranksIn, type Told } from '../job/rank-words.ts'

/** How one rank, or one file, of a run died. */
export interface Death {
  readonly file: string
  readonly step: number | null
  readonly crash: Crash
}

/** How far a rank had come, dead or not. Of a file that is called after a node or a device it may not be known. */
export type RankSeen = { readonly rank: number | null; readonly file: string; readonly step: number | null }

/**
 * What a death is among those of a run: the `root` is an error of its own; a `cascade` waited for another rank; a
 * `confirmation` is what a launcher tells; a `teardown` was ended because of the others.
 */
type PartInFall = 'root' | 'cascade' | 'confirmation' | 'teardown'

/** Who fell first in a run, and what the others did. */
export interface FallOrder {
  /** The death that says most of it. */
  readonly lead: Death
  /** The ranks that fell first. Empty where no ranks are known. */
  readonly ranks: readonly number[]
  /** The log of the process that fell first, where nothing shows its rank. */
  readonly file: string
  /** How that is known: by what it said itself, by what a launcher told, because nothing came from it, or not at all. */
  readonly knownBy: 'words' | 'launcher' | 'exit code' | 'silence' | 'nothing' | 'none before another'
  /** How many others died, by what their death was. */
  readonly others: Readonly<Record<'root' | 'cascade' | 'teardown', number>>
}

/** By so much the clocks of two nodes may differ. */
export const CLOCKS_APART_MS = 5000
/** An error that comes so long after connections broke is no reason for it. */
const LATE_MS = 10_000

/** What dies with its peers by an exception: a pipe, a socket or a worker that was closed from the other side. */
const OF_TEARDOWN =
  /^(?:[\w.]*\.)?(?:BrokenPipeError|ConnectionResetError|ConnectionRefusedError|EOFError)\b|killed by signal: Terminated/
const MISSING = /ranks? ([\d, -]+) failed to pass|missing ranks?:? ?\[?([\d, -]+)/i

/**
 * Who fell first in a run, of at least one death.
 *
 * An error of its own is before all that waited for it, whatever the clocks say: they may differ, and a time-out comes
 * long after its reason. Among several the clock decides, then the step, then how much it says. Where no rank has an
 * error of its own, it is the one that was killed without a word, that others name, from which nothing came, or that had
 * come least far.
 */
export function fallOf(deaths: readonly Death[], seen: readonly RankSeen[]): FallOrder {
  const all = [...deaths].sort(byPlace)
  const once = all.filter((death) => !isRepeated(death, all))
  const of = (part: PartInFall) => once.filter(({ crash }) => partOf(crash) === part)
  const [own, cascades, stopped] = [of('root'), of('cascade'), of('teardown')]
  const told = all.flatMap(({ crash }) => crash.told ?? [])
  const isMany = new Set(seen.flatMap(({ rank }) => rank ?? [])).size > 1
  const sole = soleOf(told)
  const soleTold = isMany && told.some(({ how }) => how === 'killed') ? undefined : sole?.rank
  const fall = (
    lead: Death,
    ranks: readonly (number | undefined)[],
    knownBy: FallOrder['knownBy'],
    file = lead.file,
  ): FallOrder => {
    const first = isMany || soleTold !== undefined ? ranks.filter((rank) => rank !== undefined) : []
    const isOther = ({ crash }: Death) =>
      isMany ? crash.rank !== undefined && !first.includes(crash.rank) : crash !== lead.crash || file !== lead.file
    const count = (part: readonly Death[]) => new Set(part.filter(isOther).map(nameOf)).size
    return {
      lead,
      ranks: first,
      file,
      knownBy,
      others: { root: count(own), cascade: count(cascades), teardown: count(stopped) },
    }
  }

  const gaveUp = new Set(cascades.map(({ crash }) => crash.rank))
  const roots = own.filter((death) => !isLate(death, cascades) && !isEndOf(gaveUp, death.crash))
  const withRank = roots.filter(({ crash }) => crash.rank !== undefined)
  const unranked = roots.filter(({ crash }) => crash.rank === undefined && !isGeneral(crash.kind))
  const root = firstOf(isMany && (withRank.length > 0 || soleTold === undefined) ? withRank : roots)
  if (root !== undefined) {
    const isAtOnce = (death: Death) =>
      death.file !== root.file && death.crash.rank !== root.crash.rank && byTrace(death, root) === 0
    return fall(root, [root.crash.rank ?? soleTold], withRank.some(isAtOnce) ? 'none before another' : 'words')
  }

  const heard = new Set([...own, ...cascades].map(({ crash }) => crash.rank))
  const unheard = told.filter(({ rank, how }) => how === 'killed' && !heard.has(rank))
  const killed = unheard.find((each) => !isAbort(each)) ?? unheard[0]
  const teller = all.find(({ crash }) => crash.told?.includes(killed!))
  if (killed !== undefined && teller !== undefined) return fall(unranked[0] ?? teller, [killed.rank], 'launcher')

  const lead = unranked[0] ?? firstToWait(cascades) ?? roots[0] ?? of('confirmation')[0] ?? all[0]!
  const silent = namedBy(cascades) ?? silentAmong(seen, heard, all, cascades)
  if (silent.length > 0 && !isOrdered(lead.crash.kind)) return fall(lead, silent, 'silence')
  const silentFile = silent.length > 0 ? null : silentFileAmong(seen, all, cascades)
  if (silentFile !== null && !isOrdered(lead.crash.kind)) return fall(lead, [], 'silence', silentFile)
  const behind = leastFar(cascades)
  if (behind !== undefined) return fall(behind, [behind.crash.rank], 'words')
  // Where nobody said anything, the launcher knows who it was.
  const isUnsaid = partOf(lead.crash) === 'confirmation' && sole?.how === 'failed'
  if (isUnsaid) return fall(lead, [sole.rank], 'exit code')
  return fall(lead, [lead.crash.rank], isCascade(lead.crash) ? 'nothing' : 'words')
}

/** Whether a log of no process, such as a launcher's, only repeats what a rank says in a log of its own. */
function isRepeated({ file, crash }: Death, all: readonly Death[]): boolean {
  if (crash.rank !== undefined || processInPath(file) !== null) return false
  return all.some(
    ({ crash: { rank, line, place } }) => rank !== undefined && line === crash.line && place === crash.place,
  )
}

/** The one rank that failed of those of which a launcher tells; the one that was killed before those that failed after it. */
function soleOf(told: readonly Told[]): Told | undefined {
  const killed = told.filter(({ how }) => how === 'killed')
  const others = killed.filter((each) => !isAbort(each))
  const failed = [others, killed, told.filter(({ how }) => how === 'failed')].find(({ length }) => length > 0) ?? []
  return new Set(failed.map(({ rank }) => rank)).size === 1 ? failed[0] : undefined
}

/** Whether a process ended itself, as it may because another one was killed. */
function isAbort({ code }: Told): boolean {
  return code !== undefined && exitClass(code) === 'fatal'
}

/** Whether a death only waited for another. */
function isCascade(crash: Crash): boolean {
  return partOf(crash) === 'cascade'
}

/** Whether a death came of no other. */
export function hasOwnReason(crash: Crash): boolean {
  return partOf(crash) === 'root'
}

/** Whether all that is said of a death is what a launcher tells: that some process failed. */
export function isTold(crash: Crash): boolean {
  return partOf(crash) === 'confirmation'
}

function partOf({ kind, line }: Crash): PartInFall {
  if (kind === 'launcher' || kind === 'error-exit') return 'confirmation'
  return OF_TEARDOWN.test(line) ? 'teardown' : (classOfKind(kind)?.part ?? 'root')
}

/** The first of several errors. What clocks that may differ cannot tell apart is told by the step. */
function firstOf(deaths: readonly Death[]): Death | undefined {
  const clocks = deaths.flatMap(({ crash }) => crash.clockMs ?? [])
  const lastMs = Math.min(...clocks) + CLOCKS_APART_MS
  const near = deaths.filter(({ crash }) => (crash.clockMs ?? 0) <= lastMs)
  return near.sort((one, other) => byTrace(one, other) || byPlace(one, other))[0]
}

function byTrace(one: Death, other: Death): number {
  return byStep(one, other) || byMeaning(one, other) || byClock(one, other)
}

function firstToWait(cascades: readonly Death[]): Death | undefined {
  return [...cascades].sort((one, other) => byClock(one, other) || byPlace(one, other))[0]
}

/** Whether an error came too long after connections broke. Time-outs do not tell: they come long after their reason. */
function isLate({ crash }: Death, cascades: readonly Death[]): boolean {
  const broke = cascades.flatMap(({ crash: { kind, clockMs } }) => (kind === 'collective-error' ? (clockMs ?? []) : []))
  return crash.clockMs !== undefined && broke.length > 0 && crash.clockMs > Math.min(...broke) + LATE_MS
}

/** Whether a launcher tells no more than that ranks were ended which had given up before: a time-out aborts its process. */
function isEndOf(gaveUp: ReadonlySet<number | undefined>, { kind, told = [] }: Crash): boolean {
  const killed = told.filter(({ how }) => how === 'killed')
  return isGeneral(kind) && killed.length > 0 && killed.every(({ rank }) => gaveUp.has(rank))
}

/** The ranks that others name as those they waited for; null where nobody does. */
function namedBy(cascades: readonly Death[]): readonly number[] | null {
  for (const { crash } of cascades) {
    const [, passed, missing] = MISSING.exec(crash.line) ?? []
    const ranks = ranksIn((passed ?? missing ?? '').trim())
    if (ranks.length > 0) return ranks
  }
  return null
}

/** The ranks from which nothing came when at least as many others gave up: of several those that had come least far. */
function silentAmong(
  seen: readonly RankSeen[],
  heard: ReadonlySet<number | undefined>,
  all: readonly Death[],
  cascades: readonly Death[],
): readonly number[] {
  const silent = notAhead(seen, all).flatMap(({ rank, step }) =>
    rank === null || heard.has(rank) ? [] : [{ rank, step }],
  )
  const ranks = [...new Set(silent.map(({ rank }) => rank))].sort((a, b) => a - b)
  const waiters = new Set(cascades.map(nameOf)).size
  if (ranks.length === 0 || ranks.length > waiters) return []
  const least = leastStep(silent)
  const behind = silent.filter(({ step }) => step === least).map(({ rank }) => rank)
  return behind.length === 0 ? ranks : [...new Set(behind)].sort((a, b) => a - b)
}

/** The same of processes whose ranks nothing shows, by their files; null unless it is one. */
function silentFileAmong(seen: readonly RankSeen[], all: readonly Death[], cascades: readonly Death[]): string | null {
  const ranked = seen.filter(({ rank }) => rank !== null).map(({ file }) => file)
  const heard = new Set([...ranked, ...all.map(({ file }) => file)].map(processInPath))
  const silent = notAhead(seen, all).filter(({ rank, file }) => rank === null && !heard.has(processInPath(file)))
  const processes = new Set(silent.map(({ file }) => processInPath(file)))
  const waiters = new Set(cascades.map(({ file }) => processInPath(file))).size
  if (processes.size > waiters) return null
  const least = leastStep(silent)
  const behind = silent.filter(({ step }) => step === least || processes.size === 1)
  const isOne = new Set(behind.map(({ file }) => processInPath(file))).size === 1
  return isOne ? behind.map(({ file }) => file).sort()[0]! : null
}

/** Those that had not come further than any that died. */
function notAhead(seen: readonly RankSeen[], all: readonly Death[]): readonly RankSeen[] {
  const lastStep = Math.max(...all.map(({ step }) => step ?? Number.NEGATIVE_INFINITY))
  return seen.filter(({ step }) => step === null || !Number.isFinite(lastStep) || step <= lastStep)
}

function leastStep(seen: readonly Pick<RankSeen, 'step'>[]): number {
  return Math.min(...seen.map(({ step }) => step ?? Number.POSITIVE_INFINITY))
}

/** The one of those that waited in vain which stood at an earlier operation than all others. */
function leastFar(cascades: readonly Death[]): Death | undefined {
  const at = cascades.map((death) => ({ death, operation: Number(/SeqNum=(\d+)/.exec(death.crash.line)?.[1]) }))
  const numbered = at.filter(({ operation }) => !Number.isNaN(operation)).sort((a, b) => a.operation - b.operation)
  const [first, second] = numbered
  return second !== undefined && first!.operation < second.operation ? first!.death : undefined
}

function nameOf({ file, crash }: Death): string {
  return crash.rank === undefined ? file : String(crash.rank)
}

function byStep(one: Death, other: Death): number {
  return one.step === null || other.step === null ? 0 : one.step - other.step
}

/** What says more comes first. */
function byMeaning(one: Death, other: Death): number {
  return Number(isGeneral(one.crash.kind)) - Number(isGeneral(other.crash.kind))
}

function byClock({ crash: one }: Death, { crash: other }: Death): number {
  return one.clockMs === undefined || other.clockMs === undefined ? 0 : one.clockMs - other.clockMs
}

/** The order within one file; between files that of their ranks and names, which depends on nothing else. */
function byPlace(one: Death, other: Death): number {
  if (one.file === other.file) return one.crash.offset - other.crash.offset
  return (one.crash.rank ?? -1) - (other.crash.rank ?? -1) || (one.file < other.file ? -1 : 1)
}
