/**
 * Whole numbers in little room: number i is `base + stride · i + rest[i]`, and `rest` holds 1, 2 or 4 bytes of each,
 * little-endian, or nothing where the stride says it all.
 *
 * Where some are missing, are no whole numbers after all, or are too far apart, `rest` holds 8 bytes of each: the number
 * itself as a float64, with NaN for none. Then there is no base. Where all are missing, nothing is stored.
 */
export interface WholeNumbers {
  readonly base: number | null
  readonly stride: number | null
  readonly rest: Uint8Array | null
}

const NONE: WholeNumbers = { base: null, stride: null, rest: null }
/** Numbers up to here keep every digit when a stride is taken off. */
const LARGEST = 2 ** 50
export const FLOAT_BYTES = 8

/** Packs numbers; NaN stands for one that is missing. */
export function packWholeNumbers(numbers: Float64Array): WholeNumbers {
  const count = numbers.length
  let missing = 0
  let isPlain = true
  for (const number of numbers) {
    if (Number.isNaN(number)) missing++
    else if (!Number.isInteger(number) || Math.abs(number) > LARGEST || Object.is(number, -0)) isPlain = false
  }
  if (missing === count) return NONE
  if (missing > 0 || !isPlain) return { base: null, stride: null, rest: bytesOfFloats(numbers) }
  const stride = count === 1 ? 0 : Math.round((numbers[count - 1]! - numbers[0]!) / (count - 1))
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let i = 0; i < count; i++) {
    const rest = numbers[i]! - stride * i
    if (rest < low) low = rest
    if (rest > high) high = rest
  }
  const width = widthOf(high - low)
  if (width === FLOAT_BYTES) return { base: null, stride: null, rest: bytesOfFloats(numbers) }
  if (width === 0) return { base: low, stride, rest: null }
  const rest = new Uint8Array(count * width)
  for (let i = 0; i < count; i++) {
    const own = numbers[i]! - stride * i - low
    for (let byte = 0, left = own; byte < width; byte++, left = Math.floor(left / 256)) rest[i * width + byte] = left
  }
  return { base: low, stride, rest }
}

/** The numbers again; NaN for one that is missing. */
export function unpackWholeNumbers({ base, stride, rest }: WholeNumbers, count: number): Float64Array {
  if (base === null || stride === null)
    return rest === null ? new Float64Array(count).fill(Number.NaN) : floatsOfBytes(rest)
  const numbers = new Float64Array(count)
  const width = rest === null ? 0 : rest.length / count
  for (let i = 0; i < count; i++) {
    let own = 0
    for (let byte = width - 1; byte >= 0; byte--) own = own * 256 + rest![i * width + byte]!
    numbers[i] = base + stride * i + own
  }
  return numbers
}

/** The float64s as little-endian bytes, which every machine that Node runs on has them in. */
export function bytesOfFloats(floats: Float64Array): Uint8Array {
  return new Uint8Array(new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength))
}

/** The float64s of little-endian bytes. */
export function floatsOfBytes(bytes: Uint8Array): Float64Array {
  // A view needs bytes that begin at a multiple of eight, and the slice of a Buffer is no copy.
  return new Float64Array(new Uint8Array(bytes).buffer)
}

function widthOf(range: number): 0 | 1 | 2 | 4 | 8 {
  if (range === 0) return 0
  if (range < 2 ** 8) return 1
  if (range < 2 ** 16) return 2
  return range < 2 ** 32 ? 4 : FLOAT_BYTES
}
