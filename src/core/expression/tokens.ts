export interface Token {
  readonly kind: 'number' | 'name' | 'quoted' | 'sign' | 'end'
  /** What it says: of a quoted name, without its quotes. */
  readonly text: string
  /** Where it begins, counted from 1. */
  readonly at: number
}

/** What is wrong with an expression, and at which character, counted from 1. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError'

  constructor(at: number, what: string) {
    super(`at character ${at}: ${what}`)
  }
}

/** A longer expression is no rule that anybody could read. */
export const MAX_EXPRESSION_CHARS = 1000

const NUMBER = /(?:\d{1,309}(?:\.\d{0,309})?|\.\d{1,309})(?:[eE][+-]?\d{1,3})?/y
const NAME = /[A-Za-z_][\w.]{0,255}/y
const QUOTED = /"((?:[^"\\]|\\["\\]){1,256})"/y
const SIGN = /<=|>=|==|!=|[-+*/^<>(),]/y

/** Cuts an expression into its tokens, the last of which is its end. Throws an ExpressionError. */
export function tokensOf(text: string): Token[] {
  if (text.length > MAX_EXPRESSION_CHARS) {
    throw new ExpressionError(MAX_EXPRESSION_CHARS + 1, `longer than ${MAX_EXPRESSION_CHARS} characters`)
  }
  const tokens: Token[] = []
  let i = 0
  while (i < text.length) {
    if (/\s/.test(text[i]!)) {
      i++
      continue
    }
    const token = tokenAt(text, i)
    tokens.push({ kind: token.kind, text: token.text, at: i + 1 })
    i += token.length
  }
  return [...tokens, { kind: 'end', text: 'the end', at: text.length + 1 }]
}

function tokenAt(text: string, i: number): { kind: Token['kind']; text: string; length: number } {
  const number = matchAt(NUMBER, text, i)
  if (number !== null) return { kind: 'number', text: number[0], length: number[0].length }
  const name = matchAt(NAME, text, i)
  if (name !== null) return { kind: 'name', text: name[0], length: name[0].length }
  const quoted = matchAt(QUOTED, text, i)
  if (quoted !== null) {
    return { kind: 'quoted', text: quoted[1]!.replace(/\\(["\\])/g, '$1'), length: quoted[0].length }
  }
  const sign = matchAt(SIGN, text, i)
  if (sign !== null) return { kind: 'sign', text: sign[0], length: sign[0].length }
  if (text[i] === '"') throw new ExpressionError(i + 1, 'this quote is never closed')
  const hint = text[i] === '=' ? '; to compare write ==' : text[i] === '&' || text[i] === '|' ? '; write and, or' : ''
  throw new ExpressionError(i + 1, `"${text[i]}" means nothing here${hint}`)
}

function matchAt(pattern: RegExp, text: string, i: number): RegExpExecArray | null {
  pattern.lastIndex = i
  return pattern.exec(text)
}
