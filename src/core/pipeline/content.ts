import type { Container, FrameResult } from '../formats/containers/container.ts'
import type { StreamedList } from '../formats/documents/streamed-list.ts'
import type { Frame } from '../reading/frame.ts'
import { Lines, type LongLine } from '../reading/lines.ts'
import type { LogRecord } from '../records/format.ts'

/** What one read of a file brought. Its kind says how the file is read. */
export type Content = LinesRead | FramesRead | ElementsRead | RowsRead | RecordsRead

/** The lines of one read of a text file. */
export interface LinesRead {
  readonly kind: 'lines'
  readonly lines: Lines
  /** Lines that are too long to be read: only their beginnings. */
  readonly longLines: readonly LongLine[]
  /** True when these bytes show that the file is no text. That is reported once, and the file is not read further. */
  readonly turnsBinary: boolean
  /** Where in its content a compressed file is damaged or ends too early; null where it is whole. */
  readonly damage: { readonly offset: number; readonly reason: string } | null
}

/** A read of a text file that brought nothing: the defaults for one that brought something. */
export const NO_LINES: LinesRead = {
  kind: 'lines',
  lines: Lines.of([]),
  longLines: [],
  turnsBinary: false,
  damage: null,
}

/** How many parts a read has that are read one by one. */
export function partsIn(content: Content): number {
  return content.kind === 'elements' ? content.elements.length : linesIn(content).length
}

/** The lines of a read; none where the file is no text. */
export function linesIn(content: Content): Lines {
  return content.kind === 'lines' ? content.lines : NO_LINES.lines
}

/** The frames of one read of a file that is not text. */
export interface FramesRead {
  readonly kind: 'frames'
  readonly container: Container
  /** The file's name without its folder. */
  readonly name: string
  readonly frames: readonly Frame[]
  /** Why the rest of the file is not read, or null. */
  readonly damage: string | null
}

/** Elements of the list of a document, in the order of the file. */
export interface ElementsRead {
  readonly kind: 'elements'
  readonly container: Container
  readonly list: StreamedList
  /** Whether they are the first of a version of the document. */
  readonly isAnew: boolean
  readonly elements: Lines
  /** Of each of them, however it is laid out. */
  readonly checksums: Uint32Array
  /** The document without its elements, once all of it was read. */
  readonly outline: string | null
  /** Where in the file its version is damaged, and how; null where it is not. */
  readonly damage: { readonly offset: number; readonly detail: string } | null
  /** Where its last version breaks off, and will not go on; else null. */
  readonly isCutAt: number | null
}

/** The records of one read of a database, whose rows have no bytes to point at. */
export interface RowsRead {
  readonly kind: 'rows'
  /** The kind of database. */
  readonly format: string
  readonly results: readonly FrameResult[]
}

/** Records that were read before and come from a store. */
export interface RecordsRead {
  readonly kind: 'records'
  readonly records: readonly LogRecord[]
}
