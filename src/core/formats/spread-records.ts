import type { Parsing } from '../literals/literal-scanner.ts'
import { parsePythonLiteral } from '../literals/python-literal.ts'
import { isObject } from '../literals/record-value.ts'
import type { Line } from '../reading/lines.ts'
import { isLossLike, isLossRole } from '../records/fields.ts'
import { addPrefix, metricsOf } from '../records/object-metrics.ts'
import { parsePythonJson } from '../records/python-json.ts'
import type { RecordBuilder } from '../records/record-builder.ts'
import { historyOf } from './histories.ts'
import { isHeadingOver, isRow, nestedMetrics } from './nested-rows.ts'

/** Lines that may be one record, whose end is still to come; plain JSON. */
export type Spread = {
  readonly kind: 'object' | 'nested'
  /** None where only the line above is kept, for the object below that two loggers write one after another. */
  readonly lines: readonly Line[]
  readonly chars: number
  /** How many brackets are open. */
  readonly depth: number
  /** The line above the first one, as far as it says something of it. */
  readonly above: string
  /** Whether an object below that line has been read. */
  readonly isSecond: boolean
}

export interface Gathered {
  readonly state: Spread | null
  /** What is to be read now: the line itself, those that waited, or the one that they make. */
  readonly lines: readonly WholeLine[]
}

/** A line, or what several make. */
export type WholeLine = Line & {
  /** Whether that is an object which is a record for sure, whatever the other lines of the file are. */
  readonly isObject?: true
}

/** A record has no more lines and characters: what is longer is read line by line. */
const MAX_LINES = 1024
const MAX_CHARS = 64 * 1024
const MAX_ABOVE_CHARS = 200
/** What holds an object itself, and the last words of a job: what stands below those is no record. */
const NO_HEADING = /[{}\n]|(?:Error|Exception)\b/

/** Whether a line can be the first of a record, without a closer look: most lines are none. */
export function mayOpen(text: string, hasPrevious: boolean): boolean {
  if (OPEN_ENDS.includes(text.charAt(text.length - 1)) && text.includes('{')) return true
  return hasPrevious && OPEN_STARTS.includes(text.charAt(0))
}

/**
 * Makes one line of an object that is printed over several, and of rows that are nested by indentation.
 *
 * Lines wait from one that opens such a record to its end. Where it turns out to be none of training, where a line comes
 * that is no part of it, or at the bounds, all that waited are read as the lines that they are: nothing is lost.
 * `previous` is the line before, unless that gave a record; `mayNest` says whether nested rows would be read.
 */
export function gather(state: Spread | null, line: Line, previous: string, mayNest: boolean): Gathered {
  if (state === null || state.lines.length === 0) return opened(state, line, previous, mayNest)
  const isPart = state.lines.length < MAX_LINES && state.chars + line.text.length <= MAX_CHARS && continues(state, line)
  if (isPart) return grown(state, line)
  const before = released(state)
  const isRead = before[0] !== state.lines[0]
  const after = opened(null, line, isRead ? '' : before.at(-1)!.text, mayNest)
  return { state: after.state, lines: [...before, ...after.lines] }
}

/** What waits in the state, once nothing more belongs to it: of an object that was never closed what was written. */
export function released(state: Spread): readonly WholeLine[] {
  const { kind, lines, above } = state
  if (lines.length === 0) return lines
  if (kind === 'object') return cutOff(state)
  const text = [above, ...lines.map((line) => line.text)].join('\n')
  const builder = nestedMetrics(text)
  return builder !== null && isOfTraining(builder) ? [joined(lines, text)] : lines
}

function opened(state: Spread | null, line: Line, previous: string, mayNest: boolean): Gathered {
  const { text } = line
  const depth = openBrackets(text)
  if (depth > 0 || ((previous !== '' || state !== null) && isSmallObject(text))) {
    const above = state === null ? told(previous) : state.above
    const object = {
      kind: 'object',
      lines: [line],
      chars: text.length,
      depth,
      above,
      isSecond: state !== null,
    } as const
    if (depth > 0) return { state: object, lines: [] }
    if (above !== '') return objectOf(object)
  }
  if (!mayNest || previous === '' || !isRow(text) || !isHeadingOver(previous, text))
    return { state: null, lines: [line] }
  const chars = text.length
  return { state: { kind: 'nested', lines: [line], chars, depth: 0, above: previous, isSecond: false }, lines: [] }
}

function isSmallObject(text: string): boolean {
  return text.startsWith('{') && text.length <= MAX_CHARS
}

function continues({ kind, lines }: Spread, { text }: Line): boolean {
  if (kind === 'nested') return isRow(text)
  const last = lines.at(-1)!.text.trimEnd().at(-1)!
  // Python breaks a long text in two without a comma between them.
  return PART.test(text) && (GOES_ON.includes(last) || /^\s*[\])}'"]/.test(text))
}

function grown(state: Spread, line: Line): Gathered {
  const depth = state.kind === 'nested' ? 1 : depthAfter(line.text, 0, state.depth)
  const next = { ...state, lines: [...state.lines, line], chars: state.chars + line.text.length, depth }
  if (depth > 0) return { state: next, lines: [] }
  return depth < 0 ? { state: null, lines: next.lines } : objectOf(next)
}

