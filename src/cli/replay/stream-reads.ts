import { lineCapBytes } from '../../core/formats/reader.ts'
import { mainReader } from '../../core/formats/source-readers.ts'
import { type LinesRead, NO_LINES } from '../../core/pipeline/content.ts'
import type { FileRead } from '../../core/pipeline/read.ts'
import { BINARY_HEAD_BYTES, binaryFrom } from '../../core/reading/binary.ts'
import { cutLines } from '../../core/reading/cut.ts'
import { encodingOf } from '../../core/reading/encoding.ts'
import { decompressed, isGzip } from '../../tail/gzip-stream.ts'
import { NOTHING_READ, noMore } from './no-more.ts'
import type { Reads } from './replay.ts'

/** The first bytes, which show whether a stream is compressed. */
const GZIP_MARK_BYTES = 3

/** The reads of a stream, such as standard input; compressed or not, in any encoding that a file may have. */
export function streamReads(chunks: AsyncIterable<Uint8Array>): Reads {
  return async function* (_file, known, formats): AsyncGenerator<FileRead> {
    let damage: string | null = null
    const content = contentOf(chunks, (reason) => {
      damage = reason
    })
    const capBytes = () => lineCapBytes(mainReader(known().state), formats)
    const upTo = (offset: number, read: Partial<LinesRead>): FileRead => {
      return { ...NOTHING_READ, content: { ...NO_LINES, ...read }, cursor: { ...NOTHING_READ.cursor, offset } }
    }
    let base = 0
    let rest: Uint8Array = new Uint8Array(0)
    let inLongLine = false
    let head: Uint8Array = new Uint8Array(0)
    for await (const chunk of inStrides(content, () => rest.length)) {
      const bytes = Buffer.concat([rest, chunk])
      if (head.length < BINARY_HEAD_BYTES)
        head = Buffer.concat([head, chunk.subarray(0, BINARY_HEAD_BYTES - head.length)])
      const encoding = encodingOf(head)
      const binaryAt = binaryFrom(head, encoding)
      const text = binaryAt === null ? bytes : bytes.subarray(0, Math.max(0, binaryAt - base))
      const cut = cutLines({ bytes: text, encoding, base, inLongLine, capBytes: capBytes(), isFinal: false })
      rest = binaryAt === null ? bytes.subarray(cut.next - base) : new Uint8Array(0)
      base = cut.next
      inLongLine = cut.inLongLine
      yield upTo(base, { lines: cut.lines, longLines: cut.longLines, turnsBinary: binaryAt !== null })
      if (binaryAt !== null) break
    }
    const end = base + rest.length
    const encoding = encodingOf(head)
    const last = cutLines({ bytes: rest, encoding, base, inLongLine, capBytes: capBytes(), isFinal: true })
    const broken = damage === null ? null : { offset: end, reason: damage }
    yield upTo(end, { lines: last.lines, longLines: last.longLines, damage: broken })
    yield noMore(end)
  }
}

/** What the stream says: itself, or its content where it is compressed. */
async function* contentOf(
  chunks: AsyncIterable<Uint8Array>,
  onDamage: (reason: string) => void,
): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]()
  let first: Uint8Array = new Uint8Array(0)
  for (;;) {
    const { value, done } = await source.next()
    if (done === true) break
    first = Buffer.concat([first, value])
    if (first.length >= GZIP_MARK_BYTES) break
  }
  const whole = (async function* () {
    yield first
    yield* { [Symbol.asyncIterator]: () => source }
  })()
  yield* isGzip(first) ? decompressed(whole, onDamage) : whole
}

/**
 * Joins what comes while it is less than the beginning of a line that is waiting for its end:
 * else a line of many chunks would be looked at from its beginning with each of them.
 */
async function* inStrides(chunks: AsyncIterable<Uint8Array>, waitingBytes: () => number): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    parts.push(chunk)
    bytes += chunk.length
    if (bytes < waitingBytes()) continue
    yield Buffer.concat(parts)
    parts = []
    bytes = 0
  }
  if (bytes > 0) yield Buffer.concat(parts)
}
