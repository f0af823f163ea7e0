import type { Override } from '../detect/overrides.ts'
import type { DetectorSettings } from '../detect/settings.ts'
import type { OwnRule } from '../expression/own-rule.ts'
import type { Container, FrameResult } from '../formats/containers/container.ts'
import type { FormatSet } from '../formats/format-set.ts'
import type { Frame } from '../reading/frame.ts'
import type { Line, LongLine } from '../reading/lines.ts'
import type { LogRecord } from '../records/format.ts'

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
