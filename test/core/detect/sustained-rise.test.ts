import { describe, expect, test } from 'vitest'
import { sustainedRise } from '../../../src/core/detect/sustained-rise.ts'
import { testDetector } from './conformance.ts'
import { HEALTHY_CURVES } from './healthy-curves.ts'
import { curve, noise, noisyFall, smoothed } from './noise.ts'
import { findingsIn, lossesOf, seenSample, storyOf } from './observations.ts'

const RISEN = curve(200, () => 1.5)

testDetector(sustainedRise, {
  healthy: lossesOf(noisyFall(300)),
  fault: lossesOf(RISEN),
  poison: [seenSample(Number.NaN), seenSample(Infinity), seenSample(-Infinity)],
})

function plateau(count: number, factor: (index: number) => number): number[] {
  const normal = noise(41)
  return curve(count, (index) => 2 * (1 + 0.05 * normal()) * factor(index))
}

describe('sustained rise', () => {
  for (const { name, values } of HEALTHY_CURVES.filter((one) => one.name !== 'a slow rise')) {
    test(`does not fire on ${name}`, () => expect(storyOf(sustainedRise, lossesOf(values))).toEqual([]))
  }

  test('fires within sixty values of a loss that stays at one and a half times its level', () => {
    const [found] = findingsIn(sustainedRise, lossesOf(plateau(600, (index) => (index < 400 ? 1 : 1.5))))
    expect(found).toMatchObject({ kind: 'raise', severity: 'warning' })
    expect(found!.at.step).toBeGreaterThan(400)
    expect(found!.at.step).toBeLessThanOrEqual(460)
  })

  test('fires within sixty values of growth by two per cent a step, which a spike never is', () => {
    const [found] = findingsIn(sustainedRise, lossesOf(plateau(600, (index) => 1.02 ** Math.max(0, index - 400))))
    expect(found!.at.step).toBeLessThanOrEqual(460)
  })

  const severitiesOf = (levelAt: (index: number) => number, about: object = {}) =>
    findingsIn(
      sustainedRise,
      lossesOf(plateau(900, levelAt)).map((one) => ({ ...one, ...about })),
    ).flatMap((finding) => (finding.kind === 'raise' ? finding.severity : []))

  test('a level of ten times its best is critical where all that was learned is lost', () => {
    expect(severitiesOf((index) => (index < 100 ? 12 - index / 10 : index < 400 ? 1 : 14))).toEqual([
      'warning',
      'critical',
    ])
  })

  test('a loss that only ever rises, as one does that grows with the return, is a warning until it is beyond hope', () => {
    expect(severitiesOf((index) => 1.01 ** index)).toEqual(['warning'])
    expect(severitiesOf((index) => 1.03 ** index)).toEqual(['warning', 'critical'])
  })

  test('what falls as far every other value is a warning, as the errors of a value function that is learned', () => {
    const normal = noise(8)
    const values = curve(1500, (index) => (index < 60 ? 1 : index < 500 ? 0.02 : 1.6) * Math.exp(1.4 * normal()))
    const found = findingsIn(sustainedRise, lossesOf(values)).flatMap((one) =>
      one.kind === 'raise' ? one.severity : [],
    )
    expect(found).toEqual(['warning'])
  })

  test('where the target of the loss moves it is noted, and a warning beyond hope', () => {
    const moving = { hasMovingTarget: true }
    expect(severitiesOf((index) => 1.01 ** index, moving)).toEqual(['info'])
    expect(severitiesOf((index) => 1.03 ** index, moving)).toEqual(['info', 'warning'])
  })

  test('is over when the level has come back', () => {
    const story = storyOf(sustainedRise, lossesOf(plateau(1200, (index) => (index >= 400 && index < 600 ? 2 : 1))))
    expect(story).toEqual([expect.stringMatching(/^raise 4/), expect.stringMatching(/^clear [67]\d\d$/)])
  })

  test('a mean that begins at 0 has not risen, and rises like any other once it has come to rest', () => {
    const from0 = (share: number, factor: (index: number) => number) =>
      storyOf(sustainedRise, lossesOf(smoothed(plateau(1500, factor), share)))
    for (const share of [0.9, 0.98, 0.99, 0.995]) expect(from0(share, () => 1)).toEqual([])
    expect(from0(0.98, (index) => (index < 900 ? 1 : 2))).toEqual([expect.stringMatching(/^raise 9/)])
  })

  test('one value of a thousand times the level is none', () => {
    expect(storyOf(sustainedRise, lossesOf(plateau(800, (index) => (index === 400 ? 1000 : 1))))).toEqual([])
  })

  test('a log of few values is judged by its steps', () => {
    const values = plateau(90, (index) => (index < 40 ? 1 : 2))
    const seen = values.map((value, index) => seenSample(value, { step: 100 * index }))
    expect(storyOf(sustainedRise, seen)).toHaveLength(1)
    expect(storyOf(sustainedRise, lossesOf(values))).toEqual([])
  })

  test('a job that begins again from nothing has not risen', () => {
    const again = noisyFall(300).map((value, step) => seenSample(value, { step, attempt: 1 }))
    expect(storyOf(sustainedRise, [...lossesOf(noisyFall(1000)), ...again])).toEqual([])
  })
})
