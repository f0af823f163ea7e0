import { nanMessageIn } from '../hidden/nan-messages.ts'
import type { Crash } from './last-words.ts'

/** `RuntimeError: step 21: …`, `ValueError: at global step 21` */
const STEP_OF_ERROR = /(?:Error|Exception): (?:(?:at|in) )?(?:global[ _])?step[ =:#]{1,2}(\d{1,9})\b/i

/** The step that a job died at: the one that its last words name, where that is later than its last record. */
export function laterOf(lastStep: number | null, { kind, line }: Crash): number | null {
  const told = kind === 'nan-loss' ? nanMessageIn(line) : null
  const inError = STEP_OF_ERROR.exec(line)?.[1]
  const named = told?.kind === 'stated' ? told.step : inError === undefined ? null : Number(inError)
  return named !== null && named > (lastStep ?? -1) ? named : lastStep
}
