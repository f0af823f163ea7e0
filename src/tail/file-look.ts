import type { Content } from '../core/pipeline/content.ts'
import type { Cursor } from '../core/reading/cursor.ts'

/** What one poll of a file brought: what stands after the cursor, and the cursor after it. */
export interface FileRead {
  readonly content: Content
  readonly cursor: Cursor
  /** True when the file began a new life before this: its format is to be found again. */
  readonly isNewGeneration: boolean
  /** True once with each life of the file: its writer has left, or its content is gone, and this is the last of it. */
  readonly isFinal: boolean
  /** What could not be read, because it went away between two polls. */
  readonly gap: { readonly offset: number; readonly bytes: number | null; readonly reason: string } | null
  /** True when there is more to read now. */
  readonly hasMore: boolean
  /** Bytes of a line that has no terminator yet. */
  readonly pendingBytes: number
  /** When the file was last written, in milliseconds since 1970, as its file system says. */
  readonly writtenMs: number
}

/** What holds for a read that went to the end of what is there, in the same life of the file as the one before. */
export const TO_THE_END = { isNewGeneration: false, gap: null, hasMore: false, pendingBytes: 0 } as const

export type Position = Pick<Cursor, 'offset' | 'generation' | 'encoding' | 'container' | 'isBinary' | 'inLongLine'>

/** The beginning of a file that nothing is known of. */
export const START: Position = {
  offset: 0,
  generation: 0,
  encoding: 'utf-8',
  container: null,
  isBinary: false,
  inLongLine: false,
}
