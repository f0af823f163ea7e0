import { describe, expect, test } from 'vitest'
import { constantReward } from '../../../src/core/detect/constant-reward.ts'
import type { Role } from '../../../src/protocol/sample.ts'
import { testDetector } from './conformance.ts'
import { curve, noise } from './noise.ts'
import { lossesOf, seenSample, storyOf } from './observations.ts'

const about = { metric: 'rollout/ep_rew_mean', role: 'reward' } as const
const normal = noise(5)
const learning = curve(60, (at) => at + normal())

function story(values: readonly number[], metric: string = about.metric, role: Role = 'reward'): readonly string[] {
  return storyOf(constantReward, lossesOf(values, { metric, role }))
}

testDetector(constantReward, {
  healthy: lossesOf(learning, about),
  fault: lossesOf(
    curve(60, () => -3),
    about,
  ),
  poison: [seenSample(Number.NaN, about), seenSample(-Infinity, about)],
})

describe('a constant reward', () => {
  test('is noted from the beginning, and a warning once it is long', () => {
    expect(story(curve(100, () => 0))).toEqual(['raise 19', 'raise 59'])
  })

  test('is called off when a rare reward comes at last', () => {
    expect(story([...curve(40, () => 0), 1, 0, 0, 0, 1])).toEqual(['raise 19', 'clear 40'])
  })

  test('is told where it stands below what it has been, until it moves', () => {
    expect(story([...learning, ...curve(40, () => -3), -2])).toEqual(['raise 79', 'clear 100'])
  })

  test('is none where the task is solved: the highest reward each time, or nearly so', () => {
    expect(story([...learning, ...curve(100, () => 500)])).toEqual([])
    expect(story([...learning, 500, ...curve(100, () => 498)])).toEqual([])
  })

  test('is none where most episodes end without a reward', () => {
    const uniform = noise(6)
    expect(story(curve(1000, () => (uniform() > 1.6 ? 1 : 0)).slice(1))).toEqual([])
  })

  test('is none of a policy that is only evaluated', () => {
    expect(
      story(
        curve(100, () => 0),
        'eval/mean_reward',
      ),
    ).toEqual([])
  })

  test('is told of groups that have no spread, and not of half of them', () => {
    const shares = curve(80, (at) => (at < 40 ? 0.5 : 1))
    expect(story(shares, 'frac_reward_zero_std', 'zero_std_share')).toEqual(['raise 54'])
    expect(
      story(
        curve(80, () => 0.8),
        'frac_reward_zero_std',
        'zero_std_share',
      ),
    ).toEqual([])
  })
})
