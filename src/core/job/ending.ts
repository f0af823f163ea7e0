/** How a job ended, as the last words of its log say. */
export type Ending = 'finished' | 'crashed'

const LONGEST_LINE = 400

const FINISHED_BEGINNINGS = [
  'training finished',
  'training complete',
  'finished training',
  'training done',
  'training is complete',
  'training is done',
  'done training',
  '`trainer.fit` stopped',
]

/** Whether a line that holds no data says that training ended as it should. */
export function saysFinished(line: string): boolean {
  if (line.length > LONGEST_LINE) return false
  const text = line.toLowerCase()
  const ends = FINISHED_BEGINNINGS.filter((words) => text.includes(words))
  return ends.length > 0 && messagesIn(text).some((message) => ends.some((words) => message.startsWith(words)))
}

/**
 * The parts of a line that may be its message.
 *
 * A message begins at the first word of the line, after its level, or after the
 * name of the logger that follows the level, as in `INFO:trainer:done`.
 */
function messagesIn(text: string): string[] {
  const words = text
    .replace(/[:|\]]/g, '$& ')
    .split(/\s+/)
    .filter((word) => /[a-z0-9]/.test(word))
  const level = words.findIndex((word) => /^\W*(debug|info|warn|warning|error|critical)\b/.test(word))
  const first = wordFrom(words, level + 1)
  const starts = level === -1 ? [first] : [wordFrom(words, 0), first, first + 1]
  return starts.map((start) => words.slice(start).join(' '))
}

/** The index of the first word from `start` on that begins with a letter. Numbers before it are a time or a rank. */
function wordFrom(words: readonly string[], start: number): number {
  const index = words.findIndex((word, at) => at >= start && /^`?[a-z]/.test(word))
  return index === -1 ? words.length : index
}
