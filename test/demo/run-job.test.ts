import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type JobCommand, parseCommandLine } from '../../src/demo/command-line.ts'
import { DEMO_JOBS } from '../../src/demo/jobs.ts'
import { runJob } from '../../src/demo/run-job.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nanwatch-demo-'))
})

afterEach(() => {
  rmSync(directory, { recursive: true })
})

test('a job writes a line of metrics and one of predictions per step, then says that it finished', async () => {
  await runJob(command('--steps', '20', '--batch', '5'), new AbortController().signal)

  const metrics = linesOf('metrics.jsonl').map((line) => JSON.parse(line))
  expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
  expect(Object.keys(metrics[0])).toEqual(['step', 'loss', 'accuracy', 'lr', 'grad_norm'])
  expect(metrics.filter((record) => 'val_loss' in record).map(({ step }) => step)).toEqual([20])

  const predictions = linesOf('predictions.jsonl').map((line) => JSON.parse(line))
  expect(predictions).toHaveLength(20)
  for (const [i, { step, probs, labels, loss }] of predictions.entries()) {
    expect([step, loss, probs.length]).toEqual([metrics[i].step, metrics[i].loss, labels.length])
    const surprises = probs.map((row: number[], n: number) => -Math.log(row[labels[n]]!))
    expect(loss).toBeCloseTo(surprises.reduce((sum: number, surprise: number) => sum + surprise, 0) / 5, 5)
  }

  expect(linesOf('train.log')).toEqual([
    expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d INFO starting: softmax on iris, 120 train rows, /),
    expect.stringMatching(/INFO training finished after 20 steps$/),
  ])
})

test('the naive job writes Infinity and then NaN bare, and trains on to its last step', async () => {
  await runJob(command(...DEMO_JOBS.naive.arguments, '--steps', '110', '--step-ms', '0'), new AbortController().signal)
  const metrics = linesOf('metrics.jsonl')
  expect(metrics[104]).toContain('"step": 105, "loss": Infinity, ')
  expect(metrics[105]).toContain('"step": 106, "loss": NaN, ')
  expect(linesOf('predictions.jsonl')[105]).toContain('"probs": [[NaN, NaN, NaN], ')
  expect(linesOf('train.log').at(-1)).toMatch(/training finished after 110 steps$/)
})

test('an interrupted job stops after the step it is in and says so', async () => {
  const interruption = new AbortController()
  const running = runJob(command('--step-ms', '60000'), interruption.signal)
  interruption.abort()
  await running
  expect(linesOf('metrics.jsonl')).toHaveLength(1)
  expect(linesOf('train.log').at(-1)).toMatch(/INFO training interrupted at step 1$/)
})

function command(...argv: string[]): JobCommand {
  return parseCommandLine([...argv, '--out', directory])
}

function linesOf(file: string): string[] {
  return readFileSync(join(directory, file), 'utf8').trimEnd().split('\n')
}
