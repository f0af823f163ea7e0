import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { alertText } from '../../src/cli/print-alert.ts'
import type { Terminal } from '../../src/cli/terminal.ts'
import { ALERT } from './example-alert.ts'

const TERMINAL: Terminal = {
  stdout: () => undefined,
  stderr: () => undefined,
  stdin: Readable.from([]),
  hasColor: false,
  isInteractive: false,
  columns: 80,
  signal: new AbortController().signal,
}

test('an alert says how severe it is, and how severe it was once it is over', () => {
  for (const severity of ['critical', 'warning', 'info'] as const) {
    const word = severity.toUpperCase()
    expect(alertText({ ...ALERT, severity }, TERMINAL)).toMatch(new RegExp(`^${word} exp7 spike 0abc\n`))
    const over = alertText({ ...ALERT, severity, state: 'resolved', resolvedStep: 30 }, TERMINAL)
    expect(over).toMatch(new RegExp(`^RESOLVED ${word} exp7 spike until step 30 0abc\n`))
  }
})
