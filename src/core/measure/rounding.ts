import type { Dtype } from '../kernels/float-type.ts'

interface Precision {
  /** Significant bits, the hidden bit included. */
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

/** The most numbers of a batch that are inspected to find its type. */
const MOST_INSPECTED = 4096
/** A float32 that was printed as a float32 has at most this many characters. */
const DIGITS_OF_FLOAT32 = 15
/** Fewer numbers than this may fit into a narrow type by chance. */
const FEW = 4

/** Returns the function that rounds to the nearest number of a type, ties to even, and to Infinity beyond its largest. */
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

/** The distance from 1 to the next larger number of a type. */
export function ulpOfOne(dtype: Dtype): number {
  return { float64: 2 ** -52, float32: 2 ** -23, float16: 2 ** -10, bfloat16: 2 ** -7 }[dtype]
}

/**
 * The narrowest type that holds all of these numbers exactly, or null where they do not show it.
 *
 * Few decimal numbers are exactly a float16. So if all numbers of a log are, it
 * printed float16 in full, and the job computed in that type.
 */
export function dtypeOf(values: ArrayLike<number>): Dtype | null {
  const fits = (['bfloat16', 'float16', 'float32'] as const).map((dtype) => ({ dtype, round: rounding(dtype) }))
  let left = fits
  let informative = 0
  for (let i = 0; i < Math.min(values.length, MOST_INSPECTED); i++) {
    const value = values[i]!
    // Halves, quarters and the like fit into every type.
    if (!Number.isFinite(value) || Number.isInteger(value * 8)) continue
    informative += 1
    left = left.filter(({ round }) => Object.is(round(value), value))
    if (left.length === 0) return String(value).length > DIGITS_OF_FLOAT32 ? 'float64' : null
  }
  return informative < FEW ? null : left[0]!.dtype
}
