import { metricValue } from '../../protocol/value.ts'
import { type LiteralScanner, MAX_DEPTH, type Notation, type Parsing, scanLiteral } from './literal-scanner.ts'
import { rawText } from './number.ts'
import { isDenseName } from './prediction-fields.ts'
import { NonFiniteNumber, type RecordValue } from './record-value.ts'

/**
 * Parses a text that is one JSON value, as Python writes JSON.
 *
 * `json.dumps(float("nan"))` gives the bare word `NaN`, which RFC 8259 forbids;
 * it and its kin are read as `NonFiniteNumber`, and so is `1e400`. Arrays under
 * the names of predictions and labels become `NumberArray`. Of equal names the
 * last wins, and `__proto__` is a name like any other.
 */
export function parsePythonJson(text: string): Parsing {
  const native = BEYOND_NATIVE.test(text) ? undefined : parseNative(text)
  if (native !== undefined) return { ok: true, value: native, end: text.length }

  const parsing = scanLiteral(text, 0, JSON_NOTATION)
  if (!parsing.ok) return parsing
  const rest = text.slice(parsing.end).trimStart()
  if (rest === '') return parsing
  return { ok: false, reason: 'broken-json', detail: `character ${text.length - rest.length}: text after the value` }
}

/** Lists, which may be dense, and bare words: for `JSON.parse` a refusal costs more than reading several lines. */
const BEYOND_NATIVE = /\[|[:,]\s*-?(?:NaN|nan|Inf|inf)/

/** What the engine's parser makes of it, where that is the whole truth; it is twice as fast. */
function parseNative(text: string): RecordValue | undefined {
  let value: RecordValue
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return isExact(value, 0) ? value : undefined
}

/** Whether `value` is not too deep and holds no infinity, of which `JSON.parse` forgets the text. */
function isExact(value: RecordValue, depth: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return true
  if (depth === MAX_DEPTH) return false
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
