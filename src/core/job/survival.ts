import { isEndEvent } from './end-event.ts'
import { isFinish } from './finish-words.ts'
import { laterSentencesIn, messagesIn, plainWords } from './messages.ts'
import { signIn, tellsWholeValue } from './sign-words.ts'
import type { Origin, Survival } from './traceback.ts'

/** What a script around a job, a scheduler or a client says as well, whatever has become of the job. */
const OF_ANYONE =
  /^(?:job|process|program|script|slurm\w*|srun|task|command|real|user|sys|elapsed|wandb|view run|(?:finished|completed) (?:the )?(?:run|job|script)|exit|ended|(?:good)?bye)/

/** A value that a job that goes on prints, be it no record. */
const RESULT =
  /\b(?:auc|acc|accuracy|f1|score|rmse|mae|loss|perplexity|ppl|bleu)\b\W{1,3}\d|\btrial \d+ finished with values?\b/

/** Longer lines are no message. */
const LONGEST_LINE = 400

/** What is known of a failure that may have been survived. */
interface PossiblySurvived {
  readonly survivedBy?: Survival
  readonly from?: Origin
}

/**
 * Whether a line, after a failure, shows that the job has survived it: with `words` by any words of an end that are its
 * own, with `deeds` by what it has saved.
 *
 * Clear words that training is over show it below a traceback of Python as well: a job that prints what it has caught
 * is more frequent than a script that says so whatever became of the job. Where a logger said that the job gives up,
 * it is believed.
 */
export function showsSurvival(line: string, { survivedBy, from }: PossiblySurvived): boolean {
  if (survivedBy === undefined) return false
  const sign = signIn(line)
  if (sign === 'saved') return true
  const isWord =
    survivedBy === 'words' &&
    (sign === 'done' || isEndEvent(line) || sign === 'summary' || RESULT.test(plainWords(line)))
  if (survivedBy === 'deeds' && from !== 'uncaught') return false
  const text = plainWords(line)
  const messages = messagesIn(text)
  if (messages.some((message) => OF_ANYONE.test(message))) return false
  return isWord || isFinish(text, () => [...messages, ...laterSentencesIn(text)])
}

/** Whether a line gives what the whole training has come to, which no script around a job would say. */
export function givesResult(line: string): boolean {
  return line.length <= LONGEST_LINE && signIn(line) === 'summary' && tellsWholeValue(line)
}
