import type { LastWords } from '../job/last-words.ts'
import { isUndecided } from '../job/waiting-crash.ts'
import type { FileState } from '../state/file-state.ts'
import type { RunMemory } from '../state/run-memory.ts'

/** What is remembered of a run, with whether lines of a file wait for others: its first ones, and the last words of its job. */
export function withFilesThatWait(memory: RunMemory, file: FileState, path: string): RunMemory {
  const isHeldUp = (file.wrapped?.wrapping.held.length ?? 0) > 0
  return withListed(withListed(memory, 'waiting', path, isHeldUp), 'heldBack', path, wordsIn(file).some(isUndecided))
}

export function withListed(
  memory: RunMemory,
  list: 'waiting' | 'heldBack',
  path: string,
  isListed: boolean,
): RunMemory {
  const { [list]: paths = [], ...rest } = memory
  if (paths.includes(path) === isListed) return memory
  const all = isListed ? [...paths, path] : paths.filter((one) => one !== path)
  return (all.length === 0 ? rest : { ...rest, [list]: all }) as RunMemory
}

/** The last words of a file, and those of each rank in it. */
export function wordsIn({ words, rankWords }: FileState): readonly LastWords[] {
  return rankWords === undefined ? [words] : [words, ...Object.values(rankWords)]
}
