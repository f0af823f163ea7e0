import { kernels } from '../kernels/kernels.ts'
import { TEXT_BYTES } from '../kernels/layout.ts'

/** How the bytes of a file stand for text; of UTF-8 it does not matter whether it begins with a mark. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

const DECODERS = {
  'utf-8': new TextDecoder('utf-8'),
  'utf-16le': new TextDecoder('utf-16le'),
  'utf-16be': new TextDecoder('utf-16be'),
} as const

/** Below it there is nothing to be gained. */
const LARGE_BYTES = 16 * 1024

/** The encoding of a file by its first bytes: UTF-16 where its byte order mark says so, as of a PowerShell redirect. */
export function encodingOf(head: Uint8Array): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-8'
}

/** The bytes of its smallest unit. Every offset at which a line begins is a multiple of it. */
export function unitBytes(encoding: Encoding): 1 | 2 {
  return encoding === 'utf-8' ? 1 : 2
}

/** The text of whole characters; a byte order mark before them is no part of it. */
export function decode(bytes: Uint8Array, encoding: Encoding): string {
  // Each byte of ASCII is a character, which is copied many times as fast as it is decoded.
  if (encoding === 'utf-8' && bytes.length >= LARGE_BYTES && isAscii(bytes)) {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  }
  return DECODERS[encoding].decode(bytes)
}

/** Whether each byte is a character by itself. */
export function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += TEXT_BYTES) {
    const part = bytes.subarray(at, at + TEXT_BYTES)
    kernels.text.set(part)
    kernels.text.fill(0, part.length)
    if (kernels.call.isAscii(part.length) === 0) return false
  }
  return true
}

/** The length of `bytes` without the zeros at their end, and without half a unit. */
export function lengthWithoutBlank(bytes: Uint8Array, encoding: Encoding): number {
  const unit = unitBytes(encoding)
  let end = bytes.length - (bytes.length % unit)
  while (end > 0 && bytes[end - 1] === 0 && bytes[end - unit] === 0) end -= unit
  return end
}
