/** How the bytes of a file stand for text; of UTF-8 it does not matter whether it begins with a mark. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

const DECODERS = {
  'utf-8': new TextDecoder('utf-8'),
  'utf-16le': new TextDecoder('utf-16le'),
  'utf-16be': new TextDecoder('utf-16be'),
} as const

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
  return DECODERS[encoding].decode(bytes)
}

/** The length of `bytes` without the zeros at their end, and without half a unit. */
export function lengthWithoutBlank(bytes: Uint8Array, encoding: Encoding): number {
  const unit = unitBytes(encoding)
  let end = bytes.length - (bytes.length % unit)
  while (end > 0 && bytes[end - 1] === 0 && bytes[end - unit] === 0) end -= unit
  return end
}
