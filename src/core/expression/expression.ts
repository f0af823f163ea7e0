/** What a rule of the user's computes from metrics: a number. */
export type Numeric =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'metric'; readonly metric: string }
  /** Of the whole series, or of its newest `window` values. */
  | { readonly kind: 'aggregate'; readonly name: Aggregate; readonly metric: string; readonly window: number | null }
  | { readonly kind: 'arithmetic'; readonly operator: Arithmetic; readonly left: Numeric; readonly right: Numeric }
  | { readonly kind: 'function'; readonly name: FunctionName; readonly value: Numeric }

/** And what it asks of them: true or false. */
export type Condition =
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Numeric; readonly right: Numeric }
  | { readonly kind: 'test'; readonly name: TestName; readonly value: Numeric }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }

export type Expression = Numeric | Condition

export const AGGREGATES = ['min', 'max', 'mean', 'median', 'last', 'previous', 'delta', 'count'] as const
export const FUNCTIONS = ['abs', 'log', 'exp', 'negate'] as const
export const TESTS = ['isnan', 'isfinite'] as const
export const COMPARISONS = ['<=', '>=', '==', '!=', '<', '>'] as const

export type Aggregate = (typeof AGGREGATES)[number]
export type FunctionName = (typeof FUNCTIONS)[number]
export type TestName = (typeof TESTS)[number]
export type Comparison = (typeof COMPARISONS)[number]
export type Arithmetic = '+' | '-' | '*' | '/' | '^'

export type Leaf = Extract<Numeric, { kind: 'metric' | 'aggregate' }>

/** The metrics and the aggregates in an expression, in the order in which they stand there. */
export function leavesOf(expression: Expression): readonly Leaf[] {
  switch (expression.kind) {
    case 'number':
      return []
    case 'metric':
    case 'aggregate':
      return [expression]
    case 'function':
    case 'test':
      return leavesOf(expression.value)
    case 'not':
      return leavesOf(expression.condition)
    default:
      return [...leavesOf(expression.left), ...leavesOf(expression.right)]
  }
}

/** A metric or an aggregate as the user writes it. */
export function leafText(leaf: Leaf): string {
  if (leaf.kind === 'metric') return leaf.metric
  return leaf.window === null ? `${leaf.name}(${leaf.metric})` : `${leaf.name}(${leaf.metric}, ${leaf.window})`
}
