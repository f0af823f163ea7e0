import { CHECKSUMS, RESULTS, TEXT } from '../src/core/kernels/layout'

const TAB: u8 = 0x09
const LF: u8 = 0x0a
const CR: u8 = 0x0d
const SPACE: u8 = 0x20
const QUOTE: u8 = 0x22
const OPEN_LIST: u8 = 0x5b
const BACKSLASH: u8 = 0x5c
const CLOSE_LIST: u8 = 0x5d
const OPEN_OBJECT: u8 = 0x7b
const CLOSE_OBJECT: u8 = 0x7d

/**
 * Where the object or list of JSON ends that begins at the byte `start` of the text, of which `count` bytes are there; −1 where
 * it does not end among them. Result: the CRC-32 of its bytes but for the white space between them.
 */
export function valueEnd(start: i32, count: i32): i32 {
  const end: usize = TEXT + count
  let crc: u32 = 0xffffffff
  let depth = 0
  for (let at: usize = TEXT + start; at < end; at++) {
    const byte = load<u8>(at)
    if (byte <= SPACE && (byte === SPACE || byte === LF || byte === CR || byte === TAB)) continue
    crc = withByte(crc, byte)
    if (byte === QUOTE) {
      for (;;) {
        if (++at >= end) return -1
        const char = load<u8>(at)
        crc = withByte(crc, char)
        if (char === QUOTE) break
        if (char !== BACKSLASH) continue
        if (++at >= end) return -1
        crc = withByte(crc, load<u8>(at))
      }
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth++
    else if ((byte === CLOSE_OBJECT || byte === CLOSE_LIST) && --depth <= 0) {
      store<f64>(RESULTS, <f64>~crc)
      return <i32>(at + 1 - TEXT)
    }
  }
  return -1
}

function withByte(crc: u32, byte: u8): u32 {
  return load<u32>(CHECKSUMS + (((crc ^ byte) & 0xff) << 2)) ^ (crc >> 8)
}
