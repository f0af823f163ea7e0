import { expect, test } from 'vitest'
import type { Detector, DetectorInput } from '../../../src/core/detect/detector.ts'
import { perAttempt } from '../../../src/core/detect/per-attempt.ts'
import { unchanged } from '../../../src/core/detect/rule.ts'
import { seenBatch, seenMask, seenSample } from './observations.ts'

type SumState = { readonly attempt: number; readonly sum: number; readonly firing: boolean }

const START: SumState = { attempt: 0, sum: 0, firing: false }

/** Adds up what it is shown. */
const sum: Detector<'sum', null, Record<string, never>, SumState> = perAttempt({
  name: 'sum',
  version: 1,
  defaults: {},
  needs: ['samples'],
  document: { about: '', watches: '', fires: () => '', severity: () => '' },
  headline: () => '',
  roles: ['train_loss'],
  start: START,
  kept: ({ firing }) => ({ firing }),
  fold: (state, { value }) => unchanged({ ...state, sum: state.sum + value }),
})

function folded(state: SumState, seen: DetectorInput): SumState {
  return sum.step(state, seen, {}).state
}

test('finite values of its roles are folded in, and nothing else is', () => {
  expect(folded(START, seenSample(2))).toEqual({ attempt: 0, sum: 2, firing: false })
  const others = [
    seenSample(Number.NaN),
    seenSample(Infinity),
    seenSample(2, { isBehind: true }),
    seenSample(2, { role: 'val_loss' }),
    seenBatch([0.5]),
    seenMask(1),
  ]
  for (const seen of others) expect(folded(START, seen)).toBe(START)
  expect(sum.watches('sample', 'loss', 'train_loss')).toBe(true)
  expect(sum.watches('sample', 'loss', 'val_loss')).toBe(false)
  expect(sum.watches('hidden', 'loss', 'train_loss')).toBe(false)
})

test('a new attempt begins anew with what is kept', () => {
  const firing = { attempt: 0, sum: 40, firing: true }
  expect(folded(firing, seenSample(2, { attempt: 0 }))).toEqual({ attempt: 0, sum: 42, firing: true })
  expect(folded(firing, seenSample(2, { attempt: 1 }))).toEqual({ attempt: 1, sum: 2, firing: true })
})
