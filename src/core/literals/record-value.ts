import type { NonFinite } from '../../protocol/value.ts'
import type { Dtype, Floats } from '../kernels/float-type.ts'

/** A value of a parsed record: what JSON has, and what Python writes where JSON has nothing. */
export type RecordValue =
  | null
  | boolean
  | number
  | string
  | NonFiniteNumber
  | NumberArray
  | BrokenArray
  | readonly RecordValue[]
  | RecordObject

/** Its numbers are finite, its keys may be anything: read them with `for … in` or `Object.hasOwn`. */
export interface RecordObject {
  readonly [name: string]: RecordValue
}

/** A NaN or an infinity, with the text that it was written as (at most 64 characters). */
export class NonFiniteNumber {
  readonly value: NonFinite
  readonly raw: string

  constructor(value: NonFinite, raw: string) {
    this.value = value
    this.raw = raw
  }
}

/** A rectangular array of numbers, unboxed: row-major, NaN and infinities included. */
export class NumberArray {
  /** `[n]` for a flat array, `[n, k]` for rows, and so on. */
  readonly shape: readonly number[]
  readonly values: Floats
  /** What the numbers were stored as; null where text or whole numbers were read. */
  readonly dtype: Dtype | null

  constructor(shape: readonly number[], values: Floats, dtype: Dtype | null = null) {
    this.shape = shape
    this.values = values
    this.dtype = dtype
  }

  /** Some of the items along the first axis, without a copy. */
  slice(from: number, to: number): NumberArray {
    const rest = this.shape.slice(1)
    const size = rest.reduce((product, length) => product * length, 1)
    return new NumberArray([to - from, ...rest], this.values.subarray(from * size, to * size), this.dtype)
  }
}

/** An array that should hold numbers in equal rows and does not. */
export class BrokenArray {
  readonly problem: string

  constructor(problem: string) {
    this.problem = problem
  }
}

/** Whether `value` is an object with names, and none of the other kinds that are objects to JavaScript. */
export function isObject(value: RecordValue | undefined): value is RecordObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return !(value instanceof NonFiniteNumber || value instanceof NumberArray || value instanceof BrokenArray)
}
