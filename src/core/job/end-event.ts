import { plainWords } from './messages.ts'

const FIELD =
  /(?:^|[\s{,])["']?(event|status|state|message|msg|type|phase|stage|kind|name|action|final)["']?\s{0,2}[:=]\s{0,2}(?:"([^"]{1,80})"|'([^']{1,80})'|([^\s,"'}]{1,40}))/g
/** What they say is said of what the other fields name. */
const STATUSES = ['status', 'state', 'message', 'msg', 'final']
const OF_ALL = '(?:(?:training|train|run|fit|job|experiment|session|main|trainer)(?: run| job| loop)? )?'
const OVER = new RegExp(
  `^(?:on )?${OF_ALL}(?:is |has |was )?(?:end|ended|finish|finished|complete|completed|completion|done|succeeded|success|summary)\\W*$|^(?:final|final results?|end of training|exit|shutdown)$`,
)
/** What is said of no part of the training. */
const OF_WHOLE = /^(?:train|training|run|fit|job|experiment|session|main|trainer|log|info|metrics?|summary|status)$/

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
  }))
  const isOver = ({ name, value }: { readonly name: string; readonly value: string }) =>
    name === 'final' ? value === 'true' : OVER.test(value)
  const subjects = fields.filter(({ name }) => !STATUSES.includes(name))
  const isOfPart = subjects.some((field) => !isOver(field) && !OF_WHOLE.test(field.value))
  const namesTraining = subjects.some(isOver) || !/["']?\b(?:epoch|fold|trial)["']?\s?[:=]/i.test(line)
  return fields.some(isOver) && !isOfPart && namesTraining
}

function plainValue(value: string): string {
  return value.replace(/[-_.:/]/g, ' ').trim()
}
