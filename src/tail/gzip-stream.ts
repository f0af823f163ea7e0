import { createGunzip, type Gunzip } from 'node:zlib'
import { BINARY_HEAD_BYTES } from '../core/reading/binary.ts'
import { readAt } from './fingerprint.ts'
import type { OpenFile } from './open-file.ts'

/** So much is decompressed at a time: it becomes at most a thousand times as long, whatever the file holds. */
const PIECE_BYTES = 4096

/** Why nothing more comes out of a stream for now, or ever. */
export type GzipEnd =
  /** All that is there was decompressed, and it may not be all that is coming. */
  | { readonly kind: 'dry' }
  /** Every member is there, and its checksum is right. */
  | { readonly kind: 'whole' }
  | { readonly kind: 'damaged'; readonly reason: string }

export interface GzipBytes {
  readonly bytes: Uint8Array
  /** Null while there is more to come. */
  readonly end: GzipEnd | null
}

/** Whether a file with these first bytes is one that gzip made. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === 0x08
}

/**
 * The decompressed content of an open file, from its first byte on.
 *
 * It holds no more than was asked for last and what one piece came to, and can
 * be dropped at any time: a new one decompresses again up to where it is asked
 * to begin.
 */
export class GzipStream {
  readonly #handle: OpenFile
  #inflate: Inflate
  /** Bytes of the file that were decompressed. */
  #taken = 0
  /** What `#bytes` begins at, in the decompressed content. */
  #base = 0
  #bytes: Uint8Array = new Uint8Array(0)
  #head: Uint8Array = new Uint8Array(0)
  #end: GzipEnd | null = null

  constructor(handle: OpenFile) {
    this.#handle = handle
    this.#inflate = new Inflate()
  }

  /** The first bytes of the content, as many as a look at what it is takes. */
  get head(): Uint8Array {
    return this.#head
  }

  /** Where in the compressed file reading stands. */
  get compressedBytes(): number {
    return this.#taken
  }

  /**
   * At most `length` bytes of the content from `offset` on, fewer at its end.
   *
   * With `isComplete` the file is taken to be all that will ever be there, so
   * that an end within a member is damage.
   */
  async bytesFrom(offset: number, length: number, isComplete: boolean): Promise<GzipBytes> {
    if (offset < this.#base) this.#restart()
    for (;;) {
      const passed = Math.min(offset - this.#base, this.#bytes.length)
      this.#bytes = this.#bytes.subarray(passed)
      this.#base += passed
      const isAhead = this.#base < offset
      const missing = isAhead ? 1 : length - this.#bytes.length
      if (missing <= 0 || (this.#end !== null && this.#end.kind !== 'dry')) break
      await this.#more(missing, isComplete)
      if (this.#end?.kind === 'dry' && !isComplete) break
    }
    const bytes = this.#base < offset ? new Uint8Array(0) : this.#bytes.subarray(0, length)
    return { bytes, end: bytes.length < this.#bytes.length ? null : this.#end }
  }

  close(): void {
    this.#inflate.close()
  }

  /** Decompresses until `missing` more bytes are there, or no more come. */
  async #more(missing: number, isComplete: boolean): Promise<void> {
    const parts = [this.#bytes]
    this.#end = null
    for (let brought = 0; brought < missing && this.#end === null; ) {
      const piece = await readAt(this.#handle, this.#taken, PIECE_BYTES)
      if (piece.length === 0 && !isComplete) {
        this.#end = { kind: 'dry' }
        break
      }
      const out = piece.length === 0 ? await this.#inflate.end() : await this.#inflate.write(piece)
      if (piece.length === 0) this.#end = { kind: 'whole' }
      brought += append(parts, out)
      if (this.#inflate.problem !== null) {
        brought += append(parts, await this.#rescued(piece, this.#inflate.produced))
        this.#end = { kind: 'damaged', reason: this.#inflate.problem }
      }
      this.#taken += piece.length
    }
    this.#bytes = Buffer.concat(parts)
    if (this.#base === 0 && this.#head.length < BINARY_HEAD_BYTES) this.#head = this.#bytes.slice(0, BINARY_HEAD_BYTES)
  }

  /**
   * What a damaged piece still gives: zlib keeps what it had not yet handed out when it fails.
   * So all is decompressed again up to that piece, and the piece byte by byte.
   */
  async #rescued(piece: Uint8Array, produced: number): Promise<Uint8Array> {
    const again = new Inflate()
    for (let at = 0; at < this.#taken; at += PIECE_BYTES) {
      await again.write(await readAt(this.#handle, at, Math.min(PIECE_BYTES, this.#taken - at)))
    }
    const bytes = await again.writeSlowly(piece)
    again.close()
    return bytes.subarray(produced - again.produced + bytes.length)
  }

  #restart(): void {
    this.#inflate.close()
    this.#inflate = new Inflate()
    this.#taken = 0
    this.#base = 0
    this.#bytes = new Uint8Array(0)
    this.#end = null
  }
}

/** What a gzip stream says, and where it breaks off. */
export async function* decompressed(
  chunks: AsyncIterable<Uint8Array>,
  onDamage: (reason: string) => void,
): AsyncGenerator<Uint8Array> {
  const inflate = new Inflate()
  // One piece behind, for what a damaged piece still gives: of a stream there is no second reading.
  const behind = new Inflate()
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      const piece = chunk.subarray(at, at + PIECE_BYTES)
      const out = await inflate.write(piece)
      if (inflate.problem !== null) {
        yield out
        yield (await behind.writeSlowly(piece)).subarray(out.length)
        onDamage(inflate.problem)
        return
      }
      await behind.write(piece)
      yield out
    }
  }
  yield await inflate.end()
  behind.close()
  if (inflate.problem !== null) onDamage(inflate.problem)
}

/** zlib's stream, written to piece by piece: what a piece came to is there when it was taken. */
class Inflate {
  produced = 0
  problem: string | null = null
  readonly #gunzip: Gunzip = createGunzip()
  readonly #over: Promise<void>
  #out: Uint8Array[] = []

  constructor() {
    this.#gunzip.on('data', (bytes: Uint8Array) => {
      this.produced += bytes.length
      this.#out.push(bytes)
    })
    this.#over = new Promise((resolve) => {
      this.#gunzip.once('end', resolve)
      this.#gunzip.once('error', (error) => {
        this.problem = error.message
        resolve()
      })
    })
  }

  async write(piece: Uint8Array): Promise<Uint8Array> {
    await Promise.race([this.#over, new Promise<void>((resolve) => this.#gunzip.write(piece, () => resolve()))])
    return this.#take()
  }

  /** Byte by byte, so that nothing is kept back when one of them is wrong. */
  async writeSlowly(piece: Uint8Array): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    for (let at = 0; at < piece.length && this.problem === null; at++) {
      parts.push(await this.write(piece.subarray(at, at + 1)))
    }
    return Buffer.concat(parts)
  }

  async end(): Promise<Uint8Array> {
    this.#gunzip.end()
    await this.#over
    return this.#take()
  }

  close(): void {
    this.#gunzip.destroy()
  }

  #take(): Uint8Array {
    const bytes = Buffer.concat(this.#out)
    this.#out = []
    return bytes
  }
}

function append(parts: Uint8Array[], bytes: Uint8Array): number {
  parts.push(bytes)
  return bytes.length
}
