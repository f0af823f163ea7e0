/** Widens IEEE 754 binary16, exactly: subnormals, infinities and NaN included. */
export function float16ToFloat32(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length)
  const bits = new Uint32Array(values.buffer)
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i]!
    const sign = (half & 0x8000) << 16
    const exponent = half & 0x7c00
    const fraction = half & 0x03ff
    if (exponent === 0x7c00) bits[i] = sign | 0x7f800000 | (fraction << 13)
    // The exponents count from 15 and from 127.
    else if (exponent !== 0) bits[i] = sign | ((exponent + (112 << 10)) << 13) | (fraction << 13)
    else values[i] = (sign === 0 ? fraction : -fraction) * 2 ** -24
  }
  return values
}

/** Widens bfloat16, which is the upper half of a float32. */
export function bfloat16ToFloat32(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length)
  const bits = new Uint32Array(values.buffer)
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16
  return values
}
