/** The bytes of a file that holds `text`. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
