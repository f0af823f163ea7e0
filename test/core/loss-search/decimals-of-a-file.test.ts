import { describe, expect, test } from 'vitest'
import { metricValue } from '../../../src/protocol/value.ts'
import { batchOf } from '../measure/batches.ts'
import { causesOf } from './searched-job.ts'

const EDGES = [
  [1, 0],
  [0, 1],
  [1, 0],
]

/** A batch in which each row is right by so many nats, printed with some decimals. */
function batchAt(margin: number, decimals: number) {
  const p = [margin, 1.1 * margin, 0.9 * margin].map((z) => 1 / (1 + Math.exp(-z)))
  const rows = p.map((one, i) => (i === 1 ? [1 - one, one] : [one, 1 - one]))
  const shown = rows.map((row) => row.map((one) => Number(one.toFixed(decimals))))
  const reportedLoss = metricValue(-p.reduce((sum, one) => sum + Math.log(one), 0) / 3)
  return { ...batchOf('probs', shown, [0, 1, 0]), reportedLoss }
}

describe('a batch that prints only 0 and 1', () => {
  test.each([2, 3, 4])('is as exact as the %d decimals of the batches before', (decimals) => {
    const sound = [1.13, 1.97, 2.71].map((margin) => batchAt(margin, decimals))
    const saturated = [13.1, 13.9, 14.6, 15.2].map((margin) => batchAt(margin, decimals))
    const causes = causesOf([...sound, ...saturated])
    expect(causes).toEqual(causes.map(() => ({ kind: 'nothing' })))
  })

  test('may be of any decimals where no batch has shown another number', () => {
    const losses = [3.1e-6, 1.9e-5, 4.7e-5, 1.2e-4]
    const batches = losses.map((loss) => ({ ...batchOf('probs', EDGES, [0, 1, 0]), reportedLoss: metricValue(loss) }))
    expect(causesOf(batches)).toEqual(losses.map(() => ({ kind: 'nothing' })))
  })

  test('is not right by that where its loss is far from 0', () => {
    const batches = [0.61, 0.87].map((loss) => ({
      ...batchOf('probs', EDGES, [0, 1, 0]),
      reportedLoss: metricValue(loss),
    }))
    expect(causesOf(batches)).toEqual(batches.map(() => ({ kind: 'open', codes: [] })))
  })
})
