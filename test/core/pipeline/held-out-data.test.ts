import { describe, expect, test } from 'vitest'
import type { Alert } from '../../../src/protocol/alert.ts'
import { jsonLines, WatchedRun } from './watched-run.ts'

const LABELS = [0, 1, 2, 0, 1, 2]
const STEPS = Array.from({ length: 8 }, (_, i) => i)

/** Probabilities that are no round numbers, other ones at each step. */
function probsAt(step: number): number[][] {
  return LABELS.map((_, row) => {
    const weights = [0, 1, 2].map((j) => 1.3 + Math.sin(5 * step + 4 * row + 3 * j + 2))
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    return weights.map((weight) => weight / total)
  })
}

function meanOf(loss: (row: readonly number[], label: number) => number, step: number): number {
  return probsAt(step).reduce((sum, row, i) => sum + loss(row, LABELS[i]!), 0) / LABELS.length
}

const rightLoss = (step: number) => meanOf((row, label) => -Math.log(row[label]!), step)
/** The loss that takes probabilities for logits. */
const twice = (step: number) =>
  meanOf((row, label) => Math.log(row.reduce((sum, p) => sum + Math.exp(p), 0)) - row[label]!, step)

function read(files: Readonly<Record<string, readonly object[]>>): Alert[] {
  const [first, last] = [Object.entries(files), Object.entries(files).reverse()].map((entries) =>
    entries.reduce((run, [file, records]) => run.read(file, jsonLines(...records), true), new WatchedRun()),
  )
  const sorted = ({ alerts }: WatchedRun) => [...alerts].sort((a, b) => a.id.localeCompare(b.id))
  expect(sorted(last!)).toEqual(sorted(first!))
  return first!.alerts
}

/** Predictions with zeros off the truth: alone they would explain a NaN. */
const sure = {
  probs: [
    [1, 0, 0],
    [0.1, 0.9, 0],
  ],
  labels: [0, 1],
}

describe('predictions of held-out data', () => {
  const failing = [
    { step: 1, train_loss: 0.4 },
    { step: 2, train_loss: 'NaN' },
  ]
  for (const [dump, isOfTraining] of [
    ['run/val_preds.jsonl', false],
    ['run/eval/preds.jsonl', false],
    ['run/preds-dev.jsonl', false],
    ['run/predictions_test.jsonl', false],
    ['run/preds.jsonl', true],
    ['run/train/preds.jsonl', true],
  ] as const) {
    test(`${isOfTraining ? 'are none' : 'explain no training loss'} in ${dump}`, () => {
      const alerts = read({ 'run/train.jsonl': failing, [dump]: [{ step: 2, ...sure }] })
      const named = alerts.filter(({ rule }) => rule === 'non-finite').map(({ cause }) => cause?.code)
      expect(named.includes('R2-zero-times-log-zero')).toBe(isOfTraining)
    })
  }

  test('are none in a job that stands in a folder `test`', () => {
    const alerts = read({ '/test/run/train.jsonl': failing, '/test/run/preds.jsonl': [{ step: 2, ...sure }] })
    expect(alerts).toMatchObject([{ cause: { code: 'R2-zero-times-log-zero' } }])
  })

  test('are compared with the validation loss of their step in another file', () => {
    const log = STEPS.map((step) => ({ step, train_loss: 0.9 + step / 7, val_loss: twice(step) }))
    const dump = STEPS.map((step) => ({ step, probs: probsAt(step), labels: LABELS }))
    expect(read({ 'run/train.jsonl': log, 'run/val_preds.jsonl': dump })).toMatchObject([
      { rule: 'mismatch', severity: 'warning', cause: { code: 'R14-double-softmax' } },
    ])
    expect(read({ 'run/train.jsonl': log, 'run/preds.jsonl': dump })).toEqual([])
  })

  test('may stand in the record of both losses: the validation loss that they give is theirs', () => {
    const record = (step: number) => ({ step, train_loss: 0.8 * rightLoss(step), probs: probsAt(step), labels: LABELS })
    expect(read({ 'a.jsonl': STEPS.map((step) => ({ ...record(step), val_loss: rightLoss(step) })) })).toEqual([])
    expect(read({ 'a.jsonl': STEPS.map((step) => ({ ...record(step), val_loss: twice(step) })) })).toMatchObject([
      { rule: 'mismatch', cause: { code: 'R14-double-softmax' } },
    ])
    const ofTraining = (step: number) => ({ ...record(step), train_loss: twice(step), val_loss: 1.1 })
    expect(read({ 'a.jsonl': STEPS.map(ofTraining) })).toMatchObject([{ cause: { code: 'R14-double-softmax' } }])
  })

  test('that a record has shown to be such explain no training loss of a later one', () => {
    const shown = { step: 1, train_loss: 0.3, val_loss: rightLoss(1), probs: probsAt(1), labels: LABELS }
    const failed = { step: 2, train_loss: 'NaN', val_loss: 0.2, ...sure }
    const [alert] = read({ 'a.jsonl': [shown, failed] })
    expect(alert?.cause?.code).not.toMatch(/^R/)
  })
})

test('targets outside of [0, 1] are told by losses in another file, be they negative or not', () => {
  const labels = [1, -1, 1, -1, 1]
  const logits = (step: number) =>
    labels.map((label, row) => (step % 2 === 0 ? 2 : -2) * label + Math.sin(3 * step + 2 * row))
  const lossOf = (step: number) =>
    logits(step).reduce((sum, z, i) => sum + Math.max(z, 0) - z * labels[i]! + Math.log1p(Math.exp(-Math.abs(z))), 0) /
    5
  const losses = STEPS.map((step) => ({ step, loss: Number(lossOf(step).toFixed(4)) }))
  expect(new Set(losses.map(({ loss }) => Math.sign(loss))).size).toBe(2)
  const dump = STEPS.map((step) => ({ step, logits: logits(step), labels }))
  const told = read({ 'train.jsonl': losses, 'preds.jsonl': dump }).filter(({ rule }) => rule === 'mismatch')
  expect(told).toMatchObject([{ severity: 'warning', cause: { code: 'R12-target-outside-0-1' } }])
})
