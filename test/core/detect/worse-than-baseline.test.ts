import { describe, expect, test } from 'vitest'
import type { Contrast } from '../../../src/core/detect/comparison-rule.ts'
import { sightingOf } from '../../../src/core/detect/detector.ts'
import { headlineOf, stamped } from '../../../src/core/detect/finding.ts'
import { worseThanBaseline } from '../../../src/core/detect/worse-than-baseline.ts'
import { seenSample } from './observations.ts'

/** A run that is plainly worse, from its third window on. */
const WORSE: Contrast = {
  baselines: ['good'],
  pairs: 60,
  place: 300,
  level: 5.78,
  baseline: 1.02,
  difference: 1.6,
  excess: 1.6,
  least: 1.5,
  spread: 0.05,
  error: 0.02,
  windows: [0, 0.01, 1.5, 1.6].map((difference, i) => ({ step: 5 * i, difference })),
}

function judged(contrast: Partial<Contrast>) {
  return worseThanBaseline.judge({ ...WORSE, ...contrast }, worseThanBaseline.defaults)
}

function says(contrast: Partial<Contrast>): string {
  const found = stamped('worse-than-baseline', judged(contrast)!, sightingOf(seenSample(5.78, { step: 300 })))
  return found.kind === 'raise' ? headlineOf(found) : ''
}

describe('worse than baseline', () => {
  test('says where the loss stands, how far above what, and since when', () => {
    expect(says({})).toBe(
      'step 300: loss stands at 5.78, 4.76 above the baseline good (1.02), 32 times its spread, since step 10.',
    )
    expect(says({ baselines: ['a', 'b'], spread: 0.5 })).toBe(
      'step 300: loss stands at 5.78, 4.76 above the 2 baselines (1.02), 3.2 times their spread, since step 10.',
    )
    expect(says({ level: 0.6, baseline: 0.9, spread: 1e-3 })).toContain(
      'stands at 0.6, 0.3 below the baseline good (0.9), more than 1000 times its spread',
    )
  })

  test('says nothing of steps where there are none', () => {
    const windows = (first: number) => [first, 1.6].map((difference) => ({ step: null, difference }))
    expect(says({ windows: windows(1.6) })).toMatch(/spread, from the start\.$/)
    expect(says({ windows: windows(0) })).toMatch(/spread\.$/)
  })

  const silent: readonly { readonly name: string; readonly contrast: Partial<Contrast> }[] = [
    { name: 'a difference that does not matter', contrast: { excess: 0.09, least: 0.09 } },
    { name: 'a run that is only late', contrast: { excess: 0.01 } },
    { name: 'a difference within the noise of the baseline', contrast: { spread: 2 } },
    { name: 'a difference that the noise of the pairs explains', contrast: { error: 0.5 } },
    { name: 'a difference of the last third only', contrast: { least: 0.01 } },
    { name: 'a small difference of few pairs', contrast: { pairs: 12, excess: 0.15, least: 0.15 } },
  ]
  for (const { name, contrast } of silent) {
    test(`does not fire on ${name}`, () => expect(judged(contrast)).toBeNull())
  }

  test('asks for less where several baselines show how far such runs lie apart', () => {
    const little = { excess: 0.06, least: 0.06, spread: 0.01, error: 0.01 }
    expect(judged(little)).toBeNull()
    expect(judged({ ...little, baselines: ['a', 'b', 'c'] })).not.toBeNull()
  })
})
