import { type LiteralScanner, type Notation, type Parsing, scanLiteral } from './literal-scanner.ts'
import { numberAt } from './number.ts'
import { NonFiniteNumber, type RecordValue } from './record-value.ts'

const WORDS: ReadonlyMap<string, RecordValue> = new Map([
  ['True', true],
  ['False', false],
  ['None', null],
])

/**
 * Parses the Python literal that begins at `start`, as `print` shows a dict.
 *
 * Beside literals it knows what metrics dicts hold in practice: bare `nan` and
 * `inf`, `np.float64(0.5)`, `tensor(nan)`. Any other expression, such as
 * `torch.float32`, is kept as its text. What follows the literal is not judged.
 */
export function parsePythonLiteral(text: string, start: number): Parsing {
  return scanLiteral(text, start, PYTHON_NOTATION)
}

const PYTHON_NOTATION: Notation = {
  quotes: `'"`,
  lists: '[(',
  allowsTrailingComma: true,
  allowsBareNames: true,
  isDense: () => false,
  unescape: (text) => text.replace(ESCAPE, unescapeOne),

  bare(scanner) {
    const number = numberAt(scanner.text, scanner.position)
    if (number === null) return expression(scanner)
    const { value, raw, end } = number
    scanner.position = end
    return typeof value === 'number' ? value : new NonFiniteNumber(value, raw ?? value)
  },
}

const OPENING = 1
const CLOSING = 2
const BETWEEN = 3
/** `<` and `>` are brackets of `<NllLossBackward0>`, and end nothing. */
const CLOSING_ANGLE = 4
/** What each character of ASCII means to an expression, 0 for nothing. */
const SIGNS = new Uint8Array(128)
for (const [signs, meaning] of [
  ['([{<', OPENING],
  [')]}', CLOSING],
  [',:', BETWEEN],
  ['>', CLOSING_ANGLE],
] as const) {
  for (const sign of signs) SIGNS[sign.charCodeAt(0)] = meaning
}
const ESCAPE = /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U000[\da-fA-F]{5}|.)/gs
const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

function unescapeOne(escape: string): string {
  if (escape.length === 2) return CONTROLS.get(escape.charAt(1)) ?? escape.charAt(1)
  const code = Number.parseInt(escape.slice(2), 16)
  return code <= 0x10ffff ? String.fromCodePoint(code) : escape
}

/** A word, or the text of an expression up to the comma, colon or bracket that ends it. */
function expression(scanner: LiteralScanner): RecordValue {
  const { text, position } = scanner
  let end = position
  for (let depth = 0; end < text.length; end++) {
    const sign = SIGNS[text.charCodeAt(end)]
    // Most characters are none of the signs, and all of a long line may be looked at.
    if (sign === undefined || sign === 0) continue
    if (depth === 0 && (sign === CLOSING || sign === BETWEEN)) break
    if (sign === OPENING) depth++
    else if (sign !== BETWEEN) depth--
  }
  if (end === position || end === text.length) scanner.fail('a value')
  scanner.position = end
  const written = text.slice(position, end).trim()
  const word = WORDS.get(written)
  return word === undefined ? written : word
}
