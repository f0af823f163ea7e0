import { nanMessageIn } from '../hidden/nan-messages.ts'
import { exitKind, crashIn as lineKind } from '../job/crash-patterns.ts'
import type { Crash } from '../job/last-words.ts'
import { GIVES_CODE, type Told, wordsOfEnd } from '../job/rank-words.ts'

/** `RuntimeError: step 21: …`, `ValueError: at global step 21` */
const STEP_OF_ERROR = /(?:Error|Exception): (?:(?:at|in) )?(?:global[ _])?step[ =:#]{1,2}(\d{1,9})\b/i

/** The step that a job died at: the one that its last words name, where that is later than its last record. */
export function laterOf(lastStep: number | null, { kind, line }: Crash): number | null {
  const told = kind === 'nan-loss' ? nanMessageIn(line) : null
  const inError = STEP_OF_ERROR.exec(line)?.[1]
  const named = told?.kind === 'stated' ? told.step : inError === undefined ? null : Number(inError)
  return named !== null && named > (lastStep ?? -1) ? named : lastStep
}

/** What a launcher tells of the end of a rank that was killed, in one line. */
export function deathOf({ rank, code }: Told, text: string): Pick<Crash, 'kind' | 'line'> {
  const kind = code === undefined ? (lineKind(text.toLowerCase())?.kind ?? 'killed') : exitKind(code)
  if (code === undefined || !GIVES_CODE.test(text.toLowerCase())) return { kind, line: text.trim() }
  return { kind, line: wordsOfEnd(`rank ${rank}`, code) }
}
