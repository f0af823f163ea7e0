const LEVEL = /^\W*(debug|info|success|warn|warning|error|critical)\b/

/** The text of a line as the words of an end are compared with it: in lower case, and with plain marks. */
export function plainWords(line: string): string {
  return line.toLowerCase().replaceAll('’', "'").replace(/[¡¿]/g, '').trim()
}

/**
 * The parts of a line, given as `plainWords`, that may be its message.
 *
 * A message begins at the first word of the line, after its level, or after the
 * name of the logger that follows the level, as in `INFO:trainer:done`.
 */
export function messagesIn(text: string): readonly string[] {
  // A line is asked several questions, one after the other.
  if (newest.text !== text) newest = { text, messages: messagesOf(text) }
  return newest.messages
}

let newest: { readonly text: string; readonly messages: readonly string[] } = { text: '', messages: [] }

function messagesOf(text: string): readonly string[] {
  const words = text
    .replace(/[:|\]]/g, '$& ')
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}%]/u.test(word))
  let level = words.findIndex((word) => LEVEL.test(word))
  let first = wordFrom(words, level + 1)
  // A logger within a logger writes two of them.
  if (level !== -1 && LEVEL.test(words[first] ?? '') && words[first]?.endsWith(':')) {
    level = first
    first = wordFrom(words, level + 1)
  }
  const isNamed = level !== -1 && isLogger(words[first] ?? '', text)
  const starts = level === -1 ? [first] : [wordFrom(words, 0), first, ...(isNamed ? [first + 1] : [])]
  const messages = starts.map((start) => bare(words.slice(start).join(' ')))
  return [...messages, ...behindPrefixes(text)]
}

/** What makes the rest of a line a part of something, or something that is not yet. */
const OF_A_PART =
  /\b(?:fold|stage|phase|trial|task|split|seed|epoch|round|episode|rollout|env|batch|shard|client|if|when|once|after|until|till|before|while|will|not|never|unless|because|failed|error)\b|n't|折|阶段|当|如果|等待/

/** The sentences of a line behind its first one: `Checkpoint written. Training finished.` */
export function laterSentencesIn(text: string): readonly string[] {
  return [...text.matchAll(/(?:[.!;,]\s|\s[–—|-]\s|[。！；，])[^\p{L}\p{N}]*/gu)]
    .filter(({ index }) => !OF_A_PART.test(text.slice(0, index)))
    .map(({ index, 0: mark }) => text.slice(index + mark.length))
}

/** A message without marks before it, and as words where it is a name, such as `training_finished`. */
function bare(message: string): string {
  return message.replace(/^[*_"'(]+/, '').replace(/(?<=\p{L})_(?=\p{L})/gu, ' ')
}

/** What a logger puts before a message: `10:00:01 | INFO | __main__:main:99 - done`, `[11/29 10:00:01 d2.engine]: done`. */
const PREFIXES: readonly RegExp[] = [
  /^.{0,120}?\d{2}:\d{2}.{0,120}?(?:(?<=:\d{1,6}) - |(?<=:\d{1,6})\] )/,
  /^(?:\[[^\]]{1,80}\]:? ?){1,5}/,
  // `[10:00:01] (train.py:88) done`
  /^(?:\[[^\]]{1,80}\]:? ?){0,5}\([\w./<>-]{1,60}(?::\d{1,6})?\):? /,
  // `main: done`
  /^(?:[\w./-]{1,60}\.py|(?:[\w.]{1,40}[._])?(?:main|train|trainer|app|root|runner|job|script)\d{0,3})(?::\d{1,6})?(?::| [-–|>]+) /,
]
const KNOWN_LOGGER = /^_*(?:main|train|trainer|training|app|root|runner|job|script|logger)_*\d{0,3}$/
/** A prefix that names a part of a training. What stands behind it is said of that part. */
const OF_A_PART_OF_IT =
  /\b(?:epoch|fold|stage|phase|step|iter|eval|valid|val|test|sampl|load|data|save|checkpoint|ckpt)/

function behindPrefixes(text: string): string[] {
  return PREFIXES.flatMap((pattern) => {
    const prefix = pattern.exec(text)?.[0]
    return prefix === undefined || (prefix.length < 40 && !/\d:\d|\.py/.test(prefix) && OF_A_PART_OF_IT.test(prefix))
      ? []
      : [text.slice(prefix.length).replace(/^[^\p{L}\p{N}`]+/u, '')]
  })
}

/** Whether the word behind a level names the logger: `INFO:trainer:`, `[INFO] [engine]`, `INFO - my.trainer -`. Else it is the subject of what is said. */
function isLogger(word: string, text: string): boolean {
  const name = word.replace(/^[^\p{L}_]+|[^\p{L}\p{N}_]+$/gu, '')
  if (name === '' || OF_A_PART_OF_IT.test(name)) return false
  const isMarked = text.includes(`:${name}:`) || text.includes(`[${name}]`) || text.includes(`(${name})`)
  return isMarked || /[\p{L}_][._][\p{L}_]/u.test(name) || KNOWN_LOGGER.test(name)
}

/** The index of the first word from `start` on that begins with a letter. Numbers before it are a time or a rank. */
function wordFrom(words: readonly string[], start: number): number {
  const index = words.findIndex((word, at) => at >= start && /^[`*_"'(]{0,3}\p{L}/u.test(word))
  return index === -1 ? words.length : index
}
