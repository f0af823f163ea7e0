import type { Encoding } from './encoding.ts'

/** How much of a file is looked at. */
export const BINARY_HEAD_BYTES = 4096
const MAX_CONTROL_BYTES = Math.floor(0.3 * BINARY_HEAD_BYTES)

const TEXT_CONTROLS: ReadonlySet<number> = new Set([0x00, 0x08, 0x09, 0x0a, 0x0d, 0x1b])

/**
 * Where the head of a file turns out to be no text: at the control byte that is one too many; null for text.
 *
 * Counted and not a share of what is there, so the answer is the same however
 * much of the head a read has brought. Zeros pad a file and do not count.
 */
export function binaryFrom(head: Uint8Array, encoding: Encoding): number | null {
  if (encoding !== 'utf-8') return null
  let controls = 0
  for (let at = 0; at < head.length && at < BINARY_HEAD_BYTES; at++) {
    const byte = head[at]!
    if (byte >= 0x20 || TEXT_CONTROLS.has(byte)) continue
    if (++controls > MAX_CONTROL_BYTES) return at
  }
  return null
}
