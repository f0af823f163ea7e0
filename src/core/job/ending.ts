import type { Role } from '../../protocol/sample.ts'
import type { LogRecord } from '../records/format.ts'
import { isFinish, isOfBystander } from './finish-words.ts'
import { laterSentencesIn, messagesIn, plainWords } from './messages.ts'

/** How a job ended, as the last words of its log say. */
export type Ending = 'finished' | 'crashed'

const LONGEST_LINE = 400
const MORE =
  /^(?:=|-|#|\s)*(?:(?:starting|beginning|resuming|running|continuing|training|now)\s(?:the\s|with\s|on\s)?)?(?:fold|stage|phase|epoch|round|trial|task|seed|split)\b.{0,20}\d/
const OF_TRAINING: readonly Role[] = ['train_loss', 'grad_norm', 'learning_rate', 'loss_scale']

/** Whether a line that holds no data says that training ended as it should. */
export function saysFinished(line: string): boolean {
  if (line.length > LONGEST_LINE) return false
  const text = plainWords(line)
  return isOfBystander(text) || isFinish(text, () => [...messagesIn(text), ...laterSentencesIn(text)])
}

/** Whether a record shows that a job trains. A last evaluation, or a summary, may follow the end of training. */
export function isOfTraining(record: LogRecord): boolean {
  return record.kind !== 'scalars' || record.scalars.some(({ role }) => OF_TRAINING.includes(role))
}

/** The lines by which programs tell the exit code of the command that they ran. */
const EXIT_CODES: readonly RegExp[] = [
  /^Script done on .{1,100}COMMAND_EXIT_CODE="(\d{1,3})"/,
  // Kaldi
  /^# Ended \(code (\d{1,3})\) at /,
  // PyCharm
  /^Process finished with exit code (-?\d{1,3})\b/,
  // GNU time
  /^Command exited with non-zero status (\d{1,3})$/,
]

/** The exit code of a command that the program which ran it tells; null in any other line. */
export function exitCodeIn(line: string): number | null {
  const code = EXIT_CODES.map((pattern) => pattern.exec(line)?.[1]).find((found) => found !== undefined)
  return code === undefined ? null : Number(code)
}

/** Whether a line says that training begins, or goes on, after an end was told: `Fold 3/5`, `Starting stage 2`. */
export function saysMore(line: string): boolean {
  if (line.length > LONGEST_LINE) return false
  return messagesIn(line.toLowerCase()).some((message) => MORE.test(message))
}
