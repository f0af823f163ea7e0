import { metricValue } from '../../protocol/value.ts'
import {
  type LiteralScanner,
  MAX_DEPTH,
  MAX_PARTS,
  type Notation,
  type Parsing,
  scanLiteral,
} from '../literals/literal-scanner.ts'
import { rawText } from '../literals/number.ts'
import { NonFiniteNumber, type RecordValue } from '../literals/record-value.ts'
import { isDenseName } from './prediction-fields.ts'

/**
 * Parses a text that is one JSON value, as Python writes JSON.
 *
 * `json.dumps(float("nan"))` gives the bare word `NaN`, which RFC 8259 forbids;
 * it and its kin are read as `NonFiniteNumber`, and so is `1e400`. Arrays under
 * the names of predictions and labels become `NumberArray`. Of equal names the
 * last wins, and `__proto__` is a name like any other.
 */
export function parsePythonJson(text: string, maxParts = MAX_PARTS): Parsing {
  const estimate = BARE_WORD.test(text) || mayHoldDense(text) ? null : estimateOf(text)
  // A string may hold what looks like a name, so the estimate may be too high: then the scanner decides.
  const native = estimate === null || estimate.parts > maxParts ? undefined : parseNative(text, estimate.isPlain)
  if (native !== undefined) return { ok: true, value: native, end: text.length }

  const parsing = scanLiteral(text, 0, JSON_NOTATION, maxParts)
  if (!parsing.ok) return parsing
  const rest = text.slice(parsing.end).trimStart()
  if (rest === '') return parsing
  return { ok: false, reason: 'broken-json', detail: `character ${text.length - rest.length}: text after the value` }
}

/** For `JSON.parse` a refusal costs more than reading several lines. */
const BARE_WORD = /[:,[]\s*-?(?:NaN|nan|Inf|inf)/
const NAMED_LIST = /"([^"]*)"\s*:\s*\[/g

/** Whether there may be a list that is read unboxed; a name with an escape may be any. */
function mayHoldDense(text: string): boolean {
  if (!text.includes('[')) return false
  for (const [, name = ''] of text.matchAll(NAMED_LIST)) if (name.includes('\\') || isDenseName(name)) return true
  return false
}

/** Bounds on what a JSON text holds. */
interface JsonEstimate {
  /** How many names and objects it has at most. */
  readonly parts: number
  /** Whether no number can be infinite, and nothing too deep. */
  readonly isPlain: boolean
}

/** Estimates by one pass over the characters, which takes what looks like a name or a number in a string for one. */
function estimateOf(text: string): JsonEstimate {
  let [names, objects, lists, digits] = [0, 0, 0, 0]
  let hasHugeNumber = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code >= ZERO && code <= NINE) {
      if (++digits === HUGE_DIGITS) hasHugeNumber = true
      continue
    }
    if (digits > 0 && (code | LOWER) === LETTER_E) hasHugeNumber = true
    digits = 0
    if (code === COLON) names++
    else if (code === OPEN) objects++
    else if (code === OPEN_LIST) lists++
  }
  return { parts: names + objects, isPlain: !hasHugeNumber && objects + lists <= MAX_DEPTH }
}

/** What the engine's parser makes of it, where that is the whole truth; it is twice as fast. */
function parseNative(text: string, isPlain: boolean): RecordValue | undefined {
  let value: RecordValue
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return isPlain || isExact(value, 0) ? value : undefined
}

/** Whether `value` is not too deep and holds no infinity, of which `JSON.parse` forgets the text. */
function isExact(value: RecordValue, depth: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return true
  if (depth === MAX_DEPTH) return false
  if (Array.isArray(value)) return value.every((item) => isExact(item, depth + 1))
  const object = value as Record<string, RecordValue>
  for (const name in object) {
    if (!isExact(object[name]!, depth + 1)) return false
  }
  return true
}

const JSON_NOTATION: Notation = {
  quotes: '"',
  lists: '[',
  allowsTrailingComma: false,
  allowsBareNames: false,
  isDense: isDenseName,

  unescape(text) {
    try {
      return JSON.parse(`"${text}"`)
    } catch {
      return null
    }
  },

  bare(scanner) {
    const { text, position, numbers } = scanner
    const value = numbers.read(text, position)
    if (numbers.end === position) return word(scanner)
    scanner.position = numbers.end
    const raw = rawText(value, text, position, numbers.end)
    return raw === null ? value : new NonFiniteNumber(metricValue(value) as NonFiniteNumber['value'], raw)
  },
}

function word(scanner: LiteralScanner): RecordValue {
  for (const [text, value] of [
    ['true', true],
    ['false', false],
    ['null', null],
  ] as const) {
    if (!scanner.text.startsWith(text, scanner.position)) continue
    scanner.position += text.length
    return value
  }
  return scanner.fail('a value')
}

/** A number of fewer digits and without an exponent is finite. */
const HUGE_DIGITS = 300
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const OPEN = 0x7b
const OPEN_LIST = 0x5b
/** Sets the bit that tells a lower-case ASCII letter from its capital. */
const LOWER = 0x20
const LETTER_E = 0x65
