import type { Override } from '../detect/overrides.ts'
import type { DetectorSettings } from '../detect/settings.ts'
import type { UserRule } from '../expression/user-rule.ts'
import type { FormatSet } from '../formats/format-set.ts'
import type { Cursor } from '../reading/cursor.ts'
import type { Line } from '../reading/lines.ts'
import type { LogRecord } from '../records/format.ts'
import type { LineTemplates } from '../templates/templated-log.ts'
import type { CalmStretch } from './calm-rows.ts'
import type { HiddenValue } from './commit.ts'
import type { Content } from './content.ts'

/** Observes what a read is made of, for commands that show how a log was understood. It changes no result. */
export interface ReadListener {
  record(record: LogRecord): void
  /** Records that are judged together. Where it is not there, they are shown one by one. */
  rows?(rows: Pick<CalmStretch, 'source' | 'from' | 'length'>): void
  /** A line without data: a banner, a bar, a header. */
  skippedLine(line: Pick<Line, 'offset' | 'text'>): void
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
  /** True when the job is over, by what is known of its processes. The log may be written again by another one. */
  readonly isJobOver?: boolean
  /** Whether the process may live that writes to the file: what Python prints may then have been caught. */
  readonly isHeld?: () => boolean
  /** When the file was last written before what this read holds, where it was watched by then. */
  readonly beforeMs?: number
  /** Whether the one program that writes to the file is seen to live, and was at work before an exception that stands in it. */
  readonly isOfSameProcess?: () => boolean
  /** True when an exception that waited for that process was not caught. */
  readonly isUncaught?: boolean
  /** True when so much time has passed that the first lines need not wait for those below them any more. */
  readonly isWaitOver?: boolean
  /** Bytes before this offset were there when the file was first seen. */
  readonly backfillUntil: number
  readonly nowIso: string
  /** When the file was last written, where it was watched by then. */
  readonly writtenMs?: number
  /** When the youngest program began that is seen to hold a log of the run open. */
  readonly writerBeganMs?: number | null
  /** Whether the one program that holds the file which tells of the end of the run, and this one, lives; `unseen` where nobody holds either. */
  readonly isOfHolder?: boolean | 'unseen'
  readonly listener?: ReadListener | undefined
  /** What has been learned of the lines of the file: it makes reading faster, and changes no result. */
  readonly templates?: LineTemplates | undefined
  /** Judges each record by itself. Neighbours are judged together where that gives the same, for it is much faster. */
  readonly isOneByOne?: boolean
}

/** What one poll of a file brought: the content after the cursor, and the cursor behind that content. */
export interface FileRead {
  readonly content: Content
  readonly cursor: Cursor
  /** True when the file was truncated or replaced before this read. Its format has to be found again. */
  readonly isNewGeneration: boolean
  /** True once in each generation of the file: its writer has left or its content is gone, and nothing more will come. */
  readonly isFinal: boolean
  /** Content that could not be read, because it was gone before the next poll; null where nothing is missing. */
  readonly gap: { readonly offset: number; readonly bytes: number | null; readonly reason: string } | null
  /** True when there is more to read now. */
  readonly hasMore: boolean
  /** Bytes of a line that has no terminator yet. */
  readonly pendingBytes: number
  /** When the file was last written, in milliseconds since 1970, as its file system says. */
  readonly writtenMs: number
}

/** The fields of a read that went to the end of the file, in the same generation as the read before. */
export const TO_THE_END = { isNewGeneration: false, gap: null, hasMore: false, pendingBytes: 0 } as const

/** What the user has configured about how files are read and judged. */
export interface Rules {
  /** The ε of the clipped cross-entropy. */
  readonly epsilon: number
  readonly detectors: DetectorSettings
  /** The formats in which files are read. */
  readonly formats: FormatSet
  /** The rules that the user wrote. */
  readonly userRules?: readonly UserRule[]
  /** Settings of detectors for some runs and metrics only. */
  readonly overrides?: readonly Override[]
}
