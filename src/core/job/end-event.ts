import { isFinish } from './finish-words.ts'
import { messagesIn, plainWords } from './messages.ts'
import { isDone } from './sign-words.ts'

const FIELD =
  /(?:^|[\s{,])["']?(event|status|state|message|msg|type|phase|stage|kind|name|action|final|is_final|done|is_done|finished|is_finished|completed?|training_complete|training_done)["']?\s{0,2}[:=]\s{0,2}(?:"([^"]{1,80})"|'([^']{1,80})'|([^\s,"'}]{1,40}))/g
/** Fields that are true at the end. */
const FLAG = /^(?:is_)?(?:final|done|finished|completed?|training_(?:complete|done))$/
/** What they say is said of what the other fields name. */
const STATUS = /^(?:status|state|message|msg)$/
const MESSAGE = /^(?:message|msg)$/
/** An episode that is done is no end of a training. */
const OF_EPISODE = /["']?\b(?:episodes?|rewards?|returns?|obs\w*|actions?|terminated|truncated)["']?\s?[:=]/i
const OF_ALL = '(?:(?:training|train|run|fit|job|experiment|session|main|trainer)(?: run| job| loop)? )?'
const OVER = new RegExp(
  `^(?:on )?${OF_ALL}(?:is |has |was )?(?:end|ended|finish|finished|complete|completed|completion|done|succeeded|success|summary)\\W*$|^(?:final|final results?|end of training|exit|shutdown)$`,
)
/** What is said of no part of the training. */
const OF_WHOLE = /^(?:train|training|run|fit|job|experiment|session|main|trainer|log|info|metrics?|summary|status)$/
/** A message that speaks of the training, and a line that is one of its steps. */
const SAYS_WHOLE = /\b(?:train(?:ing|er)?|fit|job|experiment|end)\b|^(?:run|all)\b/
const IS_STEP = /["']?\b(?:step|iter(?:ation)?|epoch|loss)["']?\s?[:=]/i

/**
 * Whether the fields of a line that a program writes for programs say that training is over: `{"event":"train_end"}`,
 * `status=completed`.
 *
 * A status is that of what the other fields name: `{"event":"checkpoint_saved","status":"done"}` is none of the training.
 */
export function isEndEvent(line: string): boolean {
  if (!/["'{]|\w=/.test(line)) return false
  const fields = [...plainWords(line).matchAll(FIELD)].map(([, name = '', double, single, bare]) => ({
    name,
    value: plainValue(double ?? single ?? bare ?? ''),
    words: double ?? single ?? '',
  }))
  const isOver = ({ name, value, words }: { readonly name: string; readonly value: string; readonly words: string }) =>
    FLAG.test(name)
      ? value === 'true' && !OF_EPISODE.test(line)
      : OVER.test(value) || (MESSAGE.test(name) && saysOver(words))
  const subjects = fields.filter(({ name }) => !STATUS.test(name) && !FLAG.test(name))
  // A message beside a flag or a status tells of what it is true.
  const tellsOther = fields.some(
    (field) =>
      MESSAGE.test(field.name) && !isOver(field) && !OF_WHOLE.test(field.value) && !SAYS_WHOLE.test(field.words),
  )
  const isOfPart =
    (tellsOther && !IS_STEP.test(line)) || subjects.some((field) => !isOver(field) && !OF_WHOLE.test(field.value))
  const namesTraining = subjects.some(isOver) || !/["']?\b(?:epoch|fold|trial)["']?\s?[:=]/i.test(line)
  return fields.some(isOver) && !isOfPart && namesTraining
}

/** Whether a sentence in a field says that training is over. */
function saysOver(words: string): boolean {
  return isDone(words) || isFinish(words, () => messagesIn(words))
}

function plainValue(value: string): string {
  return value.replace(/[-_.:/]/g, ' ').trim()
}
