import { describe, expect, test } from 'vitest'
import type { Alert } from '../../../src/protocol/alert.ts'
import { jsonLines, WatchedRun } from '../pipeline/watched-run.ts'

const LABELS = [2, 0]

/** The failure of a loss whose last batch has these rows of logits, after six sound ones. */
function failureOf(last: readonly (readonly (number | string)[])[], labels = LABELS): Alert | undefined {
  const sound = Array.from({ length: 6 }, (_, step) => {
    const rows = [
      [0.31, -0.12 * step, 0.27],
      [0.44, 0.08, -0.19],
    ]
    const losses = rows.map(
      (row, i) => Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0)) - row[LABELS[i]!]!,
    )
    return { step, loss: (losses[0]! + losses[1]!) / 2, logits: rows, labels: LABELS }
  })
  const records = jsonLines(...sound, { step: 6, loss: 'NaN', logits: last, labels })
  return new WatchedRun().read('train.jsonl', records, true).alerts.find(({ rule }) => rule === 'non-finite')
}

const CLOSED = ['-Infinity', '-Infinity', '-Infinity']

describe('a row of logits that are all −∞', () => {
  test('is told as such, and is no softmax that overflows', () => {
    const { cause, why } = failureOf([CLOSED, [0.5, 0.25, -0.75]])!
    expect(cause).toMatchObject({ code: 'R23-zero-over-zero', confidence: 'likely' })
    expect(why).toContain('1 of 2 rows of logits held nothing but −∞ (row 0)')
    expect(why).not.toContain('overflows')
  })

  test('harms nothing where its label is ignored', () => {
    expect(failureOf([CLOSED, [0.5, 0.25, -0.75]], [-100, 0])?.cause?.code).not.toBe('R23-zero-over-zero')
  })

  test('and logits that do overflow are told as before', () => {
    expect(
      failureOf([
        [0.5, 190, 0.25],
        [0.5, 0.25, -0.75],
      ])!.cause!.code,
    ).toBe('R5-softmax-overflow')
  })
})
