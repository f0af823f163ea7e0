import { describe, expect, test } from 'vitest'
import { lossScale } from '../../../src/core/detect/loss-scale.ts'
import { testDetector } from './conformance.ts'
import { curve } from './noise.ts'
import { lossesOf, seenSample, storyOf } from './observations.ts'

const about = { role: 'loss_scale' as const, metric: 'loss_scale' }
const HALVINGS = curve(17, (index) => 2 ** (16 - index))

testDetector(lossScale, {
  healthy: lossesOf([...curve(60, () => 65536), 32768, ...curve(60, () => 32768), 65536], about),
  fault: lossesOf(HALVINGS, about),
  poison: [seenSample(Number.NaN, about), seenSample(Infinity, about)],
})

describe('loss scale', () => {
  test('fires when it has fallen a thousandfold without a rise', () => {
    expect(storyOf(lossScale, lossesOf(HALVINGS, about))).toEqual(['raise 10'])
  })

  test('finding its place from a start of 2³² is no collapse where it rises between', () => {
    const values = [2 ** 20, 2 ** 19, 2 ** 18, 2 ** 17, 2 ** 18, 2 ** 17, 2 ** 16, 2 ** 15, 2 ** 16]
    expect(storyOf(lossScale, lossesOf(values, about))).toEqual([])
  })

  test('finding its place by halvings alone is none, and falling on below that is one', () => {
    const found = [...curve(17, (index) => 2 ** (32 - index)), ...curve(40, () => 2 ** 16)]
    expect(storyOf(lossScale, lossesOf(found, about))).toEqual([])
    const lost = curve(29, (index) => 2 ** (32 - index))
    expect(storyOf(lossScale, lossesOf(lost, about))).toEqual(['raise 26'])
  })

  test('a scale of 1 from the beginning is off', () => {
    expect(
      storyOf(
        lossScale,
        lossesOf(
          curve(100, () => 1),
          about,
        ),
      ),
    ).toEqual([])
  })

  test('is over when it has not fallen for a while', () => {
    const values = [...HALVINGS, ...curve(60, () => 1024)]
    expect(storyOf(lossScale, lossesOf(values, about))).toEqual(['raise 10', 'clear 66'])
  })
})
