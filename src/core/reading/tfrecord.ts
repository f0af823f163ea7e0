import { crc32c } from '../binary/crc32.ts'
import { type Frame, type FrameCut, type Framing, MAX_FRAME_BYTES, writtenBytes } from './frame.ts'

const LENGTH_BYTES = 8
const CRC_BYTES = 4
const HEADER_BYTES = LENGTH_BYTES + CRC_BYTES
const MASK_DELTA = 0xa282ead8

/**
 * TensorFlow's records: a length of eight bytes, its checksum, the data, its checksum.
 *
 * Behind a length that is wrong no record can be found again. Wrong data costs
 * one record only: it is a frame that says so.
 */
export const tfrecord: Framing = {
  name: 'tfrecord',
  maxFrameBytes: MAX_FRAME_BYTES,

  cut(bytes, base): FrameCut {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const frames: Frame[] = []
    let at = 0
    while (at + HEADER_BYTES <= bytes.length) {
      const dataBytes = dataBytesAt(view, bytes, at)
      if (dataBytes === null) {
        const isUnwritten = at >= writtenBytes(bytes)
        return { frames, next: base + at, damage: isUnwritten ? null : 'the length of a record has a wrong checksum' }
      }
      if (dataBytes + HEADER_BYTES + CRC_BYTES > MAX_FRAME_BYTES) {
        return { frames, next: base + at, damage: `a record of ${dataBytes} bytes is longer than any that is read` }
      }
      const start = at + HEADER_BYTES
      const end = start + dataBytes
      if (end + CRC_BYTES > bytes.length) break
      const frame = { offset: base + at, bytes: bytes.subarray(start, end), companions: [] }
      const isIntact = view.getUint32(end, true) === maskedCrc(bytes, start, end)
      frames.push(isIntact ? frame : { ...frame, damage: 'its checksum does not fit' })
      at = end + CRC_BYTES
    }
    return { frames, next: base + at, damage: null }
  },
}

/** The bytes of the first record, cut short where `head` is; null where no record begins the file. */
export function firstTfrecord(head: Uint8Array): Uint8Array | null {
  if (head.length < HEADER_BYTES) return null
  const view = new DataView(head.buffer, head.byteOffset, head.length)
  const dataBytes = dataBytesAt(view, head, 0)
  return dataBytes === null ? null : head.subarray(HEADER_BYTES, HEADER_BYTES + dataBytes)
}

/** How much data the record at `at` holds, or null where the checksum of its length does not fit. */
function dataBytesAt(view: DataView, bytes: Uint8Array, at: number): number | null {
  if (view.getUint32(at + LENGTH_BYTES, true) !== maskedCrc(bytes, at, at + LENGTH_BYTES)) return null
  return view.getUint32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true)
}

/** TensorFlow rotates and shifts a checksum before it stores it, for a checksum of checksums is weak. */
function maskedCrc(bytes: Uint8Array, start: number, end: number): number {
  const crc = crc32c(bytes, start, end)
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0
}
