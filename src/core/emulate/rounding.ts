import type { Dtype } from '../../protocol/batch.ts'

interface Precision {
  /** Significant bits, the hidden one among them. */
  readonly bits: number
  /** The exponent of the smallest normal number. */
  readonly lowestExponent: number
  readonly largest: number
}

const HALVES: Readonly<Record<'float16' | 'bfloat16', Precision>> = {
  float16: { bits: 11, lowestExponent: -14, largest: 65504 },
  bfloat16: { bits: 8, lowestExponent: -126, largest: 255 * 2 ** 120 },
}

/** A double plus this and minus it again is rounded to a whole number, ties to even. */
const WHOLE = 2 ** 52

/** The nearest number that the type can hold, ties to even; beyond its largest, Infinity. */
export function rounding(dtype: Dtype): (value: number) => number {
  if (dtype === 'float64') return (value) => value
  if (dtype === 'float32') return Math.fround
  const precision = HALVES[dtype]
  return (value) => roundTo(value, precision)
}

function roundTo(value: number, { bits, lowestExponent, largest }: Precision): number {
  if (value === 0 || !Number.isFinite(value)) return value
  const size = Math.abs(value)
  const unit = 2 ** (Math.max(exponentOf(size), lowestExponent) - bits + 1)
  const rounded = size / unit >= WHOLE ? Infinity : (size / unit + WHOLE - WHOLE) * unit
  const fitting = rounded > largest ? Infinity : rounded
  return value < 0 ? -fitting : fitting
}

const DOUBLE = new Float64Array(1)
const WORDS = new Uint32Array(DOUBLE.buffer)

function exponentOf(size: number): number {
  DOUBLE[0] = size
  return (WORDS[1]! >>> 20) - 1023
}
