/**
 * A short, deterministic id: equal for equal parts, however often they are read.
 *
 * The 53-bit hash "cyrb53" in base 36. Ids tell the alerts of one database
 * apart; they are no secret and need no cryptographic strength.
 */
export function alertId(...parts: readonly (string | number | null)[]): string {
  const text = parts.map((part) => String(part)).join('\u0000')
  let low = 0xdeadbeef
  let high = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    low = Math.imul(low ^ unit, 2654435761)
    high = Math.imul(high ^ unit, 1597334677)
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  return (4294967296 * (2097151 & high) + (low >>> 0)).toString(36).padStart(11, '0')
}
