import { describe, expect, test } from 'vitest'
import { overfit } from '../../../src/core/detect/overfit.ts'
import type { Finite } from '../../../src/protocol/value.ts'
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

  describe('beside learning rates', () => {
    const beside = (values: readonly (readonly [loss: number, rate: number])[]) =>
      values.map(([value, learningRate], step) => ({
        ...seenSample(value, { ...about, step }),
        learningRate: learningRate as Finite,
      }))
    const down = [0.1, 0.08, 0.05, 0.02, 0.001].map((rate, at) => [1 - at / 10, rate] as const)

    test('a rate that begins anew raises the loss for a while', () => {
      const cycle = [0.1, 0.1, 0.09, 0.08, 0.07, 0.05, 0.02].map((rate) => [0.6 + 4 * rate, rate] as const)
      expect(storyOf(overfit, beside([...down, ...cycle, [0.58, 0.001], ...cycle]))).toEqual([])
    })

    test('so does one that is written before it is used', () => {
      const early = down.map(([loss], at) => [loss, down[at + 1]?.[1] ?? 0.1] as const)
      const cycle = [0.1, 0.1, 0.09, 0.08, 0.07, 0.05, 0.02].map((rate) => [0.6 + 4 * rate, rate] as const)
      expect(storyOf(overfit, beside([...early, ...cycle]))).toEqual([])
    })

    test('a loss that is still high when the rate is down again is told', () => {
      const cycle = [0.1, 0.1, 0.09, 0.08, 0.05, 0.02, 0.001].map((rate, at) => [1.2 + at / 100, rate] as const)
      expect(storyOf(overfit, beside([...down, ...cycle]))).toEqual(['raise 11'])
    })

    test('a rate that only goes down, or warms up, changes nothing', () => {
      const rising = [1.2, 1.3, 1.4, 1.5, 1.6]
      expect(storyOf(overfit, beside([...down, ...rising.map((loss) => [loss, 0.0005] as const)]))).toEqual(['raise 9'])
      const warm = [0.001, 0.002, 0.003].map((rate, at) => [1 - at / 10, rate] as const)
      expect(storyOf(overfit, beside([...warm, ...rising.map((loss) => [loss, 0.1] as const)]))).toEqual(['raise 7'])
    })
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
