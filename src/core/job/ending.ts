import type { Role } from '../../protocol/sample.ts'
import type { LogRecord } from '../records/format.ts'
import { FINISHED_BEGINNINGS, FINISHED_LINES, NOT_THE_END } from './finish-words.ts'

/** How a job ended, as the last words of its log say. */
export type Ending = 'finished' | 'crashed'

const LONGEST_LINE = 400
const MORE =
  /^(?:=|-|#|\s)*(?:(?:starting|beginning|resuming|running|continuing|training|now)\s(?:the\s|with\s|on\s)?)?(?:fold|stage|phase|epoch|round|trial|task|seed|split)\b.{0,20}\d/
const OF_TRAINING: readonly Role[] = ['train_loss', 'grad_norm', 'learning_rate', 'loss_scale']

/** Whether a line that holds no data says that training ended as it should. */
export function saysFinished(line: string): boolean {
  if (line.length > LONGEST_LINE) return false
  const text = line.toLowerCase().replaceAll('’', "'")
  const ends = FINISHED_BEGINNINGS.filter((words) => text.includes(words))
  const isEnd = (message: string) =>
    ends.some((words) => message.startsWith(words) && !NOT_THE_END.test(message.slice(words.length)))
  if (ends.length > 0 && messagesIn(text).some(isEnd)) return true
  return FINISHED_LINES.some((pattern) => pattern.test(text.trim()))
}

/** Whether a record shows that a job trains. A last evaluation, or a summary, may follow the end of training. */
export function isOfTraining(record: LogRecord): boolean {
  return record.kind !== 'scalars' || record.scalars.some(({ role }) => OF_TRAINING.includes(role))
}

/** The exit code that `script` writes below the output of a command, where it knows one; null in any other line. */
export function exitCodeIn(line: string): number | null {
  const code = /^Script done on .{1,100}COMMAND_EXIT_CODE="(\d{1,3})"/.exec(line)?.[1]
  return code === undefined ? null : Number(code)
}

/**
 * The parts of a line that may be its message.
 *
 * A message begins at the first word of the line, after its level, or after the
 * name of the logger that follows the level, as in `INFO:trainer:done`.
 */
export function messagesIn(text: string): string[] {
  const words = text
    .replace(/[:|\]]/g, '$& ')
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
  const level = words.findIndex((word) => /^\W*(debug|info|warn|warning|error|critical)\b/.test(word))
  const first = wordFrom(words, level + 1)
  const starts = level === -1 ? [first] : [wordFrom(words, 0), first, first + 1]
  return [...starts.map((start) => words.slice(start).join(' ')), ...behindPrefix(text)]
}

/** The message behind what a logger puts before it, where that is long: `10:00:01 | INFO | __main__:main:99 - done`. */
function behindPrefix(text: string): string[] {
  const prefix = /^.{0,120}?\d{2}:\d{2}.{0,120}?(?:(?<=:\d{1,6}) - |(?<=:\d{1,6})\] )/.exec(text)?.[0]
  return prefix === undefined ? [] : [text.slice(prefix.length).trim()]
}

/** Whether a line says that training begins, or goes on, after an end was told: `Fold 3/5`, `Starting stage 2`. */
export function saysMore(line: string): boolean {
  if (line.length > LONGEST_LINE) return false
  return messagesIn(line.toLowerCase()).some((message) => MORE.test(message))
}

/** The index of the first word from `start` on that begins with a letter. Numbers before it are a time or a rank. */
function wordFrom(words: readonly string[], start: number): number {
  const index = words.findIndex((word, at) => at >= start && /^`?\p{L}/u.test(word))
  return index === -1 ? words.length : index
}
