/** How a log that has gone quiet ended, judged from its last words. */
export type Ending = 'finished' | 'crashed'

const LONGEST_LINE = 400

const FINISHED_BEGINNINGS = [
  'training finished',
  'training complete',
  'finished training',
  'training done',
  'training is complete',
  'done training',
]

const CRASH_BEGINNINGS = [
  'traceback (most recent call last)',
  'segmentation fault',
  'bus error',
  'fatal python error',
  'slurmstepd: error',
]

const CRASH_WORDS = [
  'cuda out of memory',
  'outofmemoryerror',
  'nccl timeout',
  'watchdog caught collective operation timeout',
]

/**
 * What a line that holds no data says about the end of the job, or null.
 * A later record takes it back: a traceback that was caught ends nothing.
 */
export function endingOf(line: string): Ending | null {
  if (line.length > LONGEST_LINE) return null
  const text = afterLogPrefix(line).toLowerCase()
  if (CRASH_BEGINNINGS.some((words) => text.startsWith(words)) || CRASH_WORDS.some((words) => text.includes(words))) {
    return 'crashed'
  }
  return FINISHED_BEGINNINGS.some((words) => text.startsWith(words)) ? 'finished' : null
}

/** What follows a time stamp, a level and a logger's name: from the first word that is none of them. */
function afterLogPrefix(line: string): string {
  const words = line.trim().split(/\s+/, 12)
  const first = words.findIndex(
    (word) => /^[A-Za-z]/.test(word) && !/^(INFO|DEBUG|WARN|WARNING|ERROR|root)\b/i.test(word),
  )
  return first === -1 ? '' : words.slice(first).join(' ')
}
