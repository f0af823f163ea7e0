/** A pattern as a tree. */
export type Node =
  | { readonly kind: 'char'; readonly accepts: (code: number) => boolean; readonly literal: string | null }
  | { readonly kind: 'sequence'; readonly nodes: readonly Node[] }
  | { readonly kind: 'choice'; readonly nodes: readonly Node[] }
  | {
      readonly kind: 'repeat'
      readonly node: Node
      readonly min: number
      readonly max: number
      readonly isLazy: boolean
    }
  | { readonly kind: 'group'; readonly name: string; readonly node: Node }
  | { readonly kind: 'assert'; readonly where: Assertion }

export type Assertion = 'start' | 'end' | 'word-edge' | 'no-word-edge'

/** What is wrong with a pattern, in words for its author. */
export class PatternError extends Error {}

const MAX_PATTERN_CHARS = 1000
const MAX_REPEATS = 1000

/**
 * Parses the syntax of JavaScript's regular expressions, without what cannot be
 * matched in linear time: back-references and look-around. Throws a PatternError.
 */
export function parsePattern(source: string): Node {
  if (source.length > MAX_PATTERN_CHARS) throw new PatternError(`longer than ${MAX_PATTERN_CHARS} characters`)
  const parser = new Parser(source)
  const node = parser.choice()
  if (!parser.isAtEnd) parser.fail('a ")" without its "("')
  return node
}