/** The object as one line, behind what the line above says of it; its lines where it is no record. */
function objectOf({ lines, above, isSecond }: Spread): Gathered {
  const texts = lines.map(({ text }) => text.trim())
  const whole = texts.join(' ').replace(/,$/, '')
  const start = Math.max(whole.search(OBJECT), 0)
  const json = parsePythonJson(whole.slice(start))
  const { value } = (json.ok ? json : parsePythonLiteral(whole, start)) as Partial<Extract<Parsing, { ok: true }>>
  if (!isObject(value)) return { state: null, lines }
  const builder = metricsOf(value)
  const isCounted = builder.step !== null || builder.epoch !== null
  const prefix = isCounted || above === '' ? '' : `${above} `
  addPrefix(builder, prefix + whole.slice(0, start))
  if (!isOfTraining(builder) && historyOf(value) === null) return { state: null, lines }
  const kept: Spread | null =
    above === '' || isSecond ? null : { kind: 'object', lines: [], chars: 0, depth: 0, above, isSecond: true }
  return { state: kept, lines: [{ ...joined(lines, prefix + whole), isObject: true }] }
}

/** An object without its end, closed behind its last value: the one that it broke off in may have lost its last digits. */
function cutOff({ lines, above }: Spread): readonly WholeLine[] {
  const whole = lines.map(({ text }) => text.trim()).join(' ')
  const written = /\b(?:nan|inf(?:inity)?)$/i.test(whole) ? whole : whole.slice(0, whole.lastIndexOf(',') + 1)
  const start = written.search(OBJECT)
  const closing = start < 0 ? '' : closingOf(written, start)
  if (closing === '') return lines
  const closed = { ...lines[0]!, text: written.replace(/,$/, '') + closing }
  const spread = { kind: 'object', lines: [closed], chars: 0, depth: 0, above, isSecond: true } as const
  const [object = closed]: readonly WholeLine[] = objectOf(spread).lines
  return object.isObject === true ? [{ ...joined(lines, object.text), isObject: true }] : lines
}

/** The brackets that close what a text leaves open from `start` on. */
function closingOf(text: string, start: number): string {
  let closing = ''
  for (const [sign] of text.slice(start).matchAll(BRACKET_OR_TEXT)) {
    if (sign in CLOSING) closing = CLOSING[sign]! + closing
    else if (sign === closing[0]) closing = closing.slice(1)
  }
  return closing
}

const BRACKET_OR_TEXT = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[[\](){}]/g
const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' }

function joined(lines: readonly Line[], text: string): Line {
  return { ...lines[0]!, text, bytes: lines.reduce((sum, { bytes }) => sum + bytes, 0) }
}

/** Settings have numbers, too, and some of them count: a record of training has what only a training measures. */
function isOfTraining({ step, epoch, scalars }: RecordBuilder): boolean {
  const isCounted = step !== null || epoch !== null
  return scalars.some(
    ({ metric, role }) =>
      isLossRole(role) ||
      (isCounted && (isLossLike(metric) || !['other', 'learning_rate', 'loss_scale'].includes(role))),
  )
}

/** The line above an object, where it counts a step or an epoch and says nothing else. */
function told(above: string): string {
  if (above === '' || above.length > MAX_ABOVE_CHARS || NO_HEADING.test(above)) return ''
  const builder = metricsOf({})
  addPrefix(builder, above)
  return builder.step !== null || builder.epoch !== null ? above : ''
}

/** Where an object begins: before its first name, or before the end of its line. */
const OBJECT = /\{(?:\s?(?:['"]|[A-Za-z_$][\w$]{0,127}: )|\s*$)/
const MAX_OPENING_CHARS = 4096
const GOES_ON = ',{[('
const OPEN_ENDS = ',{[( \t'
const OPEN_STARTS = '{ \t'
/** A name, a value, or a bracket: how each further line of an object begins. */
const PART =
  /^\s*(?:["'[\](){}]|[a-z_$][\w$]{0,127}: |[-+]?(?:\d|\.\d|nan\b|inf\b|infinity\b)|(?:null|none|true|false)\b|[a-z.]{1,20}\()/i

/** How many brackets a line leaves open that begins an object and ends within it; 0 for any other, as most are. */
function openBrackets(text: string): number {
  if (text.length > MAX_OPENING_CHARS || !text.includes('{') || !GOES_ON.includes(text.trimEnd().at(-1)!)) return 0
  const start = text.search(OBJECT)
  return start < 0 ? 0 : depthAfter(text, start, 0)
}

/** How many brackets are open behind a line; -1 where it ends within a text. Stops where the object is closed. */
function depthAfter(text: string, start: number, before: number): number {
  let depth = before
  let quote = ''
  for (let at = start; at < text.length; at++) {
    const char = text.charAt(at)
    if (quote !== '') {
      if (char === '\\') at++
      else if (char === quote) quote = ''
    } else if (char === '"' || char === "'") quote = char
    else if ('{[('.includes(char)) depth++
    else if ('}])'.includes(char) && --depth === 0) return 0
  }
  return quote === '' ? depth : -1
}
