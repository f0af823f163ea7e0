import { expect, test } from 'vitest'
import { type PredictionReading, readPredictions } from '../../../../src/core/formats/predictions/prediction-record.ts'
import type { RecordObject } from '../../../../src/core/literals/record-value.ts'
import type { Scalar } from '../../../../src/core/records/format.ts'
import { parsePythonJson } from '../../../../src/core/records/python-json.ts'

function read(text: string, reportedLoss: Scalar | null = null): PredictionReading {
  const parsing = parsePythonJson(text)
  if (!parsing.ok) throw new Error(parsing.detail)
  return readPredictions(parsing.value as RecordObject, { step: 7, reportedLoss })
}

const { NaN: nan } = Number
const hard = (...classes: number[]) => ({ kind: 'hard', classes: Float64Array.from(classes) })
const soft = (...targets: number[]) => ({ kind: 'soft', targets: Float64Array.from(targets) })

const batches: readonly { readonly name: string; readonly text: string; readonly batch: object }[] = [
  {
    name: 'rows of classes with class indices',
    text: '{"probs": [[0.1, 0.9], [0.8, 0.2], [0.5, 0.5]], "labels": [1, 0, -100]}',
    batch: { kind: 'probs', n: 3, k: 2, labels: hard(1, 0, -100) },
  },
  {
    name: 'rows of classes with labels in a column',
    text: '{"logits": [[1, 2, 3], [4, 5, 6]], "targets": [[2], [0]]}',
    batch: { kind: 'logits', n: 2, k: 3, labels: hard(2, 0) },
  },
  {
    name: 'rows of classes with distributions',
    text: '{"log_probs": [[-0.1, -2], [-1, -0.5]], "y_true": [[1, 0], [0.1, 0.9]]}',
    batch: { kind: 'log_probs', n: 2, k: 2, labels: soft(1, 0, 0.1, 0.9) },
  },
  {
    name: 'a list of numbers with as many classes',
    text: '{"y_pred": [0.1, 0.9, 0.5], "y": [0, 1, 255]}',
    batch: { kind: 'probs', n: 3, k: 1, labels: hard(0, 1, 255) },
  },
  {
    name: 'a list of numbers with as many booleans',
    text: '{"p": [0.1, 0.9], "y": [false, true]}',
    batch: { kind: 'probs', n: 2, k: 1, labels: hard(0, 1) },
  },
  {
    name: 'a list of numbers with as many fractions',
    text: '{"predictions": [0.1, 0.9], "label": [0.05, 1]}',
    batch: { kind: 'probs', n: 2, k: 1, labels: soft(0.05, 1) },
  },
  {
    name: 'a column of numbers',
    text: '{"probabilities": [[0.1], [0.9]], "labels": [0, 1]}',
    batch: { kind: 'probs', n: 2, k: 1, labels: hard(0, 1) },
  },
  {
    name: 'a column of numbers with a column of labels',
    text: '{"pred_probs": [[0.1], [0.9]], "labels": [[0], [1]]}',
    batch: { kind: 'probs', n: 2, k: 1, labels: hard(0, 1) },
  },
  {
    name: 'whole numbers under a name that guessed classes have, too',
    text: '{"y_pred": [1, 0, 1], "y_true": [1, 1, 0]}',
    batch: { kind: 'probs', n: 3, k: 1, mayBeClasses: true, labels: hard(1, 1, 0) },
  },
  {
    name: 'outputs of no known kind that are logits by their values',
    text: '{"outputs": [[2.5, -1], [0.5, 0.25]], "labels": [0, 1]}',
    batch: { kind: 'logits', n: 2, k: 2, labels: hard(0, 1) },
  },
  {
    name: 'probabilities outside [0, 1], which are named so',
    text: '{"probs": [[2.5, -1.5]], "labels": [0]}',
    batch: { kind: 'probs', n: 1, k: 2, labels: hard(0) },
  },
  {
    name: 'one sample of several classes',
    text: '{"probs": [0.2, 0.3, 0.5], "label": 2}',
    batch: { kind: 'probs', n: 1, k: 3, labels: hard(2) },
  },
  {
    name: 'one sample with its label in a list',
    text: '{"log_softmax": [-0.2, -0.3, -0.5], "labels": [2]}',
    batch: { kind: 'log_probs', n: 1, k: 3, labels: hard(2) },
  },
  {
    name: 'one sample of a binary model',
    text: '{"p": 0.3, "y": 1}',
    batch: { kind: 'probs', n: 1, k: 1, labels: hard(1) },
  },
  {
    name: 'one sample of a binary model that is NaN',
    text: '{"p": NaN, "y": 1}',
    batch: { kind: 'probs', n: 1, k: 1, labels: hard(1) },
  },
  {
    name: 'the positions of a language model',
    text: '{"logits": [[[1, 2], [3, 4], [5, 6]], [[1, 2], [3, 4], [5, 6]]], "labels": [[-100, 1, 0], [-100, -100, 1]]}',
    batch: { kind: 'logits', n: 6, k: 2, labels: hard(-100, 1, 0, -100, -100, 1) },
  },
  {
    name: 'a record of Dataset Cartography',
    text: '{"guid": 12, "logits_epoch_3": [2.1, -0.3], "gold": 1}',
    batch: { kind: 'logits', n: 1, k: 2, labels: hard(1) },
  },
  {
    name: 'NaN and infinities',
    text: '{"probs": [[NaN, Infinity]], "labels": [[NaN, 1]]}',
    batch: { kind: 'probs', n: 1, k: 2, values: Float64Array.of(nan, Infinity), labels: soft(nan, 1) },
  },
  {
    name: 'probabilities and logits, of which the probabilities are read',
    text: '{"logits": [[9, 9]], "probs": [[0.5, 0.5]], "labels": [0]}',
    batch: { kind: 'probs', n: 1, k: 2, values: Float64Array.of(0.5, 0.5), labels: hard(0) },
  },
]
for (const { name, text, batch } of batches) {
  test(`a batch may be ${name}`, () => {
    expect(read(text)).toMatchObject({ kind: 'batch', batch: { step: 7, ...batch } })
  })
}

