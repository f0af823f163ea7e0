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
