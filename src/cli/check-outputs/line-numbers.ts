import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { HEAD_BYTES } from '../../core/formats/containers/container.ts'
import { containerOf } from '../../core/formats/containers/index.ts'
import { binaryFrom } from '../../core/reading/binary.ts'
import { type Encoding, encodingOf, unitBytes } from '../../core/reading/encoding.ts'
import { kindOfPath } from '../../core/runs/followed-path.ts'
import type { Alert } from '../../protocol/alert.ts'

const LINE_FEED = 0x0a

/** The lines, from 1, in which alerts of a file stand. Of a file that is not read line by line, or is gone, none. */
export async function lineNumbers(path: string, alerts: readonly Alert[]): Promise<ReadonlyMap<Alert, number>> {
  const placed = alerts.filter(({ offset }) => offset !== null)
  if (placed.length === 0 || path === '-' || kindOfPath(path) !== 'file') return new Map()
  try {
    const encoding = await textEncodingOf(path)
    if (encoding === null) return new Map()
    const lines = await linesAt(
      path,
      placed.map(({ offset }) => offset!).sort((a, b) => a - b),
      encoding,
    )
    return new Map(placed.map((alert) => [alert, lines.get(alert.offset!)!]))
  } catch {
    // A line is an aid. What a file cannot be read for was said when it was read.
    return new Map()
  }
}

/** The encoding of a file of lines; null of any other file. */
async function textEncodingOf(path: string): Promise<Encoding | null> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    const bytes = buffer.subarray(0, bytesRead)
    const encoding = encodingOf(bytes)
    const { size } = await file.stat()
    const isText =
      containerOf({ name: basename(path), bytes, sizeBytes: size }) === null && binaryFrom(bytes, encoding) === null
    return isText ? encoding : null
  } finally {
    await file.close()
  }
}

/** The line of each offset; they are in order. */
async function linesAt(path: string, offsets: readonly number[], encoding: Encoding): Promise<Map<number, number>> {
  const lines = new Map<number, number>()
  const unit = unitBytes(encoding)
  const low = encoding === 'utf-16be' ? 1 : 0
  let line = 1
  let next = 0
  let at = 0
  const end = offsets.at(-1)!
  if (end > 0) {
    for await (const chunk of createReadStream(path, { end: end - 1 }) as AsyncIterable<Buffer>) {
      for (let i = chunk.indexOf(LINE_FEED); i >= 0; i = chunk.indexOf(LINE_FEED, i + 1)) {
        if (unit === 2 && ((at + i) % 2 !== low || (chunk[low === 0 ? i + 1 : i - 1] ?? 0) !== 0)) continue
        while (next < offsets.length && offsets[next]! <= at + i) lines.set(offsets[next++]!, line)
        line++
      }
      at += chunk.length
    }
  }
  for (; next < offsets.length; next++) lines.set(offsets[next]!, line)
  return lines
}
