import type { Override } from '../detect/overrides.ts'
import type { DetectorSettings } from '../detect/settings.ts'
import type { OwnRule } from '../expression/own-rule.ts'
import type { Container, FrameResult } from '../formats/containers/container.ts'
import type { FormatSet } from '../formats/format-set.ts'
import type { Cursor } from '../reading/cursor.ts'
import type { Frame } from '../reading/frame.ts'
import type { Line, LongLine } from '../reading/lines.ts'
import type { LogRecord } from '../records/format.ts'
import type { PlacedMask } from './commit.ts'

/** Hears what a read is made of, for those who show how a log was understood. The judgement needs none of it. */
export interface ReadListener {
  record(record: LogRecord): void
  /** A line without data: a banner, a bar, a header. */
  skippedLine(): void
  hidden(mask: PlacedMask): void
}

/** What one read of one file brought in. */
export interface Read {
  readonly run: string
  /** The path by which nanwatch opens the file. */
  readonly file: string
  readonly lines: readonly Line[]
  /** Records that had been read before, in place of lines. */
  readonly records?: readonly LogRecord[]
  /** Lines above the cap: where they began, how long they are so far, and how they began. */
  readonly longLines: readonly LongLine[]
  /** What was read of a file that is not text. */
  readonly frames?: FramesRead | null
  /** What was read of a database, whose rows have no bytes to point at. */
  readonly rows?: RowsRead | null
  /** True when the file was found to be no text: it is reported, and not read further. */
  readonly turnsBinary?: boolean
  /** Where the content of a compressed file breaks off, and why. */
  readonly damage?: { readonly offset: number; readonly reason: string } | null
  /** True once the writer has left: nothing more will be appended. */
  readonly isFinal: boolean
  /** Bytes before this offset were old news when the file was first seen. */
  readonly backfillUntil: number
  readonly nowIso: string
  readonly listener?: ReadListener | undefined
}

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
  /** Records that had been read before, in place of lines. */
  readonly records?: readonly LogRecord[]
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

/** The frames of one read of a file that is not text. */
export interface FramesRead {
  readonly container: Container
  /** The file's name without its folder. */
  readonly name: string
  readonly frames: readonly Frame[]
  /** Why the rest of the file is passed over, or null. */
  readonly damage: string | null
}

/** The records of one read of a database. */
export interface RowsRead {
  /** The kind of database. */
  readonly format: string
  readonly results: readonly FrameResult[]
}

export interface Rules {
  /** The ε of the clipped cross-entropy. */
  readonly epsilon: number
  readonly detectors: DetectorSettings
  /** In which formats files are read; the built-in ones unless told. */
  readonly formats?: FormatSet
  /** The rules that the user wrote. */
  readonly own?: readonly OwnRule[]
  /** What is different for some runs and metrics. */
  readonly overrides?: readonly Override[]
}
