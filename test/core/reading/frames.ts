import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Frame, Framing } from '../../../src/core/reading/frame.ts'

const BLOCK_BYTES = 32 * 1024

/** CRC-32C bit by bit, as its polynomial defines it. */
export function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  return ~crc >>> 0
}

/** A record as TensorFlow writes it. */
export function tfrecordOf(data: Uint8Array): Buffer {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(data.length))
  return Buffer.concat([length, masked(length), data, masked(data)])
}

/** A file of records as W&B writes it. */
export function wandbFileOf(records: readonly Uint8Array[]): Buffer {
  const parts: Buffer[] = [Buffer.from(':W&B\xe1\xbe\0', 'latin1')]
  let size = 7
  const put = (part: Buffer) => {
    parts.push(part)
    size += part.length
  }
  for (const record of records) {
    let rest = record
    for (let isFirst = true; isFirst || rest.length > 0; isFirst = false) {
      const left = BLOCK_BYTES - (size % BLOCK_BYTES)
      if (left < 7) put(Buffer.alloc(left))
      const room = BLOCK_BYTES - (size % BLOCK_BYTES) - 7
      const data = rest.subarray(0, room)
      rest = rest.subarray(data.length)
      const type = isFirst ? (rest.length === 0 ? 1 : 2) : rest.length === 0 ? 4 : 3
      put(chunkOf(type, data))
    }
  }
  return Buffer.concat(parts)
}

export function chunkOf(type: number, data: Uint8Array): Buffer {
  const header = Buffer.alloc(7)
  header.writeUInt32LE(crc32(Buffer.concat([Buffer.of(type), data])))
  header.writeUInt16LE(data.length, 4)
  header[6] = type
  return Buffer.concat([header, data])
}

export interface Followed {
  readonly frames: readonly Frame[]
  readonly next: number
  readonly damage: string | null
}

/** Reads a file while it grows to each of `sizes`, and at last to its end. */
export function follow(framing: Framing, file: Uint8Array, sizes: readonly number[] = []): Followed {
  const frames: Frame[] = []
  let next = 0
  for (const size of [...sizes, file.length]) {
    const cut = framing.cut(file.slice(next, Math.max(size, next)), next)
    frames.push(...cut.frames)
    next = cut.next
    if (cut.damage !== null) return { frames, next, damage: cut.damage }
  }
  return { frames, next, damage: null }
}

/** Frames in short: where each begins, how long it is, and what is wrong with it. */
export function summary(frames: readonly Frame[]): readonly string[] {
  return frames.map(({ offset, bytes, damage }) => `${offset}: ${damage ?? `${bytes.length} bytes`}`)
}

/** All that was read, with a hash for the bytes of each frame: quick to compare. */
export function digest({ frames, next, damage }: Followed): unknown {
  const hash = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex')
  return { next, damage, frames: frames.map((frame) => ({ ...frame, bytes: hash(frame.bytes) })) }
}

function masked(data: Uint8Array): Buffer {
  const crc = slowCrc32c(data)
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0)
  return bytes
}
