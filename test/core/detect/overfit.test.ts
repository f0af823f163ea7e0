import { describe, expect, test } from 'vitest'
import { overfit } from '../../../src/core/detect/overfit.ts'
import { testDetector } from './conformance.ts'
import { curve, noise } from './noise.ts'
import { findingsIn, lossesOf, seenSample, storyOf } from './observations.ts'

const about = { role: 'val_loss' as const, metric: 'val_loss' }
const FALL = curve(30, (index) => 2 / (1 + index / 10))

testDetector(overfit, {
  healthy: lossesOf(FALL, about),
  fault: lossesOf(
    curve(16, (index) => 0.6 + index / 10),
    about,
  ),
  poison: [seenSample(Number.NaN, about), seenSample(Infinity, about)],
})

describe('overfit', () => {
  test('fires at the fifth evaluation in a row that is well above the best one', () => {
    const seen = lossesOf([2, 1.5, 1, 1.2, 1.3, 1.4, 1.5, 1.6], about)
    expect(findingsIn(overfit, seen)).toMatchObject([
      { kind: 'raise', severity: 'warning', at: { step: 7 }, facts: { best: 1, bestStep: 2, inARow: 5 } },
    ])
  })

  test('is over with a new best', () => {
    const seen = lossesOf([2, 1, 1.2, 1.3, 1.4, 1.5, 1.6, 0.9], about)
    expect(storyOf(overfit, seen)).toEqual(['raise 6', 'clear 7'])
  })

  test('evaluations that go up and down are none', () => {
    const seen = lossesOf(
      curve(100, (index) => (index % 2 === 0 ? 1 : 1.5)),
      about,
    )
    expect(storyOf(overfit, seen)).toEqual([])
  })

  test('the value before, which a log carries forward, is no evaluation', () => {
    const carried = (values: readonly number[]) =>
      lossesOf(
        values.flatMap((value) => curve(6, () => value)),
        about,
      )
    expect(storyOf(overfit, carried([1.2, 1, 0.9, 1.04, 0.8, 0.75]))).toEqual([])
    expect(storyOf(overfit, carried([2, 1.5, 1, 1.2, 1.3, 1.4, 1.5, 1.6]))).toEqual(['raise 42'])
  })

  describe('with several trainings in one log', () => {
    const folded = (values: readonly number[], attempt: number, from = 0) =>
      // The first of an attempt is not known for one yet.
      values.map((value, at) =>
        seenSample(value, { ...about, attempt, step: from + at, isBehind: attempt > 0 && at === 0 }),
      )
    const fall = curve(12, (index) => 0.85 + 0.8 * Math.exp(-index / 3))
    const turned = [1, 1.1, 1.2, 1.3, 1.4, 1.5]

    test('the best of one does not judge the next', () => {
      expect(storyOf(overfit, [...folded(fall, 0), ...folded(fall, 1)])).toEqual([])
      expect(storyOf(overfit, [...folded([0.9, 0.95], 0), ...folded(fall, 1)])).toEqual([])
    })

    test('each is judged, and the next one begins without what was said of the one before', () => {
      const story = storyOf(overfit, [...folded(fall, 0), ...folded([...fall, ...turned], 1), ...folded(fall, 2)])
      expect(story).toEqual(['raise 16', 'clear 1'])
    })

    test('a job that goes on from a checkpoint after the best one keeps that', () => {
      const resumed = [...folded([...fall, ...turned.slice(0, 3)], 0), ...folded(turned, 1, 13)]
      expect(storyOf(overfit, resumed)).toEqual(['raise 15'])
    })

    test('epochs that begin again show the next one where steps do not', () => {
      const inEpochs = (values: readonly number[]) =>
        values.map((value, epoch) => ({ ...seenSample(value, { ...about, step: 99 }), epoch }))
      expect(storyOf(overfit, [...inEpochs(fall), ...inEpochs(fall)])).toEqual([])
      expect(storyOf(overfit, [...inEpochs(fall), ...inEpochs([...fall, ...turned])])).toEqual(['raise 99'])
    })
  })

  test('says nothing of a loss that may be negative', () => {
    expect(storyOf(overfit, lossesOf([-1, -2, -1, -1, -1, -1, -1, -1, -1], about))).toEqual([])
  })

  test('noise around a level is none, however lucky one evaluation was', () => {
    const warned = (level: (index: number) => number) =>
      curve(100, (seed) => {
        const normal = noise(seed)
        const values = curve(300, (index) => level(index) * (1 + 0.05 * normal()))
        return Math.min(1, storyOf(overfit, lossesOf(values, about)).length)
      }).reduce((sum, one) => sum + one, 0)
    expect(warned((index) => 0.3 + 2 / (1 + index / 8))).toBe(0)
    expect(warned(() => 1)).toBeLessThan(8)
    expect(warned((index) => 0.5 + 2 / (1 + index / 3) + Math.max(0, index - 120) / 250)).toBe(100)
  })
})
