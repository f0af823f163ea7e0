import { expect, test } from 'vitest'
import { CAUSE } from '../../../src/core/causes/index.ts'
import { rounding } from '../../../src/core/measure/rounding.ts'
import { metricValue } from '../../../src/protocol/value.ts'
import { batchOf } from '../measure/batches.ts'
import { causesOf } from './searched-job.ts'

const half = rounding('float16')

/** A NaN beside a 0 of another class in a dump of float16, below losses that are printed so. */
function shown(printed: (loss: number) => number, count = 4) {
  const probs = (step: number) =>
    [0, 1, 2].map((row) => {
      const p = 0.31 + 0.05 * row + 0.037 * step
      return [half(p), half(1 - p)]
    })
  const sound = [0, 1, 2, 3].slice(0, count).map((step) => {
    const loss = -probs(step).reduce((sum, row, i) => sum + Math.log(row[i % 2]!), 0) / 3
    return {
      ...batchOf('probs', probs(step), [0, 1, 0]),
      dtype: 'float16' as const,
      reportedLoss: metricValue(printed(loss)),
    }
  })
  const failed = { ...batchOf('probs', [[1, 0], ...probs(1).slice(1)], [0, 1, 0]), dtype: 'float16' as const }
  return causesOf([...sound, { ...failed, reportedLoss: metricValue(Number.NaN) }]).at(-1)
}

test('an ε is lost where the losses are of float16 as well, in full and in four decimals', () => {
  const lost = { kind: 'cause', code: CAUSE.epsilonLostInFloat16 }
  expect(shown(half)).toMatchObject(lost)
  expect(shown((loss) => Number(half(loss).toFixed(4)))).toMatchObject(lost)
})

test('where the losses are none, the log has rounded the predictions: nothing is named for sure', () => {
  for (const printed of [Math.fround, (loss: number) => Number(loss.toFixed(4))]) {
    const found = shown(printed)
    if (found?.kind === 'cause') expect(found).toMatchObject({ confidence: 'weak' })
    expect(found).not.toMatchObject({ code: CAUSE.epsilonLostInFloat16 })
  }
})

test('a dump of float16 alone does not show that a loss is computed in it', () => {
  const found = shown(half, 0)
  if (found?.kind === 'cause') expect(found).toMatchObject({ confidence: 'weak' })
})
