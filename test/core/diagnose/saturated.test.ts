import { expect, test } from 'vitest'
import { saturation } from '../../../src/core/detect/saturation.ts'
import { diagnose } from '../../../src/core/diagnose/diagnose.ts'
import { findingsIn, seenBatch } from '../detect/observations.ts'

const NO_CONTEXT = { trend: { gradNorm: [], learningRate: [], loss: [] }, batch: null }

test('a log(0) that is near is told with the row, its probability, and what to do before it comes', () => {
  const [finding] = findingsIn(saturation, [seenBatch([0.9, 1e-20], { step: 7 })])
  if (finding?.kind !== 'raise') throw new Error('no warning')
  const { headline, why, cause } = diagnose(finding, NO_CONTEXT)
  expect(headline).toBe('step 7: log(0) is near.')
  expect(why).toMatch(/^Row 1 gave its true class a probability of 1e-20/)
  expect(why).toContain('computed from the logits')
  expect(cause).toMatchObject({ code: null, candidates: ['R1-log-zero'] })
})

test('one that is foretold from batches before is told with the probability of theirs', () => {
  const nats = [7, 10, 13].flatMap((peak) => [...Array<number>(4).fill(1), peak, ...Array<number>(5).fill(0.25)])
  const seen = nats.map((worst, step) => seenBatch([0.9, Math.exp(-worst)], { step }))
  const [finding] = findingsIn(saturation, seen)
  if (finding?.kind !== 'raise') throw new Error('no warning')
  const { why, cause } = diagnose(finding, NO_CONTEXT)
  expect(why).toMatch(/^A row of the batches before gave its true class a probability of 0\.00000226/)
  expect(cause?.evidence[0]).toEqual({ name: 'smallestTrueProbability', value: Math.exp(-13) })
})
