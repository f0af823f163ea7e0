import { describe, expect, test } from 'vitest'
import { jsonLines, WatchedRun } from './watched-run.ts'

const ROWS = 16
const STEPS = Array.from({ length: 12 }, (_, step) => step)
/** What a wrong row costs in the binary cross-entropy of Keras. */
const KERAS = 15.333239

/** Other labels in each batch, of both kinds. */
function labelsAt(step: number): number[] {
  return Array.from({ length: ROWS }, (_, row) => Number((row * 7 + step * 5) % (3 + (step % 4)) > 0))
}

function ones(value: number | number[] = 1): unknown[] {
  return Array.from({ length: ROWS }, () => value)
}

function shareOfWrong(labels: readonly number[]): number {
  return labels.filter((label) => label === 0).length / ROWS
}

function codesOf(
  recordAt: (step: number, labels: number[]) => object,
  labels = labelsAt,
): Set<string | null | undefined> {
  const records = STEPS.map((step) => recordAt(step, labels(step)))
  const { alerts } = new WatchedRun().read('train.jsonl', jsonLines(...records), true)
  return new Set(alerts.map(({ cause }) => cause?.code))
}

const SAME = () => labelsAt(1)
const ONE_UNIT = new Set(['R36-one-unit-softmax'])

describe('a softmax over one unit', () => {
  const costs = (labels: readonly number[], cost: number) => Number((cost * shareOfWrong(labels)).toFixed(5))

  test('is named by probabilities that are 1 from the first batch on, with a loss and without', () => {
    expect(codesOf((step, labels) => ({ step, probs: ones([1]), labels }))).toEqual(ONE_UNIT)
    expect(codesOf((step, labels) => ({ step, loss: costs(labels, KERAS), probs: ones([1]), labels }))).toEqual(
      ONE_UNIT,
    )
  })

  test('and by whole numbers that may be classes, where each wrong row costs what a probability of 1 costs', () => {
    expect(codesOf((step, labels) => ({ step, loss: costs(labels, KERAS), y_pred: ones(), labels }))).toEqual(ONE_UNIT)
    expect(
      codesOf((epoch, labels) => ({ epoch, loss: costs(labels, KERAS), y_pred: ones([1]), labels }), SAME),
    ).toEqual(ONE_UNIT)
    // Squared errors, and the categorical loss of the one class that there is.
    for (const cost of [1, 0]) {
      const codes = codesOf((epoch, labels) => ({ epoch, loss: costs(labels, cost), y_pred: ones([1]), labels }), SAME)
      expect(codes.has('R36-one-unit-softmax')).toBe(true)
    }
  })

  const others: readonly (readonly [name: string, recordAt: (step: number, labels: number[]) => object])[] = [
    [
      'guessed classes of a model that learns',
      (step, labels) => ({ step, loss: 0.7 - step / 50, y_pred: ones(), labels }),
    ],
    ['the same at rest at ln 2', (step, labels) => ({ step, loss: Math.LN2, y_pred: ones(), labels })],
    ['guessed classes without a loss', (step, labels) => ({ step, y_pred: ones(), labels })],
    ['labels of one kind', (step) => ({ step, loss: 1e-7, probs: ones([1]), labels: ones() })],
    [
      'a sigmoid that has saturated',
      (step, labels) => ({
        step,
        loss: costs(labels, 100),
        probs: step === 0 ? labels.map((_, row) => [(row + 1.5) / 20]) : ones([1]),
        labels,
      }),
    ],
    [
      'a sigmoid that is sure of each row',
      (step, labels) => ({ step, loss: 0, probs: labels.map((label) => [label]), labels }),
    ],
  ]
  for (const [name, recordAt] of others) {
    test(`is not named by ${name}`, () => expect(codesOf(recordAt)).not.toContain('R36-one-unit-softmax'))
  }
})
