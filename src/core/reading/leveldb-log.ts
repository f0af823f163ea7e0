import { crc32 } from '../binary/crc32.ts'
import { type Frame, type FrameCut, type Framing, MAX_FRAME_BYTES, writtenBytes } from './frame.ts'

/** `:W&B`, 0xBEE1 and the version 0. */
export const WANDB_HEADER = [0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0x00]

const BLOCK_BYTES = 32 * 1024
const CHUNK_HEADER_BYTES = 7

/** How the pieces of a record are marked: FULL alone, or FIRST (2), any number of MIDDLE, and LAST. */
const FULL = 1
const MIDDLE = 3
const LAST = 4

/**
 * LevelDB's log of records in blocks, with the file header and the plain CRC-32 of W&B.
 *
 * Wrong data costs one record. Where no chunk begins, the rest of the block is
 * passed over as LevelDB does, for the next block begins with one.
 */
export const leveldbLog: Framing = {
  name: 'leveldb-log',
  maxFrameBytes: MAX_FRAME_BYTES,

  cut(bytes, base): FrameCut {
    if (base === 0 && bytes.length >= WANDB_HEADER.length && !isWandbHeader(bytes)) {
      return { frames: [], next: 0, damage: 'the header is not that of a W&B file' }
    }
    const chunks = new Chunks(bytes, base)
    const frames: Frame[] = []
    let at = base === 0 ? WANDB_HEADER.length : 0
    for (let record = chunks.record(at); record !== null; record = chunks.record(at)) {
      frames.push(record.frame)
      at = record.end
    }
    return { frames, next: at > bytes.length ? base : base + at, damage: null }
  },
}

export function isWandbHeader(bytes: Uint8Array): boolean {
  return WANDB_HEADER.every((byte, at) => bytes[at] === byte)
}

/** One piece of a record: it never crosses a block. */
interface LogChunk {
  readonly type: number
  readonly data: Uint8Array
  readonly end: number
  readonly damage: string | null
  /** No chunk begins here: what is left of the block stands for it. */
  readonly isLost: boolean
}

interface LogRecordFrame {
  readonly frame: Frame
  readonly end: number
}

/** The chunks of a read, by their positions in it. */
class Chunks {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #base: number
  readonly #written: number

  constructor(bytes: Uint8Array, base: number) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#base = base
    this.#written = writtenBytes(bytes)
  }

  /** The record whose first chunk is at `at`; null while it is not all there. */
  record(at: number): LogRecordFrame | null {
    const parts: Uint8Array[] = []
    let damage: string | null = null
    for (let end = at; ; ) {
      const chunk = this.#chunk(end)
      if (chunk === null) return null
      const { type, isLost } = chunk
      const isInside = type === MIDDLE || type === LAST
      if (parts.length > 0 && !isInside && !isLost) return this.#frame(at, end, parts, 'it has no end')

      damage ??= chunk.damage
      if (parts.length === 0 && isInside) damage ??= 'it has no beginning'
      parts.push(chunk.data)
      end = chunk.end
      if (isLost || type === FULL || type === LAST) return this.#frame(at, end, parts, damage)
      // A reader holds no more than the longest frame: before that the record must end.
      if (end - at > MAX_FRAME_BYTES - BLOCK_BYTES) return this.#frame(at, end, parts, 'it is too long to be read')
    }
  }

  #chunk(position: number): LogChunk | null {
    const bytes = this.#bytes
    const leftInBlock = BLOCK_BYTES - ((this.#base + position) % BLOCK_BYTES)
    // What is left is too short for a header, and padded.
    if (leftInBlock < CHUNK_HEADER_BYTES) return this.#chunk(position + leftInBlock)
    const start = position + CHUNK_HEADER_BYTES
    if (start > bytes.length || position >= this.#written) return null

    const end = start + this.#view.getUint16(position + 4, true)
    const type = bytes[position + 6]!
    if (type < FULL || type > LAST || end > position + leftInBlock) {
      const blockEnd = position + leftInBlock
      const damage = `no chunk begins at byte ${this.#base + position}`
      return blockEnd > bytes.length ? null : { type, data: EMPTY, end: blockEnd, damage, isLost: true }
    }
    if (end > bytes.length) return null
    const isIntact = this.#view.getUint32(position, true) === crc32(bytes, position + 6, end)
    const damage = isIntact ? null : 'its checksum does not fit'
    return { type, data: bytes.subarray(start, end), end, damage, isLost: false }
  }

  #frame(at: number, end: number, parts: readonly Uint8Array[], damage: string | null): LogRecordFrame {
    const frame = { offset: this.#base + at, bytes: joined(parts), companions: [] }
    return { frame: damage === null ? frame : { ...frame, damage }, end }
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

const EMPTY = new Uint8Array()
