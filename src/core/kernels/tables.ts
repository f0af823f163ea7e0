import {
  CHECKSUMS,
  LEAST_POWER,
  LOGARITHM_BUCKETS,
  LOGARITHMS,
  MOST_POWER,
  POWERS_OF_TEN,
  ROOT_STEPS,
  ROOTS,
  TENS,
} from './layout.ts'

/** Writes the tables that the kernels look into where they expect them. */
export function writeTables(memory: ArrayBuffer): void {
  const view = new DataView(memory)
  for (let i = 0; i < LOGARITHM_BUCKETS; i++) {
    const inverse = 1 / (1 + (i + 0.5) / LOGARITHM_BUCKETS)
    view.setFloat64(LOGARITHMS + 16 * i, inverse, true)
    view.setFloat64(LOGARITHMS + 16 * i + 8, -Math.log(inverse), true)
  }
  for (let i = 0; i < ROOT_STEPS; i++) view.setFloat64(ROOTS + 8 * i, 2 ** (i / ROOT_STEPS), true)
  new Int32Array(memory, CHECKSUMS, 256).set(crcOfBytes(CRC_32))
  for (let i = 0; i < 20; i++) view.setBigUint64(TENS + 8 * i, 10n ** BigInt(i), true)
  for (let power = LEAST_POWER; power <= MOST_POWER; power++) {
    const bits = leadingBits(power)
    const entry = POWERS_OF_TEN + 16 * (power - LEAST_POWER)
    view.setBigUint64(entry, bits >> 64n, true)
    view.setBigUint64(entry + 8, bits & 0xffff_ffff_ffff_ffffn, true)
  }
}

/** The polynomial of the CRC-32 of zlib and PNG, reflected. */
export const CRC_32 = 0xedb88320

/** What each byte does to a checksum of a reflected polynomial. */
export function crcOfBytes(polynomial: number): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    return crc
  })
}

/**
 * The first 128 bits of 10^power, which are those of 5^power; the rest is cut off.
 *
 * Only 5⁻¹ to 5⁻²⁷ are rounded up, so that a quotient without a rest does not come out below itself.
 */
function leadingBits(power: number): bigint {
  const five = 5n ** BigInt(Math.abs(power))
  const length = BigInt(five.toString(2).length)
  if (power >= 0) return length > 128n ? five >> (length - 128n) : five << (128n - length)
  return (1n << (length + 127n)) / five + (power >= -27 ? 1n : 0n)
}
