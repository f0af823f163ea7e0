import type { Override } from '../detect/overrides.ts'
import type { DetectorSettings } from '../detect/settings.ts'
import type { OwnRule } from '../expression/own-rule.ts'
import type { FormatSet } from '../formats/format-set.ts'
import type { Content } from './content.ts'

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
}

export interface Rules {
  /** The ε of the clipped cross-entropy. */
  readonly epsilon: number
  readonly detectors: DetectorSettings
  /** In which formats files are read. */
  readonly formats: FormatSet
  /** The rules that the user wrote. */
  readonly own?: readonly OwnRule[]
  /** What is different for some runs and metrics. */
  readonly overrides?: readonly Override[]
}