const refused: readonly { readonly text: string; readonly detail: string }[] = [
  {
    text: '{"probs": [[1, 2], [3]], "labels": [0, 1]}',
    detail: 'probs: row 1 has 1 values where the rows before it have 2',
  },
  { text: '{"probs": [[1, 2]], "labels": [0, 1]}', detail: 'labels of shape [2] do not fit probs of shape [1, 2]' },
  {
    text: '{"probs": [[1, 2]], "labels": [[1, 0, 0]]}',
    detail: 'labels of shape [1, 3] do not fit probs of shape [1, 2]',
  },
  { text: '{"probs": [["a"]], "labels": [0]}', detail: 'probs: character 12: no number' },
  { text: '{"probs": [[1]], "labels": ["cat"]}', detail: 'labels: character 28: no number' },
  { text: '{"probs": [], "labels": [1]}', detail: 'probs holds no numbers' },
  { text: '{"probs": [[0.5, 0.5]]}', detail: 'probs without labels' },
]
for (const { text, detail } of refused) {
  test(`${text} is refused with a reason`, () => {
    expect(read(text)).toEqual({ kind: 'bad', detail })
  })
}

for (const text of [
  '{"loss": 0.5}',
  '{"probs": [], "labels": []}',
  '{"p": 0.05}',
  '{"labels": [1]}',
  '{"predictions": "a", "label": "b"}',
  '{"probs": null, "y": 1}',
]) {
  test(`${text} is no batch`, () => {
    expect(read(text)).toEqual({ kind: 'none' })
  })
}

test('the loss that a record reports belongs to its batch, but not the loss of a batch to one sample', () => {
  const scalar = (metric: string): Scalar => ({ metric, role: 'train_loss', value: 'NaN', raw: 'NaN' })
  const sample = '{"probs": [0.5, 0.5], "label": 1}'
  expect(read('{"probs": [[0.5, 0.5], [1, 0]], "labels": [1, 0]}', scalar('batch_loss'))).toMatchObject({
    batch: { reportedLoss: 'NaN' },
  })
  expect(read(sample, scalar('loss'))).toMatchObject({ batch: { reportedLoss: 'NaN' } })
  expect(read(sample, scalar('batch_loss'))).toMatchObject({ batch: { reportedLoss: null } })
})

test('weights of the rows and of the classes are read with their batch, if there are as many as that', () => {
  const weights = (field: string) => {
    const reading = read(`{"probs": [[0.1, 0.9], [0.8, 0.2], [0.5, 0.5]], "labels": [1, 0, 1], ${field}}`)
    return reading.kind === 'batch' ? reading.batch.weights : reading
  }
  expect(weights('"sample_weight": [1, 0, 2]')).toEqual({ of: 'rows', values: Float64Array.of(1, 0, 2) })
  expect(weights('"class_weights": [1, 3]')).toEqual({ of: 'classes', values: Float64Array.of(1, 3) })
  expect(weights('"class_weights": [1, 3, 4]')).toBeUndefined()
})
