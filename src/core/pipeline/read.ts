import type { Override } from '../detect/overrides.ts'
import type { DetectorSettings } from '../detect/settings.ts'
import type { UserRule } from '../expression/user-rule.ts'
import type { FormatSet } from '../formats/format-set.ts'
import type { Cursor } from '../reading/cursor.ts'
import type { LogRecord } from '../records/format.ts'
import type { HiddenValue } from './commit.ts'
import type { Content } from './content.ts'

/** Hears what a read is made of, for those who show how a log was understood. The judgement needs none of it. */
export interface ReadListener {
  record(record: LogRecord): void
  /** A line without data: a banner, a bar, a header. */
  skippedLine(): void
  hidden(value: HiddenValue): void
}

/** What one read of one file brought in. */
export interface Read {
  readonly run: string
  /** The path by which nanwatch opens the file. */
  readonly file: string
  readonly content: Content
  /** True once the writer has left: nothing more will be appended. */
  readonly isFinal: boolean
  /** Bytes before this offset were old news when the file was first seen. */
  readonly backfillUntil: number
  readonly nowIso: string
  readonly listener?: ReadListener | undefined
}

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

export interface Rules {
  /** The ε of the clipped cross-entropy. */
  readonly epsilon: number
  readonly detectors: DetectorSettings
  /** In which formats files are read. */
  readonly formats: FormatSet
  /** The rules that the user wrote. */
  readonly userRules?: readonly UserRule[]
  /** What is different for some runs and metrics. */
  readonly overrides?: readonly Override[]
}
