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
  const reported = records.flatMap((record) => (record.kind === 'batch' ? [record.batch.reportedLoss] : []))
  expect(reported).toEqual([0.75, null])
  expect(records.map(brief)).toEqual(['step 1 loss=0.75', 'batch 1 probs 2x1', 'batch 2 probs 2x1'])
})

const withTruths = [
  { name: 'several labels of a row', head: 'label_0,label_1,label_2,prob_0,prob_1,prob_2' },
  {
    name: 'the truth by the names of the classes',
    head: 'y_true_cat,y_true_dog,y_true_cow,prob_cat,prob_dog,prob_cow',
  },
  { name: 'numbers without a separator, counted from 1', head: 'target1,target2,target3,logit1,logit2,logit3' },
  { name: 'names that do not tell what the guesses are', head: 'labels.0,labels.1,labels.2,pred.0,pred.1,pred.2' },
  { name: 'a truth in another order', head: 'label_2,label_1,label_0,p2,p1,p0' },
]
test.each(withTruths)('a table may hold $name', ({ head }) => {
  const { format, records } = readText(`step,${head}\n4,1,0,1,0.75,0.25,0.5\n4,0,nan,0,0.125,0.5,0.25\n`)
  expect(format).toBe('prediction-table')
  expect(records.map((record) => (record.kind === 'batch' ? [record.batch.n, record.batch.k] : record))).toEqual([
    [2, 3],
  ])
  const [batch] = records
  const labels = batch?.kind === 'batch' && batch.batch.labels.kind === 'soft' ? [...batch.batch.labels.targets] : []
  expect(labels).toEqual([1, 0, 1, 0, Number.NaN, 0])
})

test.each(['step,y_true_0,y_true_1,y_pred_0,y_pred_1', 'step,label_0,label_1,prob_0,prob_1,prob_2', 'step,y1,y2,loss'])(
  '%s is the header of no labels of classes',
  (head) => {
    const { format } = readText(
      `${head}\n1,${head
        .split(',')
        .slice(1)
        .map(() => '0.5')
        .join(',')}\n`,
    )
    expect(format).not.toBe('prediction-table')
  },
)

test('a label that is NaN belongs to the batch that it stands in', () => {
  const classes = readText('step,label,p0,p1\n3,1,0.5,0.5\n3,nan,0.25,0.75\n3,0,0.5,0.5\n')
  expect(classes.records.map(brief)).toEqual(['batch 3 probs 3x2'])
  const shares = readText('step,label,p\n3,0.75,0.5\n3,nan,0.25\n3,1,0.5\n3,,0.5\n')
  expect(shares.records.map(brief)).toEqual(['batch 3 probs 4x1'])
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
