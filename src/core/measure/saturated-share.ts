import type { Dtype } from '../kernels/float-type.ts'

/** Probabilities that one rounding in a floating-point type can turn into 0 or 1, where a logarithm is lost. */
export interface EdgesOfOne {
  /** The smallest number above 0. */
  readonly aboveZero: number
  /** The largest number below 1. */
  readonly belowOne: number
}

const EDGES: Readonly<Record<Dtype, EdgesOfOne>> = {
  float16: { aboveZero: 2 ** -24, belowOne: 1 - 2 ** -11 },
  bfloat16: { aboveZero: 2 ** -133, belowOne: 1 - 2 ** -8 },
  float32: { aboveZero: 2 ** -149, belowOne: 1 - 2 ** -24 },
  float64: { aboveZero: 2 ** -1074, belowOne: 1 - 2 ** -53 },
}

/** The neighbours of 0 and 1 in `dtype`; in float32, which nearly all jobs compute in, when it is not known. */
export function edgesOf(dtype: Dtype | undefined): EdgesOfOne {
  return EDGES[dtype ?? 'float32']
}

/** Whether `p` is 0 or 1 or next to one of them. A number outside [0, 1] is none of these. */
export function isSaturated(p: number, { aboveZero, belowOne }: EdgesOfOne): boolean {
  return p <= 0.5 ? p >= 0 && p <= aboveZero : p >= belowOne && p <= 1
}
