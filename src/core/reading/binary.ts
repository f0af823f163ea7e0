import { SQLITE_MAGIC } from '../binary/sqlite-head.ts'
import type { Encoding } from './encoding.ts'

/** How much of a file is looked at. */
export const BINARY_HEAD_BYTES = 4096
/** So many control bytes are no text, even where all else is ASCII. */
const MAX_CONTROL_BYTES = Math.floor(0.3 * BINARY_HEAD_BYTES)
/** Fewer are enough beside as many bytes that are no UTF-8: text in an old encoding has the latter, and no control bytes. */
const MAX_MIXED_BYTES = 32

/** What a log holds: NUL, bell, backspace, tab, line feed, form feed, carriage return, shift out and in, and escape. */
const TEXT_CONTROLS: ReadonlySet<number> = new Set([0x00, 0x07, 0x08, 0x09, 0x0a, 0x0c, 0x0d, 0x0e, 0x0f, 0x1b])

/** The first bytes of files that lie about beside logs; −1 stands for any byte. None begins a text. */
const SIGNATURES: readonly (readonly number[])[] = [
  codesOf('\x7fELF'),
  codesOf('PK\x03\x04'),
  codesOf('\x89PNG\r\n\x1a\n'),
  codesOf('\x89HDF\r\n\x1a\n'),
  codesOf('\x93NUMPY'),
  codesOf('\xfd7zXZ\0'),
  codesOf('\x28\xb5\x2f\xfd'),
  codesOf(SQLITE_MAGIC),
  codesOf('\xff\xd8\xff'),
  codesOf('GIF8'),
  codesOf('\x1f\x8b\x08'),
  [...codesOf('BZh'), -1, ...codesOf('1AY&SY')],
  // Pickles of protocol 2 and later, among them what torch.save wrote before it wrote zip.
  ...[2, 3, 4, 5].map((protocol) => [0x80, protocol]),
  // Safetensors: the length of a header, and the header.
  [-1, -1, -1, 0, 0, 0, 0, 0, ...codesOf('{"')],
]

/**
 * Where the head of a file turns out to be no text, null for text: behind the
 * signature of a known kind of file, or at the byte that is one too many.
 *
 * Bytes are counted and no shares taken, so the answer is the same however much
 * of the head a read has brought. Zeros pad a file and do not count.
 */
export function binaryFrom(head: Uint8Array, encoding: Encoding): number | null {
  if (encoding !== 'utf-8') return null
  for (const signature of SIGNATURES) {
    if (signature.every((byte, at) => byte === head[at] || (byte === -1 && at < head.length)))
      return signature.length - 1
  }
  const invalid = new InvalidBytes()
  let controls = 0
  for (let at = 0; at < head.length && at < BINARY_HEAD_BYTES; at++) {
    const byte = head[at]!
    invalid.see(byte)
    if (isStrayControl(byte)) controls++
    const isMixed = controls > MAX_MIXED_BYTES && invalid.count > MAX_MIXED_BYTES
    if (isMixed || controls > MAX_CONTROL_BYTES) return at
  }
  return null
}

/** Whether a text has what only bytes that are no text decode to: characters that are none, and stray control characters. */
export function isGarbage(text: string): boolean {
  if (!text.includes('\ufffd')) return false
  for (let at = 0; at < text.length; at++) {
    if (isStrayControl(text.charCodeAt(at))) return true
  }
  return false
}

function isStrayControl(code: number): boolean {
  return (code < 0x20 && !TEXT_CONTROLS.has(code)) || code === 0x7f
}

/** Counts the bytes that are no part of a character of UTF-8, as far as that shows by how many follow the first. */
class InvalidBytes {
  count = 0
  #missing = 0

  see(byte: number): void {
    const continues = byte >= 0x80 && byte < 0xc0
    if (this.#missing > 0 && continues) {
      this.#missing--
      return
    }
    if (this.#missing > 0) this.count++
    this.#missing = followers(byte)
    if (this.#missing === 0 && byte >= 0x80) this.count++
  }
}

/** How many bytes go on a character that begins with this one. */
function followers(byte: number): number {
  if (byte >= 0xc2 && byte < 0xe0) return 1
  if (byte >= 0xe0 && byte < 0xf0) return 2
  return byte >= 0xf0 && byte < 0xf5 ? 3 : 0
}

function codesOf(chars: string): readonly number[] {
  return [...chars].map((char) => char.charCodeAt(0))
}
