import type { RuleCheck } from '../../core/detect/rule-checks.ts'
import type { Alert } from '../../protocol/alert.ts'
import type { ComparedRun } from '../baseline/compared-run.ts'
import type { FileTotals } from '../replay/read-runs.ts'
import type { ReplayFile } from '../replay/replay.ts'
import type { ExitCode, Terminal } from '../terminal.ts'

/**
 * What a file came to, the first that applies: failed for a critical alert, warned for a warning, resolved since or not;
 * no-loss where values were read and in no file of its run a loss, so that nothing is known of its training.
 */
export type FileVerdict = 'failed' | 'warned' | 'no-loss' | 'healthy' | 'no-data'

/** What `check` has to say of one file. */
export interface FileReport {
  readonly file: ReplayFile
  readonly alerts: readonly Alert[]
  /** The deaths of ranks that are part of another alert. Programs are told of them, and people only of the one. */
  readonly deaths: readonly Alert[]
  readonly totals: FileTotals
  readonly verdict: FileVerdict
  /** Which rules could run on it, and why the others could not. */
  readonly checks: readonly RuleCheck[]
  /** How its run was compared; null where no baseline was named. */
  readonly comparison: ComparedRun | null
}

/** A way to print what `check` has found. */
export interface CheckOutput {
  /** Called for each path at which there was nothing to read, or nothing could be. That was told on stderr. */
  unread(path: string, reason: string): void
  /** Called for each file in turn. */
  file(report: FileReport): void | Promise<void>
  /** Called once behind the last file. */
  end(code: ExitCode): void
}

/** Opens an output on a terminal. */
export type OpenCheckOutput = (terminal: Terminal) => CheckOutput
