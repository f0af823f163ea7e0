import type { Head } from '../reading/head.ts'

/** Which processes write to a file; plain JSON. */
export type Sources = {
  /** The worker whose series have the names that the log gives them; null before the first. */
  readonly main: string | null
  /** Whom it has followed, as a process that was started again follows the one before. */
  readonly before: string | null
  /** The others that write beside it. */
  readonly others: readonly string[]
  /** The last line of the main one, without its numbers. */
  readonly shape: string
}

export const NO_SOURCES: Sources = { main: null, before: null, others: [], shape: '' }

/** So many processes have series of their own. Those beyond share those of the first. */
const MOST_SOURCES = 256
const SHAPE_CHARS = 80

/**
 * Who wrote a line: '' for the process whose series keep their names, else the name under which those of another one
 * stand, such as `rank3`.
 *
 * Rank 0 is the main one where lines name a rank and nothing else. Of workers it is the first. A new one that comes after it is its
 * successor, as long as it does not write a line like the last one of the other: so do only those that work side by side.
 */
export function sourceOf(
  sources: Sources,
  head: Head | undefined,
  text: string,
): { readonly sources: Sources; readonly source: string } {
  const { rank = 0, worker } = head ?? {}
  if (rank > 0) return { sources, source: `rank${rank}` }
  if (worker === undefined) return { sources, source: '' }
  const { main, before, others } = sources
  if (others.includes(worker)) return { sources, source: named(worker) }
  const shape = text.slice(0, SHAPE_CHARS).replace(/\d[\d.,:e+-]*/g, '0')
  if (worker === main) return { sources: shape === sources.shape ? sources : { ...sources, shape }, source: '' }
  if (main === null) return { sources: { ...sources, main: worker, shape }, source: '' }
  // The one that it seemed to have followed still lives.
  if (worker === before)
    return { sources: { main: before, before: null, others: [...others, main], shape }, source: '' }
  const isBeside = shape === sources.shape || areOfOneName(worker, main)
  if (isBeside && others.length < MOST_SOURCES)
    return { sources: { ...sources, others: [...others, worker] }, source: named(worker) }
  return { sources: { ...sources, main: worker, before: main, shape }, source: '' }
}

/** Whether two differ by a number which a process keeps when it is started again, as ranks and nodes do. */
function areOfOneName(one: string, other: string): boolean {
  const [stem, otherStem] = [one, other].map((name) => name.replace(/\d+$/, ''))
  return stem === otherStem && stem !== '' && stem !== 'pid='
}

function named(worker: string): string {
  return worker.replace(/[^\w.-]+/g, worker.includes('=') ? '' : '-')
}
