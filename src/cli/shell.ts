import type { FollowOutputs } from '../daemon/output-change.ts'
import type { ExitCode, Terminal } from './terminal.ts'

/** What a command has of the world. */
export interface Shell {
  readonly terminal: Terminal
  /** Sets the exit code of a command that ends well in itself, such as 3 for alerts. */
  exit(code: ExitCode): void
  /** To be called by a command that goes on without its terminal and outputs, before it does anything else. */
  outlive(): FollowOutputs
}
