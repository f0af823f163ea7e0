import { JsonNumberReader } from './json-number.ts'
import { scanNumberArray } from './number-array.ts'
import { BrokenArray, type RecordObject, type RecordValue } from './record-value.ts'

export const MAX_DEPTH = 64
/** Names and objects in one record, however deep they lie: each costs as much as a short line. */
export const MAX_PARTS = 2560

/** What tells one notation of nested values from another. */
export interface Notation {
  /** The characters that a string may begin and end with. */
  readonly quotes: string
  /** The brackets that may open a list. */
  readonly lists: string
  readonly allowsTrailingComma: boolean
  /** Whether a name may stand without quotes. */
  readonly allowsBareNames: boolean
  /** Whether an array under this name is read unboxed. */
  isDense(name: string): boolean
  /** What the text between two quotes says, or null when an escape in it is none. */
  unescape(text: string): string | null
  /** The number or word at the scanner's position, which is moved behind it. */
  bare(scanner: LiteralScanner): RecordValue
}

/** Why a literal does not read. */
export type LiteralFault = 'broken-json' | 'too-deep' | 'too-many-values'

export type Parsing =
  | { readonly ok: true; readonly value: RecordValue; readonly end: number }
  | { readonly ok: false; readonly reason: LiteralFault; readonly detail: string }

/** Reads the value that begins at `start`; what follows it is the caller's to judge. */
export function scanLiteral(text: string, start: number, notation: Notation, maxParts = MAX_PARTS): Parsing {
  const scanner = new LiteralScanner(text, start, notation, maxParts)
  try {
    return { ok: true, value: scanner.value(''), end: scanner.position }
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    return { ok: false, reason: error.reason, detail: error.message }
  }
}

/** Thrown inside a scan, and never outside one. */
class Broken extends Error {
  readonly reason: LiteralFault

  constructor(reason: LiteralFault, message: string) {
    super(message)
    this.reason = reason
  }
}

/** One pass over nested values, by recursion that is bounded by `MAX_DEPTH`. */
export class LiteralScanner {
  readonly text: string
  readonly numbers = new JsonNumberReader()
  position: number
  readonly #notation: Notation
  readonly #maxParts: number
  #depth = 0
  #parts = 0

  constructor(text: string, position: number, notation: Notation, maxParts: number) {
    this.text = text
    this.position = position
    this.#notation = notation
    this.#maxParts = maxParts
  }

  /** The value at the position; `name` is the key that it stands under. */
  value(name: string): RecordValue {
    const char = this.peek()
    if (char === '{') return this.#object()
    if (char === '' || !NO_BARE_WORD.has(char)) return this.#notation.bare(this)
    if (this.#notation.lists.includes(char)) return this.#list(name)
    return this.#notation.quotes.includes(char) ? this.#string() : this.#notation.bare(this)
  }

  /** The next character that is no white space, or '' at the end. */
  peek(): string {
    while (isSpace(this.text.charCodeAt(this.position))) this.position++
    return this.text.charAt(this.position)
  }

  fail(expected: string, at = this.position): never {
    const found = at < this.text.length ? `"${this.text.charAt(at)}"` : 'the end'
    throw new Broken('broken-json', `character ${at}: expected ${expected}, found ${found}`)
  }

  /** Whether the next character that is no white space is one of `chars`. */
  #isNext(chars: string): boolean {
    const char = this.peek()
    return char !== '' && chars.includes(char)
  }

  #object(): RecordObject {
    const object: Record<string, RecordValue> = Object.create(null)
    this.#count()
    this.#items('}', () => {
      this.#count()
      const name = this.#name()
      if (this.peek() !== ':') this.fail('":"')
      this.position++
      object[name] = this.value(name)
    })
    return object
  }

  #count(): void {
    if (++this.#parts > this.#maxParts) {
      throw new Broken('too-many-values', `more than ${this.#maxParts} names and objects in one record`)
    }
  }

  #list(name: string): RecordValue {
    const scan = this.#notation.isDense(name) ? scanNumberArray(this.text, this.position, this.numbers) : null
    if (scan?.ok) {
      this.position = scan.end
      return scan.array
    }
    const list: RecordValue[] = []
    this.#items(this.text[this.position] === '(' ? ')' : ']', () => list.push(this.value('')))
    return scan === null ? list : new BrokenArray(scan.problem)
  }

  #items(close: string, item: () => void): void {
    if (++this.#depth > MAX_DEPTH) {
      throw new Broken('too-deep', `character ${this.position}: more than ${MAX_DEPTH} levels of nesting`)
    }
    this.position++
    for (let isFirst = true; this.peek() !== close; isFirst = false) {
      if (!isFirst) {
        if (this.peek() !== ',') this.fail(`"," or "${close}"`)
        this.position++
        if (this.#notation.allowsTrailingComma && this.peek() === close) break
      }
      item()
    }
    this.position++
    this.#depth--
  }

  #name(): string {
    if (this.#isNext(this.#notation.quotes)) return this.#string()
    return this.#notation.allowsBareNames ? String(this.#notation.bare(this)) : this.fail('a name in quotes')
  }

  #string(): string {
    const { text } = this
    const quote = text.charCodeAt(this.position)
    const start = this.position + 1
    let hasEscapes = false
    let end = start
    for (; text.charCodeAt(end) !== quote; end++) {
      const code = text.charCodeAt(end)
      if (!(code >= 0x20)) this.fail('the rest of a string', end)
      if (code !== BACKSLASH) continue
      hasEscapes = true
      end++
    }
    this.position = end + 1
    const inner = text.slice(start, end)
    return hasEscapes ? (this.#notation.unescape(inner) ?? this.fail('a string with good escapes', start - 1)) : inner
  }
}

/** What a list or a string may begin with in one notation or another. */
const NO_BARE_WORD: ReadonlySet<string> = new Set('[(\'"')

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d
}

const BACKSLASH = 0x5c
