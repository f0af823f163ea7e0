import type { Dtype } from '../kernels/float-type.ts'
import { rounding } from '../measure/rounding.ts'

/** What a floating-point type does to probabilities near 0 and 1. */
export interface FloatType {
  readonly dtype: Dtype
  /** 1 − ε is below 1 for every ε above this: half the distance from 1 down to the next number, ties to even. */
  readonly losesOneBelow: number
  /** e⁻ᶻ is 0 from this z on: it lies below half of the smallest number. */
  readonly expIsZeroFrom: number
  /** 1 / (1 + e⁻ᶻ) is 1 from this z on. */
  readonly sigmoidIsOneFrom: number
}

/** The four types that training jobs compute in, the widest first. */
export const FLOAT_TYPES: readonly FloatType[] = [
  floatType('float64', 53, 1074),
  floatType('float32', 24, 149),
  floatType('float16', 11, 24),
  floatType('bfloat16', 8, 133),
]

/** From its significant bits and from n, where 2⁻ⁿ is its smallest number. */
function floatType(dtype: Dtype, bits: number, n: number): FloatType {
  return {
    dtype,
    losesOneBelow: 2 ** -(bits + 1),
    expIsZeroFrom: (n + 1) * Math.LN2,
    sigmoidIsOneFrom: bits * Math.LN2,
  }
}

/** What a clip to [ε, 1 − ε] is in a type: each bound as the type stores it. */
export interface StoredClip {
  readonly low: number
  readonly high: number
  readonly holds: 'both ends' | 'lower end only' | 'neither end'
}

/** The clip as a job in this type computes it: ε is rounded first, and then 1 − ε. */
export function storedClip(dtype: Dtype, epsilon: number): StoredClip {
  const round = rounding(dtype)
  const low = round(epsilon)
  const high = round(1 - low)
  if (low === 0) return { low, high, holds: 'neither end' }
  return { low, high, holds: high < 1 ? 'both ends' : 'lower end only' }
}
