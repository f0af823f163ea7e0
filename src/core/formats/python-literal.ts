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
    const char = text.charAt(end)
    if (depth === 0 && ',:)]}'.includes(char)) break
    if ('([{<'.includes(char)) depth++
    if (')]}>'.includes(char)) depth--
  }
  if (end === position || end === text.length) scanner.fail('a value')
  scanner.position = end
  const written = text.slice(position, end).trim()
  const word = WORDS.get(written)
  return word === undefined ? written : word
}
