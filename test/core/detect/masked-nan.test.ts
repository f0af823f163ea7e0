import { expect, test } from 'vitest'
import { maskedNan } from '../../../src/core/detect/masked-nan.ts'
import type { Finite } from '../../../src/protocol/value.ts'
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

/** Losses of 0.7, of which those from `from` on are 0, and then `after` others. */
function zeros(count: number, after: number): readonly number[] {
  return [0.7, 0.6, 0.7, ...Array.from({ length: count }, () => 0), ...Array.from({ length: after }, () => 0.7)]
}

test('a loss that comes back from 0 by itself was none: its alert says so, and longer rows are needed from then on', () => {
  const twice = [...zeros(4, 20), ...zeros(8, 20), ...zeros(40, 0)]
  const found = findingsIn(maskedNan, lossesOf(twice))
  expect(found).toMatchObject([
    { kind: 'raise', severity: 'warning', at: { step: 4 } },
    { kind: 'clear', calledOff: expect.stringMatching(/^The loss came back from 0 by itself/) },
    { kind: 'raise', severity: 'warning', facts: { inARow: 24 } },
  ])
})

test('what a gradient norm that is not finite has shown is not called off', () => {
  const visible = Array.from({ length: 12 }, (_, i) => seenSample(1, { step: 41 + i }))
  const found = findingsIn(maskedNan, [...healthy, ...hidden(40, 1), ...visible])
  expect(found.at(-1)).toEqual(expect.objectContaining({ kind: 'clear' }))
  expect(found.at(-1)).not.toHaveProperty('calledOff')
})

test('zeros beside a gradient norm of 0 may be empty batches: they are critical after ten times as many', () => {
  const doubtful = (count: number) =>
    hidden(40, count).map((seen) => (seen.kind === 'hidden' ? { ...seen, isDoubtful: true } : seen))
  const severities = (count: number) =>
    findingsIn(maskedNan, [...healthy, ...doubtful(count)]).map((one) => one.kind === 'raise' && one.severity)
  expect(severities(60)).toEqual(['warning'])
  expect(severities(120)).toEqual(['warning', 'critical'])
  const back = Array.from({ length: 12 }, (_, i) => seenSample(1, { step: 61 + i }))
  expect(findingsIn(maskedNan, [...healthy, ...doubtful(20), ...back]).at(-1)).toHaveProperty('calledOff')
})

test.each([
  ['its target moves', { hasMovingTarget: true }],
  ['a gradient norm above 0 stands beside it', { gradientNorm: 0.1 as Finite }],
])('a loss of exactly 0 hides nothing where %s', (_, about) => {
  const seen = lossesOf(zeros(30, 20)).map((one) => ({ ...one, ...about }))
  expect(storyOf(maskedNan, seen)).toEqual([])
})

test('a loss that a log with few decimals rounds to 0 hides no NaN, and one that falls from far above does', () => {
  const rounded = lossesOf([0.31, 0.2, 0.12, 0.06, 0.03, 0.02, 0.01, 0.01, 0, 0, 0, 0])
  expect(findingsIn(maskedNan, rounded)).toEqual([])
  const sudden = lossesOf([0.31, 0.3, 0.28, 0.29, 0, 0])
  expect(findingsIn(maskedNan, sudden)).toMatchObject([{ severity: 'warning', facts: { reason: 'zero-loss' } }])
  const precise = lossesOf([0.051234, 0.048213, 0.039912, 0, 0])
  expect(findingsIn(maskedNan, precise)).toMatchObject([{ severity: 'warning' }])
})

/** Losses as a log prints them, one after another; a 0 of more than one decimal may be a small number. */
function printed(text: string, gradientNorms?: readonly number[]) {
  return text.split(' ').map((word, step) => {
    const decimals = /^0\.(0{2,})$/.exec(word)?.[1]?.length
    const norm = gradientNorms === undefined ? {} : { gradientNorm: (gradientNorms[step] ?? 0) as Finite }
    return { ...seenSample(Number(word), { step }), zeroDecimals: decimals, ...norm }
  })
}

test.each([
  ['by quick steps', '0.5231 0.1904 0.0427 0.0091 0.0027 0.0000 0.0000 0.0000'],
  ['after one easy batch', '1.3120 0.7410 0.0006 0.3302 0.0000 0.0000 0.0000'],
  ['from a first epoch that is all that was learnt', '0.3177 0.0000 0.0000 0.0000 0.0000'],
  ['from a first error of a line through points', '27.14 0.00 0.00 0.00'],
  ['with three decimals', '0.913 0.418 0.102 0.031 0.000 0.000 0.000'],
  ['in all digits of a float32', '0.48122 0.031744 1.4123e-4 3.5762e-7 0 0 0'],
  ['by leaps of a large learning rate', '6.1140 1.2033 0.0000 0.0000 0.1911 0.0000 0.0000 0.0000'],
])('a loss that comes down to 0 hides no NaN: %s', (_, text) => {
  expect(findingsIn(maskedNan, printed(text))).toEqual([])
  expect(findingsIn(maskedNan, printed(text, []))).toEqual([])
})

test.each([
  ['from 2.3, twice read', '2.3107 2.3021 0.0000 0.0000'],
  ['from the only loss before it', '2.3107 0.0 0.0'],
  ['in two decimals', '1.91 1.88 1.90 0.00 0.00'],
  ['in mid-course', '2.2871 1.7604 1.1203 0.7717 0.6012 0.0000 0.0000'],
  ['of a float32', '0.51277351 0.48881245 0.50122076 0.0 0.0'],
])('a loss that leaps to exactly 0 hides one: %s', (_, text) => {
  expect(findingsIn(maskedNan, printed(text))).toMatchObject([{ severity: 'warning', facts: { reason: 'zero-loss' } }])
})

test('a loss of exactly 0 hides nothing where the predictions beside it give that', () => {
  const seen = lossesOf(zeros(30, 0)).map((one) => ({ ...one, arePredictionsRight: true }))
  expect(findingsIn(maskedNan, seen)).toEqual([])
})
