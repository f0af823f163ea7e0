import { expect, test } from 'vitest'
import { predictionTable } from '../../../src/core/formats/prediction-table.ts'
import { brief, briefly, parseAll, readText } from './lines.ts'

interface Case {
  readonly name: string
  readonly text: string
  readonly records: readonly string[]
  readonly values?: readonly number[]
  readonly labels?: readonly number[]
}

const { NaN: nan } = Number
const cases: readonly Case[] = [
  {
    name: 'a probability of class 1 for each sample, parted by the step',
    text: 'step,truth,guess\n0,0,0.25\n0,1,nan\n1,255,1\n',
    records: ['batch 0 probs 2x1', 'batch 1 probs 1x1'],
    values: [0.25, nan, 1],
    labels: [0, 1, 255],
  },
  {
    name: 'a column for each class beside the class that was guessed',
    text: 'step,truth,guess,p1,p0\n7,1,0,0.25,0.75\n7,0,0,,0.75\n',
    records: ['batch 7 probs 2x2'],
    values: [0.75, 0.25, 0.75, nan],
    labels: [1, 0],
  },
  {
    name: 'classes by their names',
    text: 'id;prob_cat;prob_dog;label\na;0.25;0.75;dog\nb;0.5;0.5;cat\n',
    records: ['batch null probs 2x2'],
    labels: [1, 0],
  },
  {
    name: 'logits with an epoch',
    text: 'epoch\tlabel\tlogit_0\tlogit_1\n1\t0\t2.5\t-inf\n2\t0\t2.5\t1\n',
    records: ['batch 1 logits 1x2', 'batch 2 logits 1x2'],
    values: [2.5, -Infinity, 2.5, 1],
  },
  { name: 'guessed classes, of which no loss can be told', text: 'y_true,y_pred\n1,1\n0,2\n2,2\n', records: [] },
  {
    name: 'how sure a guess was, a step for each row',
    text: 'true_label,pred_label,confidence\n0,394,0.68\n0,0,nan\n',
    records: ['step 0 confidence=0.68', 'step 1 confidence=NaN'],
  },
  {
    name: 'scores that are all 0 or 1',
    text: 'label,score\n1,1\n0,1\n',
    records: ['batch null probs 2x1'],
    values: [1, 1],
  },
]
for (const { name, text, records, values, labels } of cases) {
  test(`a table may hold ${name}`, () => {
    const found = readText(text)
    expect(found.format).toBe('prediction-table')
    expect(found.records.map(brief)).toEqual(records)
    const batches = found.records.flatMap((record) => (record.kind === 'batch' ? [record.batch] : []))
    if (values !== undefined) expect(batches.flatMap((batch) => [...batch.values])).toEqual(values)
    if (labels !== undefined) {
      const classes = batches.flatMap((batch) => (batch.labels.kind === 'hard' ? [...batch.labels.classes] : []))
      expect(classes).toEqual(labels)
    }
  })
}

test('the loss in each row is that of the batch when all rows of it say the same', () => {
  const { records } = readText('step,label,p,loss\n1,1,0.5,0.75\n1,0,0.5,0.75\n2,1,0.5,0.5\n2,0,0.5,0.25\n')
  expect(records.map((record) => record.kind === 'batch' && record.batch.reportedLoss)).toEqual([0.75, null])
})

test('a row that is cut short is a broken row, and the rows after it go on', () => {
  const results = parseAll(predictionTable, ['step,truth,guess', '0,1,0.5', '0,1', '1,0,0.5'])
  expect(results.map(briefly)).toEqual([[], [], 'broken-row: 2 cells under a header of 3', ['batch 0 probs 1x1']])
})

test.each(['step,train_loss,lr', 'epoch,accuracy,loss,val_loss', 'step,label,text', 'a log line, with a label, and p'])(
  '%j is the header of no predictions',
  (line) => {
    expect(predictionTable.claim(line, null)).toBe('no')
  },
)
