import { expect, test } from 'vitest'
import { csv } from '../../../src/core/formats/csv.ts'
import type { Claim } from '../../../src/core/records/format.ts'
import { briefly, parseAll } from './lines.ts'

const files: readonly {
  readonly name: string
  readonly lines: readonly string[]
  readonly results: readonly unknown[]
}[] = [
  {
    name: 'a header and rows',
    lines: ['epoch,step,train_loss,lr', '0,1,1.5,0.05', '0,2,nan,0.05'],
    results: ['skip', ['step 1 epoch 0 train_loss=1.5 lr=0.05'], ['step 2 epoch 0 train_loss=NaN lr=0.05']],
  },
  {
    name: 'a norm between bars in a header of columns',
    lines: ['Iter  Time(s)   Loss    |grad|', '   1     0.50   2.5     1.5', '   2     1.00   nan     1.5'],
    results: ['skip', ['step 1 Time(s)=0.5 Loss=2.5 |grad|=1.5'], ['step 2 Time(s)=1 Loss=NaN |grad|=1.5']],
  },
  {
    name: 'sparse rows: an empty cell and NA are no samples',
    lines: ['step,train_loss,val_loss', '1,0.5,', '2,NA,0.7', '3,,'],
    results: ['skip', ['step 1 train_loss=0.5'], ['step 2 val_loss=0.7'], ['step 3']],
  },
  {
    name: 'a header that is repeated, and one with another column',
    lines: ['step,train_loss', '1,0.5', 'step,train_loss', '2,0.4', 'step,train_loss,lr', '3,0.3,0.1'],
    results: [
      'skip',
      ['step 1 train_loss=0.5'],
      'skip',
      ['step 2 train_loss=0.4'],
      'skip',
      ['step 3 train_loss=0.3 lr=0.1'],
    ],
  },
  {
    name: 'rows of another length as broken',
    lines: ['step,loss', '1,0.5,9', '2'],
    results: ['skip', 'broken-row: 3 cells under a header of 2', 'broken-row: 1 cells under a header of 2'],
  },
  { name: 'tabs', lines: ['iter\tLogloss', '0\t0.27'], results: ['skip', ['step 0 Logloss=0.27']] },
  { name: 'semicolons', lines: ['step;loss', '1;0.5'], results: ['skip', ['step 1 loss=0.5']] },
  {
    name: 'columns of spaces, between which prose is skipped',
    lines: ['#  step      loss    lr', '      0  2.93e+01  1e-3', 'saved a checkpoint', '1000  nan  1e-3'],
    results: ['skip', ['step 0 loss=29.3 lr=0.001'], 'skip', ['step 1000 loss=NaN lr=0.001']],
  },
  {
    name: 'names of two words over columns of spaces, and cells with a unit as no metrics',
    lines: ['      Iter       Train Loss   Remaining Time ', '         1           1.2202            0.03s'],
    results: ['skip', ['step 1 Train Loss=1.2202']],
  },
  {
    name: 'names that are one space apart, where the rows show so many columns',
    lines: ['epoch train_loss   val_loss', '    1       0.75        0.5'],
    results: ['skip', ['epoch 1 train_loss=0.75 val_loss=0.5']],
  },
  {
    name: 'a table that is drawn, whatever lines are between its rows',
    lines: [
      '+-------+------------+',
      '| epoch | train loss |',
      '|-------|-----------:|',
      '|     0 |        1.5 |',
      '+-------+------------+',
      '│     1 │        nan │',
    ],
    results: ['skip', 'skip', 'skip', ['epoch 0 train loss=1.5'], 'skip', ['epoch 1 train loss=NaN']],
  },
  {
    name: 'a line of names and numbers in columns as no header',
    lines: ['22:10:55 step     5 loss   1.6084', '22:10:56 step     6 loss   1.5084'],
    results: ['skip', 'skip'],
  },
  {
    name: 'the index of pandas as no metric, in a file and in print',
    lines: [',loss,val_loss', '0,0.5,0.75', '1,nan,0.75', '   epoch  loss', '0      1   0.5'],
    results: [
      'skip',
      ['step 0 loss=0.5 val_loss=0.75'],
      ['step 1 loss=NaN val_loss=0.75'],
      'skip',
      ['epoch 1 loss=0.5'],
    ],
  },
  {
    name: 'padded names and quoted cells',
    lines: ['"Step" ,  "run 7 - lm_loss",   "a, b"', '"4","12.5","1,000"'],
    results: ['skip', ['step 4 run 7 - lm_loss=12.5 a, b=1000']],
  },
  {
    name: 'words among the cells as no metrics',
    lines: ['step,split,loss', '1,train,0.5'],
    results: ['skip', ['step 1 loss=0.5']],
  },
  {
    name: 'a header below prose that looks like one',
    lines: ['loading data, please wait', 'step\tloss', '1\t0.5'],
    results: ['skip', 'skip', ['step 1 loss=0.5']],
  },
  {
    name: 'rows that nothing counts by their number, from 0 below each header',
    lines: ['train_loss,val_loss', '0.5,0.75', ',', 'nan,', 'train_loss,val_loss', '0.25,'],
    results: [
      'skip',
      ['step 0 train_loss=0.5 val_loss=0.75'],
      ['step 1'],
      ['step 2 train_loss=NaN'],
      'skip',
      ['step 0 train_loss=0.25'],
    ],
  },
  { name: 'rows without a header as nothing', lines: ['1,2,3', '4,5,6'], results: ['skip', 'skip'] },
]
for (const { name, lines, results } of files) {
  test(`csv reads ${name}`, () => {
    expect(parseAll(csv, lines).map(briefly)).toEqual(results)
  })
}

test('a time goes with its row, and seconds stay a metric', () => {
  const [, row] = parseAll(csv, ['Wall time,step,time,loss', '1736856973.5,1,9.97,0.5'])
  expect(row).toMatchObject({
    records: [
      { step: 1, time: '2025-01-14T12:16:13.500Z', scalars: [{ metric: 'time', value: 9.97 }, { metric: 'loss' }] },
    ],
  })
})

const claims: readonly { readonly text: string; readonly previous?: string; readonly claim: Claim }[] = [
  { text: 'epoch,step,train_loss', claim: 'sure' },
  { text: 'step\tloss', claim: 'sure' },
  { text: 'epoch,time,train/box_loss,metrics/mAP_0.5:0.95', claim: 'sure' },
  { text: '1,9.5,0.3,0.5', previous: 'epoch,time,train/box_loss,metrics/mAP_0.5:0.95', claim: 'sure' },
  { text: '0   20  7.25   NaN', previous: '   age  fare  deck', claim: 'no' },
  { text: '0   20  7.25   NaN', previous: '   epoch  loss  acc', claim: 'sure' },
  { text: '1,2,', previous: 'a,b,c', claim: 'sure' },
  { text: '1,2', previous: 'a,b,c', claim: 'no' },
  { text: ',,', previous: 'a,b,c', claim: 'no' },
  { text: '1,2', claim: 'no' },
  { text: 'In each step, the loss, which is high, goes down', claim: 'no' },
  { text: 'step 5, loss 0.5', claim: 'no' },
  { text: 'step=5,loss=0.5', claim: 'no' },
  { text: 'step', claim: 'no' },
]
for (const { text, previous, claim } of claims) {
  test(`${JSON.stringify(text)} below ${JSON.stringify(previous ?? null)} is claimed: ${claim}`, () => {
    expect(csv.claim(text, previous ?? null)).toBe(claim)
  })
}
