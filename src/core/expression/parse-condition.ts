import {
  AGGREGATES,
  type Aggregate,
  type Arithmetic,
  COMPARISONS,
  type Comparison,
  type Condition,
  type Expression,
  type FunctionName,
  type Numeric,
  TESTS,
  type TestName,
} from './expression.ts'
import { ExpressionError, type Token, tokensOf } from './tokens.ts'

/** More values of a series are not kept. */
export const MAX_WINDOW = 1000

const MAX_DEPTH = 32
const CALLABLE = ['abs', 'log', 'exp'] as const
const WINDOWED: readonly string[] = ['min', 'max', 'mean', 'median']
const KNOWN = [...AGGREGATES, ...CALLABLE, ...TESTS].join(', ')

/** Reads a condition such as `val_loss > 2 * min(val_loss)`. Throws an ExpressionError that says where it is wrong. */
export function parseCondition(text: string): Condition {
  const parser = new Parser(tokensOf(text))
  const { value } = parser.either()
  parser.expectEnd()
  if (!isCondition(value))
    throw new ExpressionError(1, 'this is a number; a rule needs a comparison, such as loss > 10')
  return value
}

/** A part of the expression, and where it begins. */
type ConditionPart<Of extends Expression = Expression> = { readonly value: Of; readonly at: number }

