import { expect, test } from 'vitest'
import { alertText } from '../../src/cli/print-alert.ts'
import { messageOf } from '../../src/protocol/alert.ts'
import { ALERT } from './example-alert.ts'
import { SILENT_TERMINAL } from './silent-terminal.ts'

test('an alert says how severe it is, and how severe it was once it is over', () => {
  for (const severity of ['critical', 'warning', 'info'] as const) {
    const word = severity.toUpperCase()
    expect(alertText({ ...ALERT, severity }, SILENT_TERMINAL)).toMatch(new RegExp(`^${word} exp7 spike 0abc\n`))
    const over = alertText({ ...ALERT, severity, state: 'resolved', resolvedStep: 30 }, SILENT_TERMINAL)
    expect(over).toMatch(new RegExp(`^RESOLVED ${word} exp7 spike until step 30 0abc\n`))
  }
})

test('causes that may be the one are given by title, each with what would show it', () => {
  const choices = [
    { code: 'R25-bad-batch', title: 'A bad batch', confirm: 'Run the steps again without it.' },
    { code: 'R24-exploding-weights', title: 'The weights run away', confirm: 'Lower the learning rate.' },
  ]
  const cause = { code: null, candidates: choices.map(({ code }) => code), choices, evidence: [] }
  const text = alertText({ ...ALERT, cause }, SILENT_TERMINAL)
  expect(text).toContain('  may be R25-bad-batch: A bad batch. Run the steps again without it.\n')
  expect(text).toContain('  may be R24-exploding-weights: The weights run away. Lower the learning rate.\n')
  expect(messageOf({ ...ALERT, cause })).toMatch(
    /It may be: a bad batch \(R25-bad-batch\); the weights run away \(R24-exploding-weights\)\.$/,
  )
})
