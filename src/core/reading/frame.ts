/** A record of a binary file, or the whole of one: where its first byte is, and its bytes. */
export interface Frame {
  readonly offset: number
  readonly bytes: Uint8Array
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
