// The addresses of constants, each twice. A kernel loads those that it needs before its loop: V8 would make a constant
// that stands in the loop anew in each round, which takes longer than to compute with it.

export const NO_MINIMUM = memory.data<f64>([Infinity, Infinity], 16)
export const NO_MAXIMUM = memory.data<f64>([-Infinity, -Infinity], 16)
export const SMALLEST_NORMAL = memory.data<f64>([2.2250738585072014e-308, 2.2250738585072014e-308], 16)
export const ONE = memory.data<f64>([1, 1], 16)
export const HALF = memory.data<f64>([1.0 / 2.0, 1.0 / 2.0], 16)
export const THIRD = memory.data<f64>([1.0 / 3.0, 1.0 / 3.0], 16)
export const FOURTH = memory.data<f64>([1.0 / 4.0, 1.0 / 4.0], 16)
export const FIFTH = memory.data<f64>([1.0 / 5.0, 1.0 / 5.0], 16)
export const SIXTH = memory.data<f64>([1.0 / 6.0, 1.0 / 6.0], 16)
export const LN_2 = memory.data<f64>([0.6931471805599453, 0.6931471805599453], 16)

/** A number twice, where a kernel is given it. */
export function twice(value: f64): v128 {
  store<f64>(TWICE, value)
  return v128.load64_splat(TWICE)
}

const TWICE = memory.data(8, 8)
