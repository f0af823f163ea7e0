import { type MetricValue, metricValue } from '../../protocol/value.ts'

/** A number as a text log spells it. */
export interface NumberText {
  readonly value: MetricValue
  /** What was written, at most 64 characters, when the value is not finite; null when it is. */
  readonly raw: string | null
  /** The decimals of a 0 that is written with so many that a small number would look the same: 4 of `0.0000`. */
  readonly zeroDecimals?: number
}

export interface NumberAt extends NumberText {
  /** Where the text goes on after the number. */
  readonly end: number
}

const MAX_RAW_CHARS = 64
/** Programs that print a number as it is write 0 as `0`, `0.0` or `0e+00`. */
const ROUNDED_ZERO = /^[-+]?0*\.(0{2,})$/
/** How far the `)` of `tensor(nan, device='cuda:0', grad_fn=<NllLossBackward0>)` may be. */
const MAX_WRAPPER_CHARS = 256
/** Constructors that frameworks print around a scalar, without their module. */
const WRAPPERS =
  /^(?:tensor|array|devicearray|decimal|float|float16|float32|float64|bfloat16|half|double|longdouble|int|int32|int64)$/

/** The number that `text` as a whole spells, white space around it aside; null when it spells none. */
export function parseNumber(text: string): NumberText | null {
  const word = text.trim()
  const found = numberAt(word, 0)
  if (found === null || found.end !== word.length) return null
  const { end: _, ...number } = found
  return number
}

/**
 * The number that begins at `start`, or null when no number does.
 *
 * It must end where a word may end: `nanms`, `12.00ms`, `46%` and `12:30` hold
 * no number. Every character is looked at a bounded number of times, so a line
 * of a million digits costs no more than its length.
 */
export function numberAt(text: string, start: number): NumberAt | null {
  const end = bareEnd(text, start)
  if (end > start) return isWordEnd(text, end) ? numberText(text, start, end) : null
  return wrappedAt(text, start)
}

/** `raw` of a value that was written as text from `start` to `end`: null when the value is finite. */
export function rawText(value: number, text: string, start: number, end: number): string | null {
  return Number.isFinite(value) ? null : text.slice(start, Math.min(end, start + MAX_RAW_CHARS))
}

function numberText(text: string, start: number, end: number): NumberAt {
  const value = toDouble(text.slice(start, end))
  const number = { value: metricValue(value), raw: rawText(value, text, start, end), end }
  const zeroDecimals = value === 0 ? roundedZeroDecimals(text.slice(start, end)) : undefined
  return zeroDecimals === undefined ? number : { ...number, zeroDecimals }
}

/** The decimals of a 0 that may stand for a small number; undefined for one that is written as programs write 0. */
export function roundedZeroDecimals(zero: string): number | undefined {
  return ROUNDED_ZERO.exec(zero)?.[1]?.length
}

/** The end of a decimal number, a NaN or an infinity without a wrapper; `start` when there is none. */
function bareEnd(text: string, start: number): number {
  const sign = text[start]
  const first = sign === '-' || sign === '+' ? start + 1 : start
  const code = text.charCodeAt(first)
  // YAML writes `.nan` and `.inf`.
  const word = code === DOT && isLetter(text.charCodeAt(first + 1)) ? first + 1 : first
  const isDecimal = isDigit(code) || (code === DOT && word === first)
  const end = isDecimal ? decimalEnd(text, first) : wordEnd(text, word)
  return end > word ? end : start
}

function decimalEnd(text: string, start: number): number {
  const whole = digitsEnd(text, start)
  if (text.charCodeAt(whole) !== DOT) return exponentEnd(text, thousandsEnd(text, start, whole))
  const end = digitsEnd(text, whole + 1)
  if (end === whole + 1 && whole === start) return start
  return text.charCodeAt(end) === HASH ? microsoftEnd(text, start, end) : exponentEnd(text, end)
}

/** Skips the groups of `1,234,567`. */
function thousandsEnd(text: string, start: number, whole: number): number {
  if (whole - start > 3 || text.charCodeAt(start) === ZERO) return whole
  let end = whole
  while (text.charCodeAt(end) === COMMA && digitsEnd(text, end + 1) === end + 4) end += 4
  if (end === whole || text.charCodeAt(end) !== DOT) return end
  return digitsEnd(text, end + 1)
}

function exponentEnd(text: string, end: number): number {
  if ((text.charCodeAt(end) | LOWER) !== LETTER_E) return end
  const sign = text[end + 1]
  const digits = sign === '-' || sign === '+' ? end + 2 : end + 1
  const after = digitsEnd(text, digits)
  return after > digits ? after : end
}

/** The C runtime of Windows prints `1.#QNAN`, `-1.#IND00` and `1.#INF`. */
function microsoftEnd(text: string, start: number, hash: number): number {
  const name = /^#(?:QNAN|SNAN|IND|INF)0*/.exec(text.slice(hash, hash + 12))
  return name === null ? start : hash + name[0].length
}

/** `nan`, `nan(ind)`, `inf`, `infinity` in any case, `nan.0`, to which the bar of Lightning pads it, `NaN32` of Julia, `nanf` of C. */
function wordEnd(text: string, start: number): number {
  const code = text.charCodeAt(start) | LOWER
  if (code !== LETTER_N && code !== LETTER_I) return start
  const word = text.slice(start, start + 12).toLowerCase()
  if (word.startsWith('infinity')) return start + 8
  return start + (/^(?:nan\((?:s?nan|ind)\)|(?:nan|inf)(?:\.0{0,4}|16|32|64|f)?)/.exec(word)?.[0].length ?? 0)
}

