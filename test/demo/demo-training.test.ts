import { expect, test } from 'vitest'
import { parseCommandLine } from '../../src/demo/command-line.ts'
import { type TrainingSettings, type TrainingStep, train } from '../../src/demo/demo-training.ts'
import { DEMO_JOBS, type DemoJob } from '../../src/demo/jobs.ts'

const naive = settingsOf(DEMO_JOBS.naive)
const stable = settingsOf(DEMO_JOBS.stable)

test('the naive job trains well, overshoots, and dies of log 0 at step 105', () => {
  const steps = [...train({ ...naive, steps: 200 })]
  const death = steps.findIndex(({ loss }) => !Number.isFinite(loss))
  const healthy = steps.slice(0, death - 3).map(({ loss }) => loss)
  expect(healthy.at(-1)).toBeLessThan(0.05)
  expect(Math.max(...healthy.slice(20))).toBeLessThan(0.3)

  const last = steps[death]!
  expect(last.step).toBe(105)
  expect(last.loss).toBe(Number.POSITIVE_INFINITY)
  expect(last.gradientNorm).toBeNaN()
  expect(last.probs.some((row, i) => row[last.labels[i]!] === 0)).toBe(true)
  expect(last.probs.every((row) => row.every(Number.isFinite))).toBe(true)
  for (const { loss, probs } of steps.slice(death + 1)) expect([loss, probs[0]![0]]).toEqual([Number.NaN, Number.NaN])
})

test('the stable loss passes the step where the naive one dies, at the same learning rate', () => {
  const steps = [...train({ ...naive, loss: 'stable', steps: 120 })]
  expect(steps.every(({ loss, gradientNorm }) => Number.isFinite(loss) && Number.isFinite(gradientNorm))).toBe(true)
})

test('the stable job falls at every step to a loss below 0.1 and an accuracy above 0.95', () => {
  const steps = [...train(stable)]
  expect(steps).toHaveLength(1500)
  for (let i = 1; i < steps.length; i++) expect(steps[i]!.loss).toBeLessThan(steps[i - 1]!.loss)
  expect(steps.at(-1)!.loss).toBeLessThan(0.1)
  expect(steps.at(-1)!.accuracy).toBeGreaterThanOrEqual(0.95)
  expect(steps.at(-1)!.validationLoss).toBeLessThan(0.3)
})

test('equal settings give equal runs, and another seed another one', () => {
  const settings: TrainingSettings = { ...naive, batch: 40, steps: 60 }
  const losses = lossesOf(train(settings))
  expect(lossesOf(train(settings))).toEqual(losses)
  expect(lossesOf(train({ ...settings, seed: 94 }))).not.toEqual(losses)
})

test('the first step is at chance, ln 3', () => {
  const [first] = train(stable)
  expect(first!.loss).toBeCloseTo(Math.log(3), 5)
})

function settingsOf(job: DemoJob): TrainingSettings {
  return parseCommandLine([...job.arguments, '--out', 'unused']).training
}

function lossesOf(steps: Iterable<TrainingStep>): number[] {
  return Array.from(steps, ({ loss }) => loss)
}
