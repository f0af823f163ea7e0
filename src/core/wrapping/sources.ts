import type { Head } from '../reading/head.ts'

/** Which processes write to a file, and how their series are called; plain JSON. */
export type Sources = {
  /** The worker whose series have the names that the log gives them; null before its first record. */
  readonly main: string | null
  /** The step of its newest record. */
  readonly step: number | null
  /** What stands before the names of the series of the others. */
  readonly names: Readonly<Record<string, string>>
  /** The workers of which a line was read, and none of whose records; and whether the main one wrote since. */
  readonly seen: Readonly<Record<string, boolean>>
}

export const NO_SOURCES: Sources = { main: null, step: null, names: {}, seen: {} }

/** So many processes have a reader of their own. Those beyond share that of lines without a mark. */
const MOST_SOURCES = 256

/** Who wrote a line; '' where it has no mark, or that of rank 0. */
export function writerOf(head: Head | undefined, known: Readonly<Record<string, unknown>>): string {
  const { rank = 0, worker = '' } = head ?? {}
  const writer = rank > 0 ? `rank${rank}` : worker
  return Object.hasOwn(known, writer) || Object.keys(known).length < MOST_SOURCES ? writer : ''
}

/** The processes after a line that gave no record. */
export function afterLineOf(sources: Sources, writer: string): Sources {
  const { main, names, seen } = sources
  if (writer === '' || Object.hasOwn(names, writer)) return sources
  if (writer !== main) return Object.hasOwn(seen, writer) ? sources : { ...sources, seen: { ...seen, [writer]: false } }
  const isNews = Object.values(seen).includes(false)
  return isNews ? { ...sources, seen: Object.fromEntries(Object.keys(seen).map((each) => [each, true])) } : sources
}

/**
 * The processes after a record of a writer at this step, and what stands before the names of its series.
 *
 * A rank that is named as such has series of its own, and rank 0 the plain names. Of other workers the first has those. A
 * further one works beside it where it is at the same step, where the first has written since, or where their names differ
 * by a number that a process keeps; else it follows the first, as a process does that was started again.
 */
export function afterRecordOf(
  sources: Sources,
  writer: string,
  isRank: boolean,
  step: number | null,
): { readonly sources: Sources; readonly name: string } {
  if (writer === '') return { sources, name: '' }
  const { main, names, seen } = sources
  if (Object.hasOwn(names, writer)) return { sources, name: names[writer]! }
  if (isRank) return { sources: { ...sources, names: { ...names, [writer]: writer } }, name: writer }
  if (writer === main)
    return { sources: afterLineOf(step === sources.step ? sources : { ...sources, step }, writer), name: '' }
  const wroteSince = Object.hasOwn(seen, writer) && seen[writer] === true
  const { [writer]: _, ...rest } = seen
  if (main === null) return { sources: { main: writer, step, names, seen: rest }, name: '' }
  const isBeside = wroteSince || (step !== null && step === sources.step) || areOfOneName(writer, main)
  if (isBeside) {
    const name = named(writer)
    return { sources: { ...sources, names: { ...names, [writer]: name }, seen: rest }, name }
  }
  return { sources: { main: writer, step, names: { ...names, [main]: named(main) }, seen: rest }, name: '' }
}

/** Whether two differ by a number which a process keeps when it is started again, as pods and nodes do. A number alone may be an epoch, too. */
function areOfOneName(one: string, other: string): boolean {
  const [stem, otherStem] = [one, other].map((name) => name.replace(/\d+$/, ''))
  return stem === otherStem && stem !== '' && stem !== 'rank' && !/(?:^|\/)pid=$/.test(stem!)
}

function named(worker: string): string {
  return worker.replaceAll('=', '').replace(/[^\w.-]+/g, '-')
}
