import pc from 'picocolors'

/** Where a command prints: data to `stdout`, words for people to `stderr`. */
export interface Terminal {
  stdout(text: string): void
  stderr(text: string): void
  readonly stdin: AsyncIterable<Uint8Array>
  /** Whether stdout is a terminal that shows colour. */
  readonly hasColor: boolean
  /** Whether stderr is a terminal, where a progress bar may be drawn. */
  readonly isInteractive: boolean
  readonly columns: number
  /** Aborts on SIGINT and SIGTERM. */
  readonly signal: AbortSignal
}

/** 0 fine, 1 failed, 2 usage or configuration, 3 a warning or critical alert. */
export type ExitCode = 0 | 1 | 2 | 3

/** The command line asks for something that cannot be. Says what, where and what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export function paint(terminal: Terminal) {
  return pc.createColors(terminal.hasColor)
}

/**
 * Text from a log or a file name, made safe to print: control characters,
 * which could move the cursor or recolour the screen, become visible.
 */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\t\n]|[\u2028\u2029]/gu, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
