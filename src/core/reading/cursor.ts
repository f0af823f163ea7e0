import type { Encoding } from './encoding.ts'

/**
 * What makes a file the same file after a rename or a restart.
 *
 * The inode alone is not enough: a file deleted and created again gets the same
 * number on ext4. So the first bytes, and the bytes just before the cursor,
 * must be what they were.
 */
export type Cursor = {
  /** Decimal text: device and inode exceed 2^53 on some file systems. */
  readonly device: string
  readonly inode: string
  /** How many bytes at the start `headHash` covers; it grows with a young file. */
  readonly headBytes: number
  readonly headHash: string
  /** The first byte not yet read as part of a complete line; of a database the last row that was read. */
  readonly offset: number
  /** Of a dump of many files the one in hand, by its name. */
  readonly member?: string
  /** How many bytes just before `offset` `anchorHash` covers. */
  readonly anchorBytes: number
  readonly anchorHash: string
  /** Counts the lives of the path: one more each time its content began anew. */
  readonly generation: number
  /** Found at the start of each life of the file, and good to its end. */
  readonly encoding: Encoding
  /** The kind of file that it is, by its container's name; null while it is read as text. */
  readonly container: string | null
  /** True once its bytes have shown that they are of no kind that is read: nothing more of it is. */
  readonly isBinary: boolean
  /** True while the rest of a line above its cap is passed over. */
  readonly inLongLine: boolean
  /**
   * Of a compressed file, whose `offset` counts the bytes of its content: how long it was on disk
   * when all of it had been read, 0 before that. Not there for any other file.
   */
  readonly compressedBytes?: number
  /** True once this life of the file is over: what the path holds after it is a new one, and nothing was missed between. */
  readonly isEnded: boolean
  /**
   * Of a document that is read element by element the version in hand: when it was last written as its reading began, and
   * whether none was read before. Not there once it was read to its end.
   */
  readonly version?: { readonly writtenMs: number; readonly isFirst: boolean }
  /** Of a document, that it is read from its first byte on next, though it may be what it was. */
  readonly isReadAgain?: true
  /** Of a document, that it is not read element by element. */
  readonly isReadAsWhole?: true
  /** When the file was last written by then, in milliseconds since 1970. A cursor of an earlier version does not say. */
  readonly writtenMs?: number
}

/** The file that the path names now, compared with where reading had stopped. */
export interface Observation {
  readonly device: string
  readonly inode: string
  readonly sizeBytes: number
  readonly writtenMs: number
  /** Whether the bytes that the cursor's hashes cover are still what they were. */
  readonly sameHead: boolean
  readonly sameAnchor: boolean
}

export type Resume =
  | { readonly kind: 'first-seen' }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'grown' }
  /** The same file with other content: truncated, or rewritten in place. */
  | { readonly kind: 'rewritten' }
  /** Another file under the same path; the old one may still hold unread lines. */
  | { readonly kind: 'replaced' }

/** Decides where to read next, given where reading stopped and what is on disk now. */
export function resume(cursor: Cursor | null, seen: Observation): Resume {
  if (cursor === null) return { kind: 'first-seen' }
  if (!continues(cursor, seen)) {
    const sameFile = seen.device === cursor.device && seen.inode === cursor.inode
    return { kind: sameFile ? 'rewritten' : 'replaced' }
  }
  // Another inode whose content goes on where we stopped is an atomic replace by a longer copy.
  return { kind: seen.sizeBytes === cursor.offset ? 'unchanged' : 'grown' }
}

/** Whether no version of a document was read to its end before what follows the cursor. */
export function isOfFirstVersion(cursor: Cursor | null): boolean {
  return cursor === null || cursor.version?.isFirst === true
}

/** Whether the file holds what was read and no more, and was written later than that. */
export function isWrittenAnew(cursor: Cursor, seen: Observation): boolean {
  const { writtenMs = Number.POSITIVE_INFINITY, offset } = cursor
  return seen.sizeBytes === offset && seen.writtenMs > writtenMs && continues(cursor, seen)
}

/** Whether the file holds what was read up to the cursor, so that reading may go on there. */
export function continues(cursor: Cursor, seen: Observation): boolean {
  return seen.sizeBytes >= cursor.offset && seen.sameHead && seen.sameAnchor
}
