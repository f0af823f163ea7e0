import type { Crash, LastWords } from './last-words.ts'
import { toldIn } from './rank-words.ts'

/** The last words of each rank whose lines have a mark, and under null those of all other lines. */
export type WordsByRank = ReadonlyMap<number | null, LastWords>

/** So far from what a process said of its end its native code tells of it. */
const MOST_BYTES_BETWEEN = 8192

/**
 * Whether a line without a mark is of a death that marked lines near it tell: the abort of that process below them, or
 * the same in the words of its native code, as the line of a kernel of CUDA says which check failed.
 */
export function isOfMarked(all: WordsByRank, { kind, from, line, offset }: Crash): boolean {
  if (toldIn(line, null).length > 0) return false
  return [...all].some(([rank, { crash: told }]) => {
    if (rank === null || told === null || Math.abs(offset - told.offset) > MOST_BYTES_BETWEEN) return false
    return kind === 'fatal' ? told.offset < offset : from === undefined && told.kind === kind && told.from !== undefined
  })
}

/** The rank whose error an abort without a mark ends, where until then it may have been outlived; null where none is near. */
export function abortedRank(all: WordsByRank, { kind, line, offset }: Crash): number | null {
  if (kind !== 'fatal' || toldIn(line, null).length > 0) return null
  const suspects = [...all].flatMap(([rank, { suspect = null }]) => {
    const isNear = suspect !== null && offset - suspect.crash.offset <= MOST_BYTES_BETWEEN
    return rank !== null && isNear ? [{ rank, offset: suspect.crash.offset }] : []
  })
  return suspects.sort((one, other) => other.offset - one.offset)[0]?.rank ?? null
}

/** Where the words of a death begin that are known; before every line where there are none, or the file has been replaced. */
export function beginOfDeath({ crash, open, suspect, isOfOther }: LastWords): number {
  if (isOfOther === true) return Number.NEGATIVE_INFINITY
  return crash?.offset ?? open?.offset ?? suspect?.crash.offset ?? Number.NEGATIVE_INFINITY
}

/** Whether the words are those of a job that died in training. */
export function isDead({ crash }: LastWords): boolean {
  return crash !== null && crash.isAfterEnd !== true
}
