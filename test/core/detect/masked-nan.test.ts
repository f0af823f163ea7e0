import { expect, test } from 'vitest'
import { maskedNan } from '../../../src/core/detect/masked-nan.ts'
import { testDetector } from './conformance.ts'
import { findingsIn, lossesOf, seenMask, seenSample, storyOf } from './observations.ts'

const healthy = lossesOf(Array.from({ length: 40 }, (_, step) => 2 - step / 40))

testDetector(maskedNan, {
  healthy,
  fault: [seenSample(0, { step: 40 }), seenMask(40)],
  poison: lossesOf([Number.NaN, Number.POSITIVE_INFINITY, 0]),
})

/** As the Hugging Face Trainer logs it: a loss of 0, and what betrays it. */
function hidden(from: number, count: number) {
  return Array.from({ length: count }, (_, i) => [seenSample(0, { step: from + i }), seenMask(from + i)]).flat()
}

test('one hidden value is a warning', () => {
  const [finding] = findingsIn(maskedNan, [...healthy, ...hidden(40, 1)])
  expect(finding).toMatchObject({ kind: 'raise', severity: 'warning', at: { step: 40, value: 'NaN' } })
})

test('hidden values in a row are a dead run, and become critical', () => {
  const findings = findingsIn(maskedNan, [...healthy, ...hidden(40, 12)])
  expect(findings.map((finding) => finding.kind === 'raise' && finding.severity)).toEqual(['warning', 'critical'])
  expect(findings[1]).toMatchObject({ at: { step: 49 }, facts: { inARow: 10 } })
})

test('a loss that stays visible ends the incident', () => {
  const visible = Array.from({ length: 11 }, (_, i) => seenSample(1, { step: 41 + i }))
  expect(storyOf(maskedNan, [...healthy, ...hidden(40, 1), ...visible])).toEqual(['raise 40', 'clear 51'])
})

test('hidden values with visible ones between them are not in a row', () => {
  const now = Array.from({ length: 30 }, (_, i) => [
    ...hidden(40 + 3 * i, 1),
    seenSample(1, { step: 41 + 3 * i }),
    seenSample(1, { step: 42 + 3 * i }),
  ]).flat()
  expect(findingsIn(maskedNan, now).map((finding) => finding.kind === 'raise' && finding.severity)).toEqual(['warning'])
})

test('a loss of exactly 0 twice in a row, after a level well above, hides a NaN until it is over', () => {
  const seen = lossesOf([0.7, 0.7, 0.7, 0, 0, 0, ...Array.from({ length: 20 }, () => 0.7)])
  expect(storyOf(maskedNan, seen)).toEqual(['raise 4', expect.stringMatching(/^clear 1\d$/)])
  expect(findingsIn(maskedNan, seen)[0]).toMatchObject({ severity: 'warning', facts: { reason: 'zero-loss' } })
})

test('a loss that falls to 0, or is 0 once, hides none', () => {
  const falling = lossesOf(Array.from({ length: 400 }, (_, index) => (index < 200 ? 0.9 ** index : 0)))
  expect(storyOf(maskedNan, falling)).toEqual([])
  expect(storyOf(maskedNan, lossesOf([0.7, 0.7, 0, 0.7, 0, 0.7]))).toEqual([])
})
