import { isObject, type RecordObject, type RecordValue } from '../literals/record-value.ts'
import { parsePythonJson } from '../records/python-json.ts'
import type { Said } from './said.ts'
import { foldedTraceback, isException, TRACEBACK } from './traceback.ts'

/** What a line says in its fields, as it would stand in a plain log. */
export interface FieldWords {
  readonly text: string
  /** Not there where no level is told. */
  readonly said?: Said
}

const LEVELS = ['level', 'severity', 'levelname', 'lvl', 'log.level', '@level', 'loglevel']
const MESSAGES = ['msg', 'message', '@message']
/** What happens as well as what is said: a message only where a level is told. */
const EVENT = 'event'
const ERRORS = ['error', 'err', 'exception', 'exc_info', 'exc']
/** What only a sample has: what stands in its fields is no word of the job. */
const OF_SAMPLE = [
  'text',
  'prompt',
  'completion',
  'response',
  'content',
  'input',
  'output',
  'question',
  'answer',
  'instruction',
]
/** The words of other loggers for the levels of Python's, and the numbers of pino and bunyan. */
const GRAVE: readonly (readonly [string, RegExp])[] = [
  ['FATAL', /^(?:fatal|60)$/i],
  ['CRITICAL', /^(?:crit(?:ical)?|emerg(?:ency)?|alert|d?panic)$/i],
  ['ERROR', /^(?:err(?:or)?|severe|50)$/i],
]
const LONGEST_LINE = 65_536
const HAS_WORDS = new RegExp(`(?:^|[{\\s,"])(?:${[...MESSAGES, EVENT, ...ERRORS, ...OF_SAMPLE].join('|')})"?\\s?[:=]`)
const LOGFMT = /^(?:[A-Za-z@][\w.@-]*=(?:"(?:[^"\\]|\\.)*"|[^\s"]*)(?:\s+|$))+$/
const PAIR = /([A-Za-z@][\w.@-]*)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g
/** A name or a value of a line that may tell an error. */
const OF_ERROR = new RegExp(
  `[":= ](?:err(?:or)?|exc\\w*|fatal|crit(?:ical)?|emerg(?:ency)?|alert|d?panic|severe)["= ]|["'](?:${LEVELS.join('|')})["']\\s?:\\s?["']?(?:50|60)\\b`,
  'i',
)
const ERROR_FIELD =
  /(?:["' ,{]|^)(?:err(?:or)?|exception|exc_info|exc)["']?\s?[:=]|(?:level|severity|levelname)["']?\s?[:=]\s?["']?(?:err(?:or)?|crit(?:ical)?|fatal)\b/i

/**
 * What is said in the fields of a line, one JSON object or pairs of logfmt; null where the line is read as it stands. So is a
 * traceback in a field.
 */
export function wordsInFields(line: string): readonly FieldWords[] | null {
  const fields = fieldsOf(line)
  if (fields === null || foldedTraceback(line) !== null) return null
  const [record, text] = [own(fields, 'record'), own(fields, 'text')]
  if (isObject(record) && typeof text === 'string') return wordsOfLoguru(record, text)
  const level = levelOf(fields)
  if (level === null && OF_SAMPLE.some((name) => typeof own(fields, name) === 'string')) return []
  return wordsOf(fields, level)
}

/** loguru puts the line of its plain log beside the parts of it. */
function wordsOfLoguru(record: RecordObject, text: string): readonly FieldWords[] | null {
  if (text.includes(TRACEBACK)) return linesOf(text).map((each) => ({ text: each }))
  const level = own(record, 'level')
  return wordsOf(record, isObject(level) ? levelOf({ level: own(level, 'name') }) : null)
}

function wordsOf(fields: RecordObject, level: string | null): readonly FieldWords[] | null {
  const message = textIn(fields, level === null ? MESSAGES : [...MESSAGES, EVENT])
  const error = textIn(fields, ERRORS)
  const whole = [message, error].filter((each) => each !== null).join(': ')
  const [first, ...rest] = linesOf(whole)
  if (first === undefined) return null
  const bare = error !== null && isException(error) ? linesOf(error)[0]! : first
  const said = { bare, hasLevel: level !== null }
  return [{ text: level === null ? bare : `${level}: ${first}`, said }, ...rest.map((each) => ({ text: each }))]
}

/** Whether the fields of a line may tell an error, be it beside numbers. */
export function mayTellError(line: string): boolean {
  return /^\s*\{|=/.test(line) && OF_ERROR.test(line)
}

/** Whether a line has a field for errors, or the level of one. */
export function hasErrorField(line: string): boolean {
  return ERROR_FIELD.test(line)
}

/** Whether words have a level of errors, or are of an exception. */
export function isOfError({ text, said }: FieldWords): boolean {
  return GRAVE.some(([level]) => text.startsWith(`${level}: `)) || (said !== undefined && isException(said.bare))
}

function fieldsOf(line: string): RecordObject | null {
  if (line.length > LONGEST_LINE || !HAS_WORDS.test(line)) return null
  if (line.trimStart().startsWith('{')) {
    const parsing = parsePythonJson(line)
    return parsing.ok && isObject(parsing.value) ? parsing.value : null
  }
  if (!LOGFMT.test(line)) return null
  const pairs = [...line.matchAll(PAIR)].map(([, name = '', quoted, plain = '']) => [name, unescaped(quoted) ?? plain])
  const fields = Object.fromEntries(pairs) as RecordObject
  return levelOf(fields) === null ? null : fields
}

function levelOf(fields: RecordObject): string | null {
  const value = LEVELS.map((name) => own(fields, name)).find((each) => each !== null)
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const level = String(value)
  return GRAVE.find(([, pattern]) => pattern.test(level))?.[0] ?? level.toUpperCase()
}

function textIn(fields: RecordObject, names: readonly string[]): string | null {
  const found = names.map((name) => own(fields, name)).find((each) => typeof each === 'string' && each.trim() !== '')
  return typeof found === 'string' ? found : null
}

function own(fields: RecordObject, name: string): RecordValue {
  return Object.hasOwn(fields, name) ? fields[name]! : null
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '')
}

function unescaped(quoted: string | undefined): string | undefined {
  return quoted?.replace(/\\n/g, '\n').replace(/\\(.)/g, '$1')
}
