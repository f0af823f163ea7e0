import { describe, expect, test } from 'vitest'
import { areClasses, type BatchReading, settled } from '../../../src/core/measure/batch-reading.ts'
import type { PredictionBatch, PredictionKind } from '../../../src/core/measure/prediction-batch.ts'
import { metricValue } from '../../../src/protocol/value.ts'
import { batchOf, matrix } from './batches.ts'

type Labels = Parameters<typeof batchOf>[2]

function soft(kind: PredictionKind, rows: string, targets: string, reported?: number): PredictionBatch {
  const batch = batchOf(kind, matrix(rows), matrix(targets))
  return reported === undefined ? batch : { ...batch, reportedLoss: metricValue(reported) }
}

function guessed(kind: PredictionKind, rows: string, labels: Labels, about: Partial<PredictionBatch> = {}) {
  return { ...batchOf(kind, matrix(rows), labels), isKindGuessed: true as const, ...about }
}

/** How a file is read after these batches, and the shape of the last of them. */
function readingOf(...batches: readonly PredictionBatch[]) {
  let reading: BatchReading = {}
  let last: PredictionBatch | null = null
  for (const one of batches) {
    if (areClasses(one, reading)) last = null
    else ({ batch: last, reading } = settled(one, reading))
  }
  return { reading, last }
}

const softplus = (z: number) => Math.log1p(Math.exp(z))

describe('whether each class is a question of its own', () => {
  const cases: readonly { name: string; batches: readonly PredictionBatch[]; isMultiLabel: boolean | undefined }[] = [
    {
      name: 'two classes in a row show it',
      batches: [soft('probs', '0.9 0.8 | 0.1 0.2', '1 1 | 0 0')],
      isMultiLabel: true,
    },
    {
      name: 'probabilities that do not sum to 1 show it',
      batches: [soft('probs', '0.3 0.2 | 0.1 0.4', '0 1 | 0 0')],
      isMultiLabel: true,
    },
    {
      name: 'one class in each row is a class',
      batches: [soft('probs', '0.3 0.7 | 0.1 0.9', '0 1 | 1 0')],
      isMultiLabel: false,
    },
    {
      name: 'a row without a class is left out beside probabilities that sum to 1',
      batches: [soft('probs', '0.3 0.7 | 0.1 0.9', '0 1 | 0 0')],
      isMultiLabel: false,
    },
    {
      name: 'of logits the loss shows it',
      batches: [
        soft('logits', '1 -2 | -1 0.5', '1 0 | 0 0', (softplus(-1) + softplus(-2) + softplus(-1) + softplus(0.5)) / 4),
      ],
      isMultiLabel: true,
    },
    {
      name: 'and that rows are left out',
      batches: [soft('logits', '1 -2 | -1 0.5', '1 0 | 0 0', softplus(-3))],
      isMultiLabel: false,
    },
    {
      name: 'a NaN among the targets hides nothing',
      batches: [soft('probs', '0.9 0.8 | 0.1 0.2', '1 1 | NaN 0')],
      isMultiLabel: true,
    },
    {
      name: 'what was shown stays for rows of one class or none',
      batches: [soft('logits', '1 2 | 1 2', '1 1 | 0 1'), soft('logits', '1 2 | 1 2', '0 0 | 0 1')],
      isMultiLabel: true,
    },
    {
      name: 'rows of padding do not change classes into questions',
      batches: [soft('logits', '1 2 | 1 2', '1 0 | 0 1'), soft('logits', '1 2 | 1 2', '0 0 | 0 1')],
      isMultiLabel: false,
    },
    { name: 'a distribution is neither', batches: [soft('probs', '0.3 0.7', '0.1 0.9')], isMultiLabel: undefined },
  ]
  for (const { name, batches, isMultiLabel } of cases) {
    test(name, () => {
      const { reading, last } = readingOf(...batches)
      expect(reading.isMultiLabel).toBe(isMultiLabel)
      expect(last).toMatchObject(isMultiLabel === true ? { k: 1, questions: 2, labels: { kind: 'hard' } } : { k: 2 })
    })
  }
})

describe('what numbers are whose name does not tell it', () => {
  const labels = [1, 0, 1]

  test('whole numbers are probabilities in a file that had such, and else guessed classes', () => {
    const whole = guessed('probs', '1 | 1 | 0', labels, { mayBeClasses: true })
    expect(readingOf(whole).last).toBeNull()
    expect(readingOf(guessed('probs', '0.9 | 0.2 | 0.8', labels), whole).last).toMatchObject({ kind: 'probs', n: 3 })
    const classes = guessed('logits', '2 | 1 | 0', labels, { mayBeClasses: true })
    expect(readingOf(guessed('probs', '0.9 | 0.2 | 0.8', labels), classes).last).toBeNull()
  })

  test('logits are logits in a batch within [0, 1], and in one of NaN', () => {
    const logits = guessed('logits', '3 | -1 | 0.5', labels)
    expect(readingOf(logits, guessed('probs', '0.5 | 0.1 | 0.9', labels)).last?.kind).toBe('logits')
    expect(readingOf(logits, guessed('probs', 'NaN | NaN | NaN', labels)).last?.kind).toBe('logits')
  })

  test('probabilities may be rounded to a little above 1', () => {
    const probs = guessed('probs', '0.5 | 0.1 | 0.9', labels)
    expect(readingOf(probs, guessed('logits', '1.0000001 | 0 | 1', labels)).last?.kind).toBe('probs')
    expect(readingOf(probs, guessed('logits', '4 | 0 | 1', labels)).last?.kind).toBe('logits')
  })

  test('a name that tells it is believed', () => {
    const named = batchOf('probs', matrix('0.5 | 0.1 | 0.9'), labels)
    expect(readingOf(guessed('logits', '3 | -1 | 0.5', labels), named).last?.kind).toBe('probs')
  })
})
