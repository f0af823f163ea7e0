import { describe, expect, test } from 'vitest'
import { holdsStep, type StepRuns, withSteps } from '../../../src/core/state/step-runs.ts'
import { seededRandom } from '../../../src/demo/random.ts'

const NOTHING = Number.NEGATIVE_INFINITY

describe('steps as runs of equal distances', () => {
  test('a log that counts evenly is one run', () => {
    const steps = Array.from({ length: 1000 }, (_, at) => 50 * (at + 1))
    const runs = withSteps([], steps, NOTHING)
    expect(runs).toEqual([[50, 50, 50_000]])
    expect([50, 25_000, 50_000].every((step) => holdsStep(runs, step))).toBe(true)
    expect([0, 51, 50_050].some((step) => holdsStep(runs, step))).toBe(false)
  })

  test('are the same whether they are added together or one by one, beyond the room for them as well', () => {
    const random = seededRandom(3)
    for (let round = 0; round < 50; round++) {
      let step = 0
      const steps = Array.from({ length: 200 }, () => {
        step += random() < 0.5 ? 10 : 1 + Math.floor(100 * random())
        return step
      })
      const together = withSteps([], steps, 100)
      const oneByOne = steps.reduce((runs: StepRuns, each) => withSteps(runs, [each], 100), [])
      expect(together).toEqual(oneByOne)
    }
  })
})
