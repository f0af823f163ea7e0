/** The bytes of a file that holds `text`. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** The same in UTF-16, with its byte order mark. */
export function utf16(text: string, isBigEndian = false): Uint8Array {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le')
  return Uint8Array.from(isBigEndian ? bytes.swap16() : bytes)
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts))
}
