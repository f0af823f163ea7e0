import { describe, expect, test } from 'vitest'
import { nonFinite } from '../../../src/core/detect/non-finite.ts'
import type { Role } from '../../../src/protocol/sample.ts'
import { testDetector } from './conformance.ts'
import { curve, noisyFall } from './noise.ts'
import { findingsIn, lossesOf, seenSample, storyOf } from './observations.ts'

testDetector(nonFinite, {
  healthy: lossesOf(noisyFall(100)),
  fault: [seenSample(Number.NaN)],
  poison: [seenSample(Number.NaN), seenSample(Infinity), seenSample(-Infinity)],
})

describe('non-finite', () => {
  const cases = [
    { name: 'the very first value', values: [Number.NaN], story: ['raise 0'] },
    { name: 'infinity', values: [1, Infinity], story: ['raise 1'] },
    { name: 'minus infinity', values: [1, -Infinity], story: ['raise 1'] },
    { name: 'a NaN that stays is one incident', values: [1, NaN, Infinity, NaN, NaN], story: ['raise 1'] },
    { name: 'ten finite values end it', values: [NaN, ...curve(10, () => 1)], story: ['raise 0', 'clear 10'] },
    { name: 'nine finite values do not', values: [NaN, ...curve(9, () => 1)], story: ['raise 0'] },
    {
      name: 'a NaN among the finite values begins the count again',
      values: [NaN, ...curve(9, () => 1), NaN, ...curve(10, () => 1)],
      story: ['raise 0', 'clear 20'],
    },
    {
      name: 'after a recovery the next NaN is an incident of its own',
      values: [NaN, ...curve(10, () => 1), NaN],
      story: ['raise 0', 'clear 10', 'raise 11'],
    },
    { name: 'huge values are finite', values: [1.7e308, -1.7e308, 0, -0], story: [] },
  ]
  for (const { name, values, story } of cases) {
    test(name, () => expect(storyOf(nonFinite, lossesOf(values))).toEqual(story))
  }

  const severities: readonly { readonly role: Role; readonly metric: string; readonly severity: string }[] = [
    { role: 'train_loss', metric: 'loss', severity: 'critical' },
    { role: 'val_loss', metric: 'eval/loss', severity: 'critical' },
    { role: 'val_loss', metric: 'loss/test', severity: 'warning' },
    { role: 'grad_norm', metric: 'grad_norm', severity: 'warning' },
    { role: 'loss_scale', metric: 'scale', severity: 'warning' },
    { role: 'learning_rate', metric: 'lr', severity: 'warning' },
    { role: 'accuracy', metric: 'acc', severity: 'warning' },
    { role: 'other', metric: 'Loss_cls', severity: 'warning' },
    { role: 'other', metric: 'best_so_far', severity: 'info' },
  ]
  for (const { role, metric, severity } of severities) {
    test(`a NaN in ${metric} is ${severity}`, () => {
      expect(findingsIn(nonFinite, [seenSample(Number.NaN, { role, metric })])).toMatchObject([{ severity }])
    })
  }

  test('a KL divergence that stays NaN beside a policy is noted, and then warned of', () => {
    const kl = (values: readonly number[], hasPolicy: boolean) =>
      lossesOf(values, { role: 'kl', metric: 'kl' }).map((seen) => ({ ...seen, hasPolicy }))
    const severities = (values: readonly number[], hasPolicy = true) =>
      findingsIn(nonFinite, kl(values, hasPolicy)).map((found) => found.kind === 'raise' && found.severity)
    expect(severities([NaN, NaN])).toEqual(['info'])
    expect(severities([0.1, NaN, NaN, NaN, NaN, NaN])).toEqual(['info', 'warning'])
    expect(severities([NaN, 0.1, NaN, 0.1, NaN, 0.1])).toEqual(['info'])
    expect(severities([NaN, NaN, NaN, NaN], false)).toEqual(['info'])
  })

  test('it says what the last finite value was, and where', () => {
    expect(findingsIn(nonFinite, lossesOf([3, 2, Number.NaN]))).toMatchObject([
      { rule: 'non-finite', facts: { lastFinite: 2, lastFiniteStep: 1 }, at: { step: 2, value: 'NaN' } },
    ])
    expect(findingsIn(nonFinite, lossesOf([Number.NaN]))).toMatchObject([{ facts: { lastFinite: null } }])
  })

  test('it leaves the recomputed series to the rule that knows why they are infinite', () => {
    expect(nonFinite.watches('sample', 'nanwatch/cross_entropy', 'other')).toBe(false)
    expect(nonFinite.watches('sample', 'anything', 'other')).toBe(true)
    expect(nonFinite.watches('batch', 'nanwatch/cross_entropy', 'other')).toBe(false)
  })

  test('a sample behind the others is judged like any other: a NaN is a NaN', () => {
    expect(storyOf(nonFinite, [seenSample(Number.NaN, { step: 3, isBehind: true })])).toEqual(['raise 3'])
  })
})