/** One method for each level of precedence, from the weakest: or, and, not, comparison, + −, * /, −, ^. */
class Parser {
  readonly #tokens: readonly Token[]
  #next = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  either(): ConditionPart {
    return this.#deeper(() => {
      let left = this.#both()
      while (this.#takeName('or')) {
        const right = this.#both()
        left = { value: { kind: 'or', left: condition(left), right: condition(right) }, at: left.at }
      }
      return left
    })
  }

  expectEnd(): void {
    const token = this.#peek()
    if (token.kind !== 'end') throw unexpected(token, 'an operator')
  }

  #both(): ConditionPart {
    let left = this.#negation()
    while (this.#takeName('and')) {
      const right = this.#negation()
      left = { value: { kind: 'and', left: condition(left), right: condition(right) }, at: left.at }
    }
    return left
  }

  #negation(): ConditionPart {
    const { at } = this.#peek()
    if (!this.#takeName('not')) return this.#comparison()
    return this.#deeper(() => ({ value: { kind: 'not', condition: condition(this.#negation()) }, at }))
  }

  #comparison(): ConditionPart {
    const left = this.#sum()
    const operator = this.#takeSign<Comparison>(COMPARISONS)
    if (operator === null) return left
    const right = this.#sum()
    const next = this.#peek()
    if (next.kind === 'sign' && (COMPARISONS as readonly string[]).includes(next.text)) {
      throw new ExpressionError(next.at, 'two comparisons in a row; join them with and')
    }
    return { value: { kind: 'compare', operator, left: numeric(left), right: numeric(right) }, at: left.at }
  }

  #sum(): ConditionPart {
    return this.#leftToRight(['+', '-'], () => this.#product())
  }

  #product(): ConditionPart {
    return this.#leftToRight(['*', '/'], () => this.#signed())
  }

  #leftToRight(operators: readonly Arithmetic[], part: () => ConditionPart): ConditionPart {
    let left = part()
    for (;;) {
      const operator = this.#takeSign<Arithmetic>(operators)
      if (operator === null) return left
      left = { value: { kind: 'arithmetic', operator, left: numeric(left), right: numeric(part()) }, at: left.at }
    }
  }

  #signed(): ConditionPart {
    const { at } = this.#peek()
    if (this.#takeSign(['-']) === null) return this.#power()
    return this.#deeper(() => ({ value: { kind: 'function', name: 'negate', value: numeric(this.#signed()) }, at }))
  }

  #power(): ConditionPart {
    const left = this.#single()
    if (this.#takeSign(['^']) === null) return left
    const right = this.#deeper(() => numeric(this.#signed()))
    return { value: { kind: 'arithmetic', operator: '^', left: numeric(left), right }, at: left.at }
  }

  #single(): ConditionPart {
    const token = this.#take()
    const { at, text } = token
    if (token.kind === 'number') return { value: { kind: 'number', value: Number(text) }, at }
    if (token.kind === 'quoted') return { value: { kind: 'metric', metric: text }, at }
    if (token.kind === 'name' && !RESERVED.includes(text)) {
      if (this.#takeSign(['(']) !== null) return { value: this.#call(token), at }
      return { value: { kind: 'metric', metric: text }, at }
    }
    if (token.kind !== 'sign' || text !== '(') throw unexpected(token, 'a number or a metric')
    const inner = this.either()
    this.#expect(')')
    return { value: inner.value, at }
  }

  #call({ text, at }: Token): Expression {
    if ((AGGREGATES as readonly string[]).includes(text)) return this.#aggregate(text as Aggregate, at)
    const isTest = (TESTS as readonly string[]).includes(text)
    if (!isTest && !(CALLABLE as readonly string[]).includes(text)) {
      throw new ExpressionError(at, `no function is called ${text} (known: ${KNOWN})`)
    }
    const value = numeric(this.either())
    this.#expect(')')
    return isTest
      ? { kind: 'test', name: text as TestName, value }
      : { kind: 'function', name: text as FunctionName, value }
  }

  #aggregate(name: Aggregate, at: number): Numeric {
    const metric = this.#take()
    const isMetric = metric.kind === 'quoted' || (metric.kind === 'name' && !RESERVED.includes(metric.text))
    if (!isMetric) throw unexpected(metric, `the name of a metric, which ${name} is of`)
    const window = this.#takeSign([',']) === null ? null : this.#window(name)
    this.#expect(')')
    if (name === 'median' && window === null) {
      throw new ExpressionError(at, `median is of the newest values only: median(${metric.text}, 100)`)
    }
    return { kind: 'aggregate', name, metric: metric.text, window }
  }

  #window(name: Aggregate): number {
    const token = this.#take()
    const size = token.kind === 'number' ? Number(token.text) : 0
    if (!WINDOWED.includes(name)) throw new ExpressionError(token.at, `${name} takes the name of a metric alone`)
    if (Number.isInteger(size) && size >= 1 && size <= MAX_WINDOW) return size
    throw unexpected(token, `a number of values from 1 to ${MAX_WINDOW}`)
  }

  #deeper<Of>(inner: () => Of): Of {
    if (++this.#depth > MAX_DEPTH) throw new ExpressionError(this.#peek().at, `nested more than ${MAX_DEPTH} deep`)
    const value = inner()
    this.#depth--
    return value
  }

  #peek(): Token {
    return this.#tokens[this.#next]!
  }

  #take(): Token {
    const token = this.#peek()
    if (token.kind !== 'end') this.#next++
    return token
  }

  #takeName(name: string): boolean {
    const token = this.#peek()
    if (token.kind !== 'name' || token.text !== name) return false
    this.#next++
    return true
  }

  #takeSign<Sign extends string>(signs: readonly Sign[]): Sign | null {
    const token = this.#peek()
    if (token.kind !== 'sign' || !(signs as readonly string[]).includes(token.text)) return null
    this.#next++
    return token.text as Sign
  }

  #expect(sign: string): void {
    if (this.#takeSign([sign]) === null) throw unexpected(this.#peek(), `"${sign}"`)
  }
}

const RESERVED: readonly string[] = ['and', 'or', 'not']

function isCondition(value: Expression): value is Condition {
  return ['compare', 'test', 'not', 'and', 'or'].includes(value.kind)
}

function condition({ value, at }: ConditionPart): Condition {
  if (!isCondition(value)) throw new ExpressionError(at, 'a number stands where a comparison should')
  return value
}

function numeric({ value, at }: ConditionPart): Numeric {
  if (isCondition(value)) throw new ExpressionError(at, 'a comparison stands where a number should')
  return value
}

function unexpected(token: Token, wanted: string): ExpressionError {
  const found = token.kind === 'end' ? 'the end' : `"${token.text}"`
  return new ExpressionError(token.at, `expected ${wanted}, found ${found}`)
}
