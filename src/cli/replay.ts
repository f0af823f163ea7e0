import { stat } from 'node:fs/promises'
import { lineCapBytes } from '../core/formats/reader.ts'
import { type Advance, advance } from '../core/pipeline/advance.ts'
import { type Content, NO_LINES } from '../core/pipeline/content.ts'
import type { Rules } from '../core/pipeline/read.ts'
import { BINARY_HEAD_BYTES, binaryFrom } from '../core/reading/binary.ts'
import { cutLines } from '../core/reading/cut.ts'
import { encodingOf } from '../core/reading/encoding.ts'
import { kindOfPath } from '../core/runs/followed-path.ts'
import { type FileState, NEW_FILE, newLife } from '../core/state/file-state.ts'
import type { RunMemory } from '../core/state/run-memory.ts'
import type { FileRead } from '../tail/file-look.ts'
import { decompressed, isGzip } from '../tail/gzip-stream.ts'
import { followPath } from '../tail/path-follower.ts'

/** What `-` on the command line stands for; yargs would drop the bare dash. */
export const STANDARD_INPUT = '/dev/stdin'

/** A finished file to be read from its first byte to its last. */
export interface ReplayFile {
  readonly path: string
  readonly run: string
}

/** So many bytes tell whether a stream is compressed. */
const GZIP_MARK_BYTES = 3

export interface ReplayStep {
  readonly outcome: Advance
  readonly bytesRead: number
}

/** Reads a finished file through the pipeline, in bounded memory: one step for each chunk. */
export async function* replayFile(file: ReplayFile, memory: RunMemory, rules: Rules): AsyncGenerator<ReplayStep> {
  const isOne = kindOfPath(file.path) === 'file'
  if (isOne && !(await stat(file.path)).isFile()) throw new Error(`${file.path}: not a regular file`)
  const follower = followPath(file.path)
  const fold = new Fold(file, memory, rules)
  try {
    let cursor: FileRead['cursor'] | null = null
    for (;;) {
      const read: FileRead | null = await follower.read(cursor, fold.capBytes, true)
      if (read === null) break
      const step = fold.step(read.content, read.cursor.offset, read.isNewGeneration)
      yield step
      if (step.outcome.isToBeReadAgain === 'now') continue
      cursor = read.cursor
      if (!read.hasMore) break
    }
    yield fold.end(cursor?.offset ?? 0)
  } finally {
    await follower.close()
  }
}

/** The same for a stream, such as standard input; compressed or not, in any encoding that a file may have. */
export async function* replayStream(
  chunks: AsyncIterable<Uint8Array>,
  file: ReplayFile,
  memory: RunMemory,
  rules: Rules,
): AsyncGenerator<ReplayStep> {
  const fold = new Fold(file, memory, rules)
  let damage: string | null = null
  const content = contentOf(chunks, (reason) => {
    damage = reason
  })
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
    const cut = cutLines({ bytes: text, encoding, base, inLongLine, capBytes: fold.capBytes, isFinal: false })
    rest = binaryAt === null ? bytes.subarray(cut.next - base) : new Uint8Array(0)
    base = cut.next
    inLongLine = cut.inLongLine
    const { lines, longLines } = cut
    yield fold.step({ ...NO_LINES, lines, longLines, turnsBinary: binaryAt !== null }, base)
    if (binaryAt !== null) break
  }
  const end = base + rest.length
  const encoding = encodingOf(head)
  const { lines, longLines } = cutLines({
    bytes: rest,
    encoding,
    base,
    inLongLine,
    capBytes: fold.capBytes,
    isFinal: true,
  })
  const brokenOff = damage === null ? null : { offset: end, reason: damage }
  yield fold.step({ ...NO_LINES, lines, longLines, damage: brokenOff }, end)
  yield fold.end(end)
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

/** The states of one file and its run, carried from chunk to chunk. */
class Fold {
  #state: FileState = NEW_FILE
  #memory: RunMemory
  readonly #file: ReplayFile
  readonly #rules: Rules

  constructor(file: ReplayFile, memory: RunMemory, rules: Rules) {
    this.#file = file
    this.#memory = memory
    this.#rules = rules
  }

  get capBytes(): number {
    return lineCapBytes(this.#state.reader, this.#rules.formats)
  }

  step(content: Content, bytesRead: number, isNewGeneration = false): ReplayStep {
    if (isNewGeneration) this.#state = newLife(this.#state)
    // What is not text has no more to say at its end than it says when it is read.
    return { outcome: this.#advance(content, content.kind === 'frames'), bytesRead }
  }

  end(bytesRead: number): ReplayStep {
    return { outcome: this.#advance(NO_LINES, true), bytesRead }
  }

  #advance(content: Content, isFinal: boolean): Advance {
    const { path, run } = this.#file
    const read = { run, file: path, content, isFinal, backfillUntil: 0, nowIso: new Date().toISOString() }
    const outcome = advance(read, this.#state, this.#memory, this.#rules)
    this.#state = outcome.file
    this.#memory = outcome.memory
    return outcome
  }
}
