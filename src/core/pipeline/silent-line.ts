import { tellsOfEnd } from '../hidden/nan-messages.ts'
import { nonFiniteIn } from '../hidden/unread-values.ts'
import { mayCountEpochs } from '../job/end-counts.ts'
import { isSignInRecord } from '../job/end-sign.ts'
import { mayTellError } from '../job/field-words.ts'
import { rankNamedIn, rankOfLine } from '../job/rank-words.ts'
import { saidIn } from '../job/said.ts'
import { isLineOfError, TRACEBACK } from '../job/traceback.ts'
import { type Line, wholeText } from '../reading/lines.ts'
import type { Hearing } from '../templates/line-reading.ts'

/** What of the lines of records is heard beside their values. */
export const HEARING: Hearing = {
  isSilent,
  countsEpochs: (line) => mayCountEpochs(wholeText(line)),
}

/**
 * Whether the line of a record says nothing beside it, if it stands in no traceback: no word or sign of an end, no error, no rank, no
 * value that is not read.
 */
function isSilent(line: Pick<Line, 'head' | 'text'>): boolean {
  const text = wholeText(line)
  const said = saidIn(line)
  return !(
    isLineOfError(said?.bare ?? text, false) ||
    text.includes(TRACEBACK) ||
    gluedTo(text) !== null ||
    mayTellError(text) ||
    tellsOfEnd(text) ||
    nonFiniteIn(text, false) !== null ||
    isSignInRecord(text) ||
    said?.writer !== undefined ||
    rankOfLine(text) !== null ||
    rankNamedIn(text) !== null
  )
}

/** What is glued to a bar of progress, which ends its line only when it is done: the last words of a job that died under it. */
export function gluedTo(bar: string): string | null {
  return /\d(?:it\/s|s\/it)[^\]]{0,300}\]([A-Za-z[].{3,400})$/.exec(bar.slice(-800))?.[1] ?? null
}
