import { describe, expect, test } from 'vitest'
import { CurveCollector } from '../../../src/core/compare/curve-collector.ts'
import { originAt } from '../../../src/core/compare/metric-curve.ts'
import { metricValue } from '../../../src/protocol/value.ts'
import { type Logged, runOf, stepped } from './runs.ts'

function curveOf(values: readonly Logged[]) {
  const [curve] = runOf('a', { loss: values }).curves
  return { axis: curve?.axis, at: [...(curve?.at ?? [])], value: [...(curve?.value ?? [])] }
}

function stepsOf(steps: readonly number[], attempts: readonly number[] = []) {
  return curveOf(steps.map((step, i) => ({ step, value: i, attempt: attempts[i] ?? 0 }))).at
}

describe('the curves of a run', () => {
  test('hold its finite values by their steps, and leave out what is no number', () => {
    const values = [3, Number.NaN, 2, Infinity, 1]
    expect(curveOf(stepped(values, 10))).toEqual({ axis: 'step', at: [0, 20, 40], value: [3, 2, 1] })
  })

  test('a later attempt takes the place of the steps that it repeats', () => {
    const steps = [1, 2, 3, 4, 3, 4, 5]
    const attempts = [0, 0, 0, 0, 1, 1, 1]
    expect(curveOf(steps.map((step, i) => ({ step, value: i, attempt: attempts[i]! })))).toEqual({
      axis: 'step',
      at: [1, 2, 3, 4, 5],
      value: [0, 1, 4, 5, 6],
    })
  })

  test('a value that turned out to belong to the next attempt is counted there', () => {
    const collector = new CurveCollector('a')
    const steps = [1, 2, 3, 2, 3]
    for (const [ordinal, step] of steps.entries()) {
      const about = { metric: 'loss', role: 'train_loss', value: metricValue(ordinal), offset: null } as const
      collector.add('f', { ...about, step, ordinal, attempt: ordinal === 4 ? 1 : 0 })
    }
    collector.move('f', { metric: 'loss', ordinal: 3, attempt: 1 })
    expect([...collector.curves().curves[0]!.value]).toEqual([0, 3, 4])
  })

  test('steps that begin anew with each epoch count on', () => {
    expect(stepsOf([0, 10, 20, 0, 10, 20, 0, 10])).toEqual([0, 10, 20, 30, 40, 50, 60, 70])
  })

  test('one line out of order begins no epoch', () => {
    expect(stepsOf([1, 2, 4, 3, 5, 6])).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('a log without steps is counted by its values, those that are no numbers included', () => {
    const values = [3, Number.NaN, 1].map((value) => ({ step: null, value }))
    expect(curveOf(values)).toEqual({ axis: 'value', at: [0, 2], value: [3, 1] })
  })

  test('a long log is thinned, and keeps its course and its length', () => {
    const { at, value } = curveOf(stepped(Array.from({ length: 100_000 }, (_, i) => i)))
    expect(at.length).toBeLessThan(20_000)
    expect(at.at(-1)).toBeGreaterThan(99_900)
    expect(value).toEqual(at)
  })

  test('know where each value was read', () => {
    const [curve] = runOf('a', { loss: stepped([3, 2, 1], 5) }).curves
    expect(originAt(curve!, 7)).toMatchObject({ step: 5, attempt: 0, offset: 10 })
    expect(originAt(curve!, -1)).toMatchObject({ step: 0 })
  })

  test('are those of losses and accuracies only, while every name is known', () => {
    const run = runOf('a', { loss: stepped([1]), lr: stepped([1]), d_loss: stepped([1]), acc: stepped([1]) })
    expect(run.curves.map(({ metric }) => metric)).toEqual(['loss', 'd_loss', 'acc'])
    expect([...run.metrics]).toEqual(['loss', 'lr', 'd_loss', 'acc'])
  })
})