/** `tensor(nan, device='cuda:0')`, `tensor([nan])`, `np.float64(nan)`, `Decimal('NaN')`: the number inside counts. */
function wrappedAt(text: string, start: number): NumberAt | null {
  if (!isLetter(text.charCodeAt(start))) return null
  const open = text.slice(start, start + 32).indexOf('(')
  if (open < 0) return null
  const name = text.slice(start, start + open).toLowerCase()
  if (!WRAPPERS.test(name.slice(name.lastIndexOf('.') + 1))) return null

  const quote = text[start + open + 1]
  const isQuoted = quote === "'" || quote === '"'
  // So it stands in source code, and nothing prints it.
  if (isQuoted && name === 'float') return null
  const inside = start + open + (isQuoted ? 2 : 1)
  // `tensor([[0.5]], device='cuda:0')` has one number in it.
  const first = inside + (/^\[{0,3}/.exec(text.slice(inside, inside + 3))?.[0].length ?? 0)
  const end = bareEnd(text, first)
  const after = end + (first - inside)
  const isAlone =
    first === inside ? /["',)]/.test(text.charAt(end)) : text.slice(end, after) === ']'.repeat(first - inside)
  const close = closingEnd(text, start + open)
  if (end === first || close < 0 || !isAlone || !isWordEnd(text, close)) return null
  const { value } = numberText(text, first, end)
  return { value, raw: typeof value === 'number' ? null : rawText(Number.NaN, text, start, close), end: close }
}

function closingEnd(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length && at < open + MAX_WRAPPER_CHARS; at++) {
    if (text[at] === '(') depth++
    if (text[at] === ')' && --depth === 0) return at + 1
  }
  return -1
}

function toDouble(digits: string): number {
  const value = Number(digits)
  if (!Number.isNaN(value)) return value
  const word = digits.toLowerCase()
  if (word.includes('inf')) return word.startsWith('-') ? -Infinity : Infinity
  return word.includes(',') ? Number(word.replaceAll(',', '')) : Number.NaN
}

/** Whether a number may stop here: the text goes on with neither a letter, a digit, a `%` nor the minutes of a clock. */
function isWordEnd(text: string, end: number): boolean {
  if (end >= text.length) return true
  const code = text.charCodeAt(end)
  if (isLetter(code) || isDigit(code) || code === UNDERSCORE || code === PERCENT || code === HASH) return false
  const next = text.charCodeAt(end + 1)
  if (code === DOT || code === COLON || code === COMMA) return !isDigit(next)
  if (code === HYPHEN || code === PLUS) return !(isDigit(next) || isLetter(next))
  if (code === SPACE) return !isTimesTen(text, end + 1)
  if (code === APOSTROPHE) return !isDigit(next)
  if (code === ASTERISK) return !isTimesTen(text, end)
  if (code < 0x80) return code !== CARET
  // `1’234`, `0·5`, `1 234` with a blank that does not break, and `2×10⁻²`
  if (BEFORE_DIGITS.includes(text.charAt(end)) && isDigit(next)) return false
  if (text.charAt(end) === '±') return !OFF_BY_AND_POWER.test(text.slice(end, end + 24))
  return !/^[\p{L}\p{N}．⁻⁺]/u.test(text.slice(end, end + 2)) && !isTimesTen(text, end)
}

/** Whether a number goes on in a power of ten: ` x 10^-2`, `×10⁻²`, `*10**3`. */
function isTimesTen(text: string, at: number): boolean {
  return TIMES.includes(text.charAt(at)) && TIMES_TEN.test(text.slice(at, at + 8))
}

const BEFORE_DIGITS = '’·\u00a0\u202f'
const TIMES = 'x×*·⋅'
const OFF_BY_AND_POWER = /^± ?[\d.]{1,16} ?[x×*·⋅] ?10/
const TIMES_TEN = /^[x×*·⋅] ?10 ?(?:\^|\*\*|[⁺⁻⁰¹²³⁴-⁹])/

/** More digits than any number is written with; a run that is longer is passed over natively. */
const MANY_DIGITS = 32
const DIGITS = /\d*/y

function digitsEnd(text: string, start: number): number {
  let end = start
  while (end < start + MANY_DIGITS && isDigit(text.charCodeAt(end))) end++
  if (end < start + MANY_DIGITS) return end
  DIGITS.lastIndex = end
  DIGITS.test(text)
  return DIGITS.lastIndex
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE
}

function isLetter(code: number): boolean {
  const lower = code | LOWER
  return lower >= 0x61 && lower <= 0x7a
}

const HASH = 0x23
const PERCENT = 0x25
const SPACE = 0x20
const APOSTROPHE = 0x27
const ASTERISK = 0x2a
const CARET = 0x5e
const PLUS = 0x2b
const COMMA = 0x2c
const HYPHEN = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const UNDERSCORE = 0x5f
/** Sets the bit that tells a lower-case ASCII letter from its capital. */
const LOWER = 0x20
const LETTER_E = 0x65
const LETTER_I = 0x69
const LETTER_N = 0x6e
