import type { Parsing } from '../literals/literal-scanner.ts'
import { parsePythonLiteral } from '../literals/python-literal.ts'
import { isObject, type RecordObject, type RecordValue } from '../literals/record-value.ts'
import { TEXT_LINE_BYTES } from '../reading/lines.ts'
import { namesLosses } from '../records/fields.ts'
import { type Claim, type Format, type ParseResult, recordsOf, SKIP } from '../records/format.ts'
import { addPrefix, metricsOf } from '../records/object-metrics.ts'
import type { RecordBuilder } from '../records/record-builder.ts'

/** Python dicts as `print` shows them: what the Hugging Face Trainer writes to the console. */
export const pythonDict: Format<null> = {
  name: 'python-dict',
  about: 'Python dicts as print shows them, as the Hugging Face Trainer writes them; quoted numbers count as numbers.',
  example: "{'loss': nan, 'grad_norm': '2.578', 'learning_rate': 5e-05, 'epoch': 0.04}",
  maxLineBytes: TEXT_LINE_BYTES,

  claim(line): Claim {
    if (line.length > TEXT_LINE_BYTES) return 'no'
    const found = findDict(line)
    if (!found?.parsing.ok || !isObject(found.parsing.value)) return 'no'
    const builder = builderOf(found.parsing.value, found.prefix)
    if (builder.scalars.length === 0 || !builder.isAboutTraining) return 'no'
    return builder.loss !== null || builder.isStepCertain ? 'sure' : 'hint'
  },

  start: () => null,

  broken(line) {
    const result = parse(line.text, line.offset)
    return result.kind === 'reject' ? result : null
  },

  parse(line) {
    return { result: parse(line.text, line.offset), state: null }
  },
}

interface FoundDict {
  readonly prefix: string
  readonly parsing: Parsing
}

/** A whole history in one line, of which the first dict is only the oldest record. */
const IS_LIST_OF_DICTS = /^[^{]{0,128}\[\{[^{}]{0,4096}\}, ?\{/

/** The first dict of a line, or the pairs of an `OrderedDict`. A progress bar or a time may stand before it, and a bar behind it. */
function findDict(text: string): FoundDict | null {
  const start = text.search(/\{\s?['"]|\[\(['"]/)
  if (start < 0 || IS_LIST_OF_DICTS.test(text)) return null
  const isDict = text[start] === '{'
  const parsing = parsePythonLiteral(text, start)
  const prefix = isDict ? text.slice(0, start) : text.slice(0, start).replace(/\w+\($/, '')
  return { prefix, parsing: isDict || !parsing.ok ? parsing : { ...parsing, value: ofPairs(parsing.value) } }
}

/** The object of such a list as `[('loss', 0.5), ('lr', 0.1)]`; the value itself where it is no such list. */
function ofPairs(value: RecordValue): RecordValue {
  if (!Array.isArray(value)) return value
  const isPair = (item: unknown) => Array.isArray(item) && item.length === 2 && typeof item[0] === 'string'
  return value.every(isPair) ? Object.fromEntries(value as [string, RecordValue][]) : value
}

function parse(text: string, offset: number): ParseResult {
  const found = findDict(text)
  if (found === null) return SKIP
  const { prefix, parsing } = found
  if (!parsing.ok) {
    const isWholeLine = prefix.trim() === '' && text.trimEnd().endsWith('}')
    return isWholeLine ? { kind: 'reject', reason: parsing.reason, detail: parsing.detail } : SKIP
  }
  if (!isObject(parsing.value)) return SKIP
  const builder = builderOf(parsing.value, prefix)
  addPrefix(builder, prefix)
  const count = builder.step === null && builder.epoch === null ? COUNT_BEFORE.exec(prefix) : null
  if (count !== null && nameBefore(prefix) !== '') builder.addPosition(Number(count[1] ?? count[2]))
  const record = builder.isAboutTraining ? builder.record(offset) : null
  return recordsOf(record === null ? [] : [record], builder.unread)
}

/** The words right before a dict, and what joins them to it: `Losses `, `train loss: `. */
const NAME_BEFORE = /(\p{L}[\p{L}_/ ]{0,40}?)\s{0,4}[:=]?\s{0,4}$/u
/** A bare count at the head of a line, before such words and no others: `[4] losses: `. */
const COUNT_BEFORE = /^\s{0,12}(?:\[ {0,12}(\d{1,9})\]|#?(\d{1,9})[:,|]?) {1,12}\p{L}[\p{L}_/ ]{0,40}[:=]?\s{0,4}$/u
const MAX_NAME_CHARS = 48

/** What a dict holds. Behind the name of a loss, `Losses {'ner': 12.3}`, it holds the parts of that. */
function builderOf(value: RecordObject, prefix: string): RecordBuilder {
  const name = prefix === '' ? '' : nameBefore(prefix)
  return metricsOf(name === '' ? value : { [name]: value })
}

/** The name of a loss with which a text ends; '' for none. A counter may stand before it: `epoch 3 losses`. */
function nameBefore(text: string): string {
  const words = NAME_BEFORE.exec(text.slice(-MAX_NAME_CHARS))?.[1]?.split(' ') ?? []
  const from = words.findIndex((_, at) => namesLosses(words.slice(at).join(' ')))
  return from < 0 ? '' : words.slice(from).join(' ')
}
