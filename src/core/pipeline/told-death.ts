import { exitKind, crashIn as lineKind } from '../job/crash-patterns.ts'
import type { Crash } from '../job/last-words.ts'
import { GIVES_CODE, type Told, wordsOfEnd } from '../job/rank-words.ts'

/** What a launcher tells of the end of a rank that was killed, in one line. */
export function deathOf({ rank, code }: Told, text: string): Pick<Crash, 'kind' | 'line'> {
  const kind = code === undefined ? (lineKind(text.toLowerCase())?.kind ?? 'killed') : exitKind(code)
  if (code === undefined || !GIVES_CODE.test(text.toLowerCase())) return { kind, line: text.trim() }
  return { kind, line: wordsOfEnd(`rank ${rank}`, code) }
}
