import { describe, expect, test } from 'vitest'
import { ENDS_COUNTED, ENDS_FROM_ZERO, ENDS_UNREAD, UNREAD_NO_ENDS } from './end-counts-logs.ts'
import { loss } from './end-words.ts'
import { endedRun } from './ended-run.ts'

const PIECES_BYTES = [Number.POSITIVE_INFINITY, 37, 200]
/** Every so manieth line is one after which the job is killed. */
const KILLED_EACH = 4

function expectState(text: string, state: string): void {
  for (const bytes of PIECES_BYTES) expect(endedRun(text, bytes)).toMatchObject({ state, severity: null })
}

describe('a count ends', () => {
  for (const [name, text] of Object.entries({ ...ENDS_FROM_ZERO, ...ENDS_COUNTED, ...ENDS_UNREAD })) {
    test(name, () => expectState(text, 'finished'))
    test(`and not before: ${name}`, () => {
      const lines = text.split(/(?<=\n)|(?=\r)/)
      // The last line but one of a loop from 0 may be its last.
      for (let count = 4; count < lines.length - 2; count += KILLED_EACH) {
        const found = endedRun(lines.slice(0, count).join(''), 37)
        expect(found, `after ${count} lines of ${lines.length}`).toMatchObject({ state: 'ended', severity: null })
      }
    })
  }
  test('not where the same count ends in each of many passes', () => {
    const pass = (name: string) => Array.from({ length: 11 }, (_, i) => `${name} ${i * 10}/100 ${loss(i)}\n`).join('')
    for (const name of ['step loss', 'lote pérdida']) expect(endedRun(pass(name).repeat(3), 37).state).toBe('ended')
  })
})

describe('lines that repeat are no training, or it is not over', () => {
  for (const [name, text] of Object.entries(UNREAD_NO_ENDS)) test(name, () => expectState(text, 'ended'))
})
