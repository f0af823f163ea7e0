import { isListStart, isValueStart, skipSpace, valueEnd } from '../documents/json-extent.ts'
import type { FileHead } from './container.ts'

/**
 * Whether a file is a JSON value that is written whole, and not one value per line.
 *
 * In a file named `.json` a value that goes on after its first line is one, be
 * it alone or with others like it behind it; so is a value on a single line
 * that nothing follows. A flat object with a line break after it is taken for
 * the first line of a log, as detectron2 and mmengine name theirs. Under
 * another name only a list of objects over several lines counts: Chainer's `log`
 * is one, and a text log may begin with a print of its settings.
 */
export function looksLikeDocument({ name, bytes }: FileHead): boolean {
  const start = skipSpace(bytes, 0)
  if (!isValueStart(bytes, start)) return false
  const end = valueEnd(bytes, start)
  const isMultiLine = newline(bytes, start) < (end ?? bytes.length)
  const next = end === null ? bytes.length : skipSpace(bytes, end)
  const isAlone = next === bytes.length
  if (!/\.json$/i.test(name)) return isMultiLine && isAlone && isListOfObjects(bytes, start)
  if (end === null) return true
  if (isMultiLine) return isAlone || isValueStart(bytes, next)
  return isAlone && (end === bytes.length || hasList(bytes, start, end))
}

function isListOfObjects(bytes: Uint8Array, start: number): boolean {
  if (!isListStart(bytes, start)) return false
  const first = skipSpace(bytes, start + 1)
  return isValueStart(bytes, first) && !isListStart(bytes, first)
}

function newline(bytes: Uint8Array, start: number): number {
  const at = bytes.indexOf(LINE_FEED, start)
  return at < 0 ? bytes.length : at
}

function hasList(bytes: Uint8Array, start: number, end: number): boolean {
  const list = bytes.indexOf(OPEN_LIST, start)
  return list >= 0 && list < end
}

const LINE_FEED = 0x0a
const OPEN_LIST = 0x5b
