/** Offset behind the object or list that begins at `start`, or null when it is not closed within `bytes`. */
export function valueEnd(bytes: Uint8Array, start: number): number | null {
  let depth = 0
  for (let at = start; at < bytes.length; at++) {
    switch (bytes[at]) {
      case QUOTE: {
        const close = stringEnd(bytes, at)
        if (close === null) return null
        at = close
        break
      }
      case OPEN_OBJECT:
      case OPEN_LIST:
        depth++
        break
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        if (--depth <= 0) return at + 1
    }
  }
  return null
}

/** Whether an object or a list begins at `at`. */
export function isValueStart(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === OPEN_OBJECT || bytes[at] === OPEN_LIST
}

export function isListStart(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === OPEN_LIST
}

/** The first offset from `at` on that holds no white space; a byte order mark at the top counts as some. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  let next = at === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : at
  while (next < bytes.length && SPACES.has(bytes[next]!)) next++
  return next
}

/** Offset of the quote that closes the string whose first quote is at `start`. */
export function stringEnd(bytes: Uint8Array, start: number): number | null {
  for (let at = start + 1; at < bytes.length; at++) {
    if (bytes[at] === BACKSLASH) at++
    else if (bytes[at] === QUOTE) return at
  }
  return null
}

/** Offset behind the number or word that begins at `start`; null where it may go on behind these bytes. */
export function scalarEnd(bytes: Uint8Array, start: number): number | null {
  for (let at = start; at < bytes.length; at++) if (ENDS_OF_SCALARS.has(bytes[at]!)) return at
  return null
}

const SPACES = new Set([0x20, 0x09, 0x0a, 0x0d])
const ENDS_OF_SCALARS = new Set([...SPACES, 0x2c, 0x5d, 0x7d])
const QUOTE = 0x22
const OPEN_LIST = 0x5b
const BACKSLASH = 0x5c
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
