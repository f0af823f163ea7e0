/** A record of a binary file, or the whole of one: where its first byte is, and its bytes. */
export interface Frame {
  readonly offset: number
  readonly bytes: Uint8Array
  /** Why its bytes are not what was written, where a checksum says so: its format rejects it as `broken-frame`. */
  readonly damage?: string
  /** Files beside it that its format asked for, by their names; those that are there. */
  readonly companions: readonly { readonly name: string; readonly bytes: Uint8Array }[]
}

/** The complete frames of a chunk. */
export interface FrameCut {
  readonly frames: readonly Frame[]
  /** File offset at which the next read starts: that of the first frame that is not complete. */
  readonly next: number
  /** Why nothing after `next` can be read any more, or null: then the rest of the file is passed over. */
  readonly damage: string | null
}

/**
 * How the records of a kind of binary file are found in its bytes.
 *
 * Pure, and without a state: `cut` is always given bytes that begin where a
 * frame begins, so the cursor is all that a restart needs.
 */
export interface Framing {
  readonly name: FramingName
  /** A longer frame is damage: no writer makes one. */
  readonly maxFrameBytes: number
  /** Cuts what is complete; `base` is the file offset of the first byte. */
  cut(bytes: Uint8Array, base: number): FrameCut
}

/** `whole` reads a file as one frame, again each time it was rewritten. */
export type FramingName = 'tfrecord' | 'leveldb-log' | 'whole'

/** The most that a framing waits for: as much as the longest line. */
export const MAX_FRAME_BYTES = 64 * 1024 * 1024

/** How many of `bytes` come before the zeros at their end: on NFS a file may grow before its content is seen. */
export function writtenBytes(bytes: Uint8Array): number {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  return end
}