class Parser {
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#source.length
  }

  fail(problem: string): never {
    throw new PatternError(`character ${this.#at}: ${problem}`)
  }

  choice(): Node {
    const nodes = [this.#sequence()]
    while (this.#skip('|')) nodes.push(this.#sequence())
    return nodes.length === 1 ? nodes[0]! : { kind: 'choice', nodes }
  }

  #sequence(): Node {
    const nodes: Node[] = []
    while (!this.isAtEnd && this.#peek() !== '|' && this.#peek() !== ')') nodes.push(this.#repeated(this.#atom()))
    return { kind: 'sequence', nodes }
  }

  #atom(): Node {
    const char = this.#take()
    switch (char) {
      case '^':
        return { kind: 'assert', where: 'start' }
      case '$':
        return { kind: 'assert', where: 'end' }
      case '.':
        return { kind: 'char', accepts: (code) => code !== LINE_FEED, literal: null }
      case '(':
        return this.#group()
      case '[':
        return { kind: 'char', accepts: this.#set(), literal: null }
      case '\\':
        return this.#escape()
      case '*':
      case '+':
      case '?':
        this.#at--
        return this.fail(`nothing before "${char}" that could be repeated`)
      default:
        return literal(char)
    }
  }

  #group(): Node {
    let name: string | null = null
    if (this.#skip('?<')) {
      const end = this.#source.indexOf('>', this.#at)
      name = this.#source.slice(this.#at, Math.max(end, this.#at))
      if (!/^[A-Za-z_]\w*$/.test(name)) this.fail('a name of a group, or a look-behind, which is not supported')
      this.#at = end + 1
    } else if (this.#skip('?') && !this.#skip(':')) {
      this.fail('look-around and flags are not supported')
    }
    const node = this.choice()
    if (!this.#skip(')')) this.fail('a "(" is not closed')
    return name === null ? node : { kind: 'group', name, node }
  }

  #repeated(node: Node): Node {
    const bounds = this.#bounds()
    if (bounds === null) return node
    if (node.kind === 'assert') this.fail('an anchor cannot be repeated')
    const isLazy = this.#skip('?')
    if ('*+?'.includes(this.#peek() || ' ')) this.fail('a quantifier after a quantifier')
    return { kind: 'repeat', node, min: bounds[0], max: bounds[1], isLazy }
  }

  #bounds(): readonly [min: number, max: number] | null {
    if (this.#skip('*')) return [0, Infinity]
    if (this.#skip('+')) return [1, Infinity]
    if (this.#skip('?')) return [0, 1]
    const found = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.#source.slice(this.#at, this.#at + 12))
    if (found === null) return null
    const min = Number(found[1])
    const max = found[2] === undefined ? min : found[3] === '' ? Infinity : Number(found[3])
    if (min > MAX_REPEATS || (max !== Infinity && max > MAX_REPEATS)) this.fail(`more than ${MAX_REPEATS} repeats`)
    if (max < min) this.fail('the numbers of repeats are out of order')
    this.#at += found[0].length
    return [min, max]
  }

  #escape(): Node {
    if (this.#skip('b')) return { kind: 'assert', where: 'word-edge' }
    if (this.#skip('B')) return { kind: 'assert', where: 'no-word-edge' }
    const escaped = this.#escaped()
    return typeof escaped === 'string' ? literal(escaped) : { kind: 'char', accepts: escaped, literal: null }
  }

  /** What a backslash and the text after it stand for: one character, or a class of them. */
  #escaped(): string | ((code: number) => boolean) {
    const char = this.#take()
    const isClass = CLASSES[char.toLowerCase()]
    if (isClass !== undefined) return char === char.toLowerCase() ? isClass : (code) => !isClass(code)
    const control = CONTROLS[char]
    if (control !== undefined) return control
    const digits = char === 'x' ? 2 : char === 'u' ? 4 : 0
    if (digits > 0) {
      const hex = this.#source.slice(this.#at, this.#at + digits)
      if (hex.length < digits || !/^[\da-f]+$/i.test(hex)) this.fail(`${digits} hexadecimal digits were expected`)
      this.#at += digits
      return String.fromCharCode(Number.parseInt(hex, 16))
    }
    if (char === '' || /[A-Za-z0-9]/.test(char)) this.fail(`"\\${char}" is not supported`)
    return char
  }

  #set(): (code: number) => boolean {
    const isNegated = this.#skip('^')
    const tests: ((code: number) => boolean)[] = []
    while (!this.#skip(']')) {
      const low = this.#member()
      if (typeof low !== 'string') {
        tests.push(low)
        continue
      }
      const isRange = this.#peek() === '-' && this.#source[this.#at + 1] !== ']' && this.#skip('-')
      const high = isRange ? this.#member() : low
      if (typeof high !== 'string' || high < low) this.fail('a range out of order')
      const [first, last] = [low.charCodeAt(0), high.charCodeAt(0)]
      tests.push((code) => code >= first && code <= last)
    }
    const isIn = (code: number) => tests.some((test) => test(code))
    return isNegated ? (code) => !isIn(code) : isIn
  }

  #member(): string | ((code: number) => boolean) {
    const char = this.#take()
    if (char === '') this.fail('a "[" is not closed')
    if (char !== '\\') return char
    return this.#skip('b') ? '\b' : this.#escaped()
  }

  #peek(): string {
    return this.#source.charAt(this.#at)
  }

  #take(): string {
    return this.#source.charAt(this.#at++)
  }

  #skip(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false
    this.#at += text.length
    return true
  }
}

function literal(char: string): Node {
  const expected = char.charCodeAt(0)
  return { kind: 'char', accepts: (code) => code === expected, literal: char }
}

/** Whether a letter, a digit or an underscore: what `\w` and `\b` mean by a word. */
export function isWordCode(code: number): boolean {
  return isDigitCode(code) || code === 0x5f || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a)
}

function isDigitCode(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function isSpaceCode(code: number): boolean {
  return (
    code === 0x20 ||
    (code >= 0x09 && code <= 0x0d) ||
    code === 0xa0 ||
    code === 0xfeff ||
    /\s/.test(String.fromCharCode(code))
  )
}

const LINE_FEED = 0x0a
const CLASSES: Readonly<Record<string, (code: number) => boolean>> = { d: isDigitCode, w: isWordCode, s: isSpaceCode }
const CONTROLS: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v' }
