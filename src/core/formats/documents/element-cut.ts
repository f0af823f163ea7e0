import { elementsAt, type Lines } from '../../reading/lines.ts'
import { isValueStart, skipSpace, valueEnd } from './json-extent.ts'
import { elementEnd, type StreamedList, skipSeparator } from './streamed-list.ts'
import { checksumOf, ValueScan } from './value-scan.ts'

/** The whole elements of a piece of a list. */
export interface ElementCut {
  readonly elements: Lines
  /** Of each of them, however it is laid out. */
  readonly checksums: Uint32Array
  /** Offset behind the last of them in the file. */
  readonly next: number
  /** Where in the piece the list ends: at its bracket, or at the end of the piece; null where it goes on. */
  readonly endsAt: number | null
  /** Where in the piece the first thing stands that is no element, or null. */
  readonly strayAt: number | null
}

/**
 * Cuts the elements out of a piece that begins at file offset `base`, where one of them or what parts them begins.
 *
 * What is no element is passed over, up to the next object. Commas may be missing, or too many: that hides nothing.
 */
export function cutElements(bytes: Uint8Array, base: number, { isClosed }: StreamedList): ElementCut {
  const spans: number[] = []
  const checksums: number[] = []
  const scan = new ValueScan(bytes)
  let strayAt: number | null = null
  let endsAt: number | null = null
  let next = 0
  for (;;) {
    const at = skipSeparator(bytes, next)
    if (isClosed ? bytes[at] === CLOSE_LIST : at >= bytes.length) endsAt = at
    if (endsAt !== null || at >= bytes.length) break
    const isValue = isValueStart(bytes, at)
    if (!isValue && !(isClosed && STARTS.includes(bytes[at]!))) {
      strayAt ??= at
      const object = bytes.indexOf(OPEN_OBJECT, at)
      next = object < 0 ? bytes.length : object
      continue
    }
    const end = isValue ? scan.endOf(at) : elementEnd(bytes, at)
    if (end === null) break
    spans.push(at, end)
    checksums.push(isValue ? scan.checksum : checksumOf(bytes, at, end))
    next = end
  }
  const elements = elementsAt(bytes, base, Int32Array.from(spans))
  return { elements, checksums: Uint32Array.from(checksums), next: base + next, endsAt, strayAt }
}

/** What stands around a list: its document without its elements. Null while that has no end; `strayAt` is where something stands behind it. */
export function outlineOf(before: Uint8Array, behind: Uint8Array): { text: string; strayAt: number | null } | null {
  const bytes = new Uint8Array(before.length + behind.length)
  bytes.set(before)
  bytes.set(behind, before.length)
  const end = valueEnd(bytes, skipSpace(bytes, 0))
  if (end === null) return null
  const next = skipSpace(bytes, end)
  const strayAt = next < bytes.length ? next - before.length : null
  return { text: new TextDecoder().decode(bytes.subarray(0, end)), strayAt }
}

const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
/** What other values of JSON begin with, as Python writes it: `NaN`, `Infinity` and `-Infinity` are some. */
const STARTS = new TextEncoder().encode('"-0123456789tfnNI')
