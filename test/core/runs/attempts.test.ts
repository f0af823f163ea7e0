import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NOT_STARTED, place, type SeriesProgress } from '../../../src/core/runs/attempts.ts'
import { decodeJson, encodeJson } from '../../../src/protocol/json.ts'

interface Point {
  readonly step: number | null
  readonly epoch?: number | null
}

/** The attempt of each sample once all of them are known: a later one may move an earlier one. */
function attemptsOf(points: readonly Point[]): number[] {
  const attempts: number[] = []
  let progress = NOT_STARTED
  for (const { step, epoch = null } of points) {
    const placed = place(progress, step, epoch)
    expect(placed.ordinal).toBe(attempts.length)
    attempts.push(placed.attempt)
    if (placed.alsoInAttempt !== null) attempts[placed.alsoInAttempt] = placed.attempt
    progress = placed.progress
  }
  return attempts
}

function steps(...all: readonly (number | null)[]): Point[] {
  return all.map((step) => ({ step }))
}

function epochs(...all: readonly (readonly [epoch: number, step: number])[]): Point[] {
  return all.map(([epoch, step]) => ({ step, epoch }))
}

const cases: readonly { readonly name: string; readonly points: readonly Point[]; readonly attempts: number[] }[] = [
  { name: 'steps that rise are one attempt', points: steps(1, 2, 3, 10, 20), attempts: [0, 0, 0, 0, 0] },
  { name: 'a first step other than 0 is the first attempt', points: steps(500, 501), attempts: [0, 0] },
  { name: 'a resumed run goes back and stays there', points: steps(1, 2, 3, 2, 3, 4), attempts: [0, 0, 0, 1, 1, 1] },
  { name: 'a resumed run that goes far back', points: steps(8, 9, 4, 5, 6, 7), attempts: [0, 0, 1, 1, 1, 1] },
  { name: 'a run that begins again from nothing', points: steps(8, 9, 0, 1, 2), attempts: [0, 0, 1, 1, 1] },
  { name: 'a resumed run with few logged steps', points: steps(50, 100, 50, 100, 150), attempts: [0, 0, 1, 1, 1] },
  { name: 'a run resumed twice', points: steps(5, 6, 4, 5, 6, 2, 3), attempts: [0, 0, 1, 1, 1, 2, 2] },
  { name: 'a run resumed before the first resumption', points: steps(5, 6, 4, 5, 3, 4), attempts: [0, 0, 1, 1, 2, 2] },
  { name: 'one step out of order is a stray line', points: steps(8, 9, 7, 10, 11), attempts: [0, 0, 0, 0, 0] },
  { name: 'two stray lines, each alone', points: steps(8, 9, 7, 10, 6, 11), attempts: [0, 0, 0, 0, 0, 0] },
  { name: 'a last step that fell has shown nothing yet', points: steps(8, 9, 7), attempts: [0, 0, 0] },
  { name: 'an equal step is another value for it', points: steps(1, 2, 2, 2, 3), attempts: [0, 0, 0, 0, 0] },
  { name: 'a log that names no step', points: steps(null, null, null), attempts: [0, 0, 0] },
  { name: 'a missing step says nothing', points: steps(8, 9, null, 10), attempts: [0, 0, 0, 0] },
  { name: 'a missing step in a resumption', points: steps(8, 9, 4, null, 5), attempts: [0, 0, 1, 0, 1] },
  {
    name: 'a counter that begins again with each epoch',
    points: epochs([1, 1], [1, 2], [1, 3], [2, 1], [2, 2], [3, 1]),
    attempts: [0, 0, 0, 0, 0, 0],
  },
  {
    name: 'an epoch as a fraction that moves on with the step',
    points: epochs([0.1, 10], [0.2, 20], [0.3, 30]),
    attempts: [0, 0, 0],
  },
  {
    name: 'a resumed run whose epoch goes back too',
    points: epochs([0.1, 10], [0.2, 20], [0.3, 30], [0.2, 20], [0.3, 30], [0.4, 40]),
    attempts: [0, 0, 0, 1, 1, 1],
  },
  {
    name: 'a resumed run that logs once an epoch',
    points: epochs([3, 300], [4, 400], [5, 500], [3, 300], [4, 400], [5, 500], [6, 600]),
    attempts: [0, 0, 0, 1, 1, 1, 1],
  },
  {
    name: 'a resumed run with a counter that begins again with each epoch',
    points: epochs([1, 1], [2, 1], [3, 1], [3, 2], [1, 1], [1, 2], [2, 1], [2, 2], [3, 1]),
    attempts: [0, 0, 0, 0, 1, 1, 1, 1, 1],
  },
  {
    name: 'a stray line of an earlier epoch',
    points: epochs([1, 90], [2, 10], [1, 5], [2, 20], [3, 10]),
    attempts: [0, 0, 0, 0, 0],
  },
  {
    name: 'a resumption within an epoch',
    points: epochs([2, 10], [2, 20], [2, 10], [2, 15], [2, 20]),
    attempts: [0, 0, 1, 1, 1],
  },
]

describe('attempts', () => {
  for (const { name, points, attempts } of cases) {
    test(name, () => expect(attemptsOf(points)).toEqual(attempts))
  }

  test('a sample moves at most once, to the attempt that its successor begins', () => {
    let progress: SeriesProgress = NOT_STARTED
    const moves: (number | null)[] = []
    for (const { step } of steps(8, 9, 4, 5, 6)) {
      const placed = place(progress, step, null)
      moves.push(placed.alsoInAttempt)
      progress = placed.progress
    }
    expect(moves).toEqual([null, null, null, 2, null])
  })
})

const point = fc.record({
  step: fc.option(fc.nat(20)),
  epoch: fc.option(fc.nat(3)),
})

test('samples are numbered in order of reading and attempts never fall, whatever the steps', () => {
  fc.assert(
    fc.property(fc.array(point), (points) => {
      let progress: SeriesProgress = NOT_STARTED
      for (const [index, { step, epoch }] of points.entries()) {
        const placed = place(decodeJson(encodeJson(progress)), step, epoch)
        expect(placed.ordinal).toBe(index)
        expect(placed.attempt - progress.attempt).toBeGreaterThanOrEqual(0)
        expect(placed.attempt - progress.attempt).toBeLessThanOrEqual(1)
        progress = placed.progress
      }
    }),
  )
})

test('steps that never fall are one attempt', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5)), (increments) => {
      let step = 0
      const points = increments.map((increment) => {
        step += increment
        return { step }
      })
      expect(attemptsOf(points)).toEqual(points.map(() => 0))
    }),
  )
})
