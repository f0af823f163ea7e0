import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { alertText } from '../../src/cli/print-alert.ts'
import type { Terminal } from '../../src/cli/terminal.ts'
import type { Alert } from '../../src/protocol/alert.ts'
import { metricValue } from '../../src/protocol/value.ts'

const TERMINAL: Terminal = {
  stdout: () => undefined,
  stderr: () => undefined,
  stdin: Readable.from([]),
  hasColor: false,
  isInteractive: false,
  columns: 80,
  signal: new AbortController().signal,
}
const ALERT: Alert = {
  id: '0abc',
  run: 'exp7',
  rule: 'spike',
  state: 'firing',
  severity: 'warning',
  metric: 'loss',
  role: 'train_loss',
  step: 20,
  attempt: 0,
  file: 'train.log',
  offset: null,
  value: metricValue(29.7),
  time: null,
  detectedAt: '2026-01-01T00:00:00.000Z',
  resolvedAt: null,
  resolvedStep: null,
  headline: 'step 20: loss is 29.7.',
  firstSign: null,
  why: 'It grew.',
  cause: null,
  signs: [],
  partOf: null,
  related: [],
  backfill: false,
}

test('an alert says how severe it is, and how severe it was once it is over', () => {
  for (const severity of ['critical', 'warning', 'info'] as const) {
    const word = severity.toUpperCase()
    expect(alertText({ ...ALERT, severity }, TERMINAL)).toMatch(new RegExp(`^${word} exp7 spike 0abc\n`))
    const over = alertText({ ...ALERT, severity, state: 'resolved', resolvedStep: 30 }, TERMINAL)
    expect(over).toMatch(new RegExp(`^RESOLVED ${word} exp7 spike until step 30 0abc\n`))
  }
})
