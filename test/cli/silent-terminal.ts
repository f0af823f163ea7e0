import { Readable } from 'node:stream'
import type { Terminal } from '../../src/cli/terminal.ts'

/** A terminal that shows nothing and is asked nothing. */
export const SILENT_TERMINAL: Terminal = {
  stdout: () => undefined,
  stderr: () => undefined,
  stdin: Readable.from([]),
  hasColor: false,
  isInteractive: false,
  columns: 80,
  signal: new AbortController().signal,
}
