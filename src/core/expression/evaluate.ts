import { toNumber } from '../../protocol/value.ts'
import type { Arithmetic, Comparison, Condition, FunctionName, Leaf, Numeric } from './expression.ts'
import type { Remembered } from './remembered.ts'

/** What is remembered of each metric, by name. */
export type Memories = Readonly<Record<string, Remembered>>

/**
 * Whether a condition holds now.
 *
 * A comparison with a NaN is false, `!=` too: `isnan` asks for one. The
 * aggregates leave out what is no number.
 */
export function holds(condition: Condition, memories: Memories): boolean {
  switch (condition.kind) {
    case 'compare':
      return compare(condition.operator, valueOf(condition.left, memories), valueOf(condition.right, memories))
    case 'test': {
      const value = valueOf(condition.value, memories)
      return condition.name === 'isnan' ? Number.isNaN(value) : Number.isFinite(value)
    }
    case 'not':
      return !holds(condition.condition, memories)
    case 'and':
      return holds(condition.left, memories) && holds(condition.right, memories)
    case 'or':
      return holds(condition.left, memories) || holds(condition.right, memories)
  }
}

/** A number as IEEE 754 computes it; NaN of a metric that is not known. */
export function valueOf(numeric: Numeric, memories: Memories): number {
  switch (numeric.kind) {
    case 'number':
      return numeric.value
    case 'metric':
    case 'aggregate':
      return leafValue(numeric, memories[numeric.metric])
    case 'arithmetic':
      return compute(numeric.operator, valueOf(numeric.left, memories), valueOf(numeric.right, memories))
    case 'function':
      return call(numeric.name, valueOf(numeric.value, memories))
  }
}

function leafValue(leaf: Leaf, memory: Remembered | undefined): number {
  if (memory === undefined) return Number.NaN
  const last = toNumber(memory.last)
  if (leaf.kind === 'metric') return last
  const values = leaf.window === null ? null : memory.newest.slice(-leaf.window)
  switch (leaf.name) {
    case 'last':
      return last
    case 'previous':
      return memory.previous === null ? Number.NaN : toNumber(memory.previous)
    case 'delta':
      return memory.previous === null ? Number.NaN : last - toNumber(memory.previous)
    case 'count':
      return memory.count
    case 'min':
      return values === null ? (memory.min ?? Number.NaN) : extreme(values, Math.min)
    case 'max':
      return values === null ? (memory.max ?? Number.NaN) : extreme(values, Math.max)
    case 'mean':
      return values === null ? (memory.mean ?? Number.NaN) : mean(values)
    case 'median':
      return median(values ?? [])
  }
}

function compare(operator: Comparison, left: number, right: number): boolean {
  if (Number.isNaN(left) || Number.isNaN(right)) return false
  switch (operator) {
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
    case '==':
      return left === right
    case '!=':
      return left !== right
  }
}

function compute(operator: Arithmetic, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '^':
      return left ** right
  }
}

function call(name: FunctionName, value: number): number {
  switch (name) {
    case 'abs':
      return Math.abs(value)
    case 'log':
      return Math.log(value)
    case 'exp':
      return Math.exp(value)
    case 'negate':
      return -value
  }
}

function extreme(values: readonly number[], pick: (a: number, b: number) => number): number {
  return values.length === 0 ? Number.NaN : values.reduce((a, b) => pick(a, b))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, values.length === 0 ? Number.NaN : 0)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  if (sorted.length === 0) return Number.NaN
  return sorted.length % 2 === 1 ? sorted[half]! : sorted[half - 1]! / 2 + sorted[half]! / 2
}
