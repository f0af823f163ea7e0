import { expect, test } from 'vitest'
import { WatchedRun } from './watched-run.ts'

const UNSURE = [
  [0.52, 0.48],
  [0.45, 0.55],
]
const SURE = [
  [0.99999997, 3e-8],
  [2e-9, 0.999999998],
]

/** The rules that speak of a log whose loss leaps from about ln 2 to 0 beside these predictions. */
function rulesOf(predicted: readonly (readonly number[])[], besides = {}): readonly string[] {
  const rows = Array.from({ length: 14 }, (_, step) => {
    const isZero = step >= 6
    const loss = isZero ? 0 : 0.65 + 0.001 * (step % 3)
    const y_pred = isZero ? predicted : UNSURE
    return JSON.stringify({ step, loss, y_true: [0, 1], y_pred, ...(isZero ? besides : {}) })
  })
  const { alerts } = new WatchedRun().read('train.jsonl', `${rows.join('\n')}\n`, true)
  return alerts.map(({ rule }) => rule)
}

test('a loss that leaps to 0 hides no NaN where the predictions beside it give that', () => {
  expect(rulesOf(SURE)).not.toContain('masked-nan')
  expect(rulesOf(SURE, { grad_norm: 0 })).not.toContain('masked-nan')
})

test('it hides one where they do not', () => {
  expect(rulesOf(UNSURE)).toContain('masked-nan')
  expect(rulesOf(UNSURE, { grad_norm: 0 })).toContain('masked-nan')
})
