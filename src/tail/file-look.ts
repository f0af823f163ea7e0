import type { FramesRead, RowsRead } from '../core/pipeline/read.ts'
import type { Cursor } from '../core/reading/cursor.ts'
import type { Line, LongLine } from '../core/reading/lines.ts'

/** What one look at a file brought: the lines after the cursor, and the cursor after them. */
export interface FileRead {
  readonly lines: readonly Line[]
  readonly longLines: readonly LongLine[]
  /** What was read of a file that is not text; null for one that is. */
  readonly frames: FramesRead | null
  /** What was read of a database; absent for a file. */
  readonly rows?: RowsRead
  /** True when these bytes have shown that the file is no text: the one read that says so. */
  readonly turnsBinary: boolean
  /** Where in its content a compressed file is damaged, or ends too early; null where it does not. */
  readonly damage: { readonly offset: number; readonly reason: string } | null
  readonly cursor: Cursor
  /** True when the file began a new life before these lines: its format is to be found again. */
  readonly isNewGeneration: boolean
  /** True once with each life of the file: its writer has left, or its content is gone, and this is the last of it. */
  readonly isFinal: boolean
  /** What could not be read, because it went away between two looks. */
  readonly gap: { readonly offset: number; readonly bytes: number | null; readonly reason: string } | null
  /** True when there is more to read now. */
  readonly hasMore: boolean
  /** Bytes of a line that has no terminator yet. */
  readonly pendingBytes: number
  /** When the file was last written, in milliseconds since 1970, as its file system says. */
  readonly writtenMs: number
}

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
