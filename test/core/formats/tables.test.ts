import { expect, test } from 'vitest'
import { readBriefly } from './lines.ts'

const files: readonly {
  readonly name: string
  readonly path?: string
  readonly lines: readonly string[]
  readonly format: string | null
  readonly results: readonly string[]
}[] = [
  {
    name: 'MLflow names the metric in the path, slashes and all',
    path: 'mlruns/1/0a1b/metrics/train/loss',
    lines: ['1679919367140 27.7 2', '1679919368105 nan 4', '1679919368929 6.5'],
    format: 'mlflow',
    results: ['step 2 train/loss=27.7', 'step 4 train/loss=NaN'],
  },
  {
    name: 'the table of Vowpal Wabbit ends with its rows, whatever the summary below it holds',
    lines: [
      'learning rate = 0.5',
      'average  since         example        example        current        current  current',
      'loss     last          counter         weight          label        predict features',
      '1.000000 1.000000            1            1.0         1.0000         0.0000       51',
      'nan      nan                 2            2.0      3:-0:0.05         0:0.25       51',
      '',
      'finished run',
      'average loss = 0.192858',
      'theoretical average variance = inf',
    ],
    format: 'vowpal-wabbit',
    results: ['step 1 average loss=1 since last=1', 'step 2 average loss=NaN since last=NaN'],
  },
  {
    name: 'each loss of spaCy is one, and a warning between the rows ends nothing',
    lines: [
      'E    #       LOSS TEXTCAT  CATS_SCORE  SCORE ',
      '---  ------  ------------  ----------  ------',
      '  0       0          0.25        9.09    0.09',
      'RuntimeWarning: invalid value encountered in subtract',
      '  2      20           nan       32.20    0.32',
      '  4      40           0.2',
    ],
    format: 'ruled-table',
    results: [
      'step 0 epoch 0 LOSS TEXTCAT=0.25 CATS_SCORE=9.09 SCORE=0.09',
      'step 20 epoch 2 LOSS TEXTCAT=NaN CATS_SCORE=32.2 SCORE=0.32',
    ],
  },
  {
    name: 'a table of tabulate has its names at the right of their columns',
    lines: ['  epoch    val loss', '-------  ----------', '      1         0.5', '      2         inf'],
    format: 'ruled-table',
    results: ['step 1 epoch 1 val loss=0.5', 'step 2 epoch 2 val loss=Infinity'],
  },
  {
    name: 'where semicolons part the cells, a comma stands before decimals, be they three',
    lines: ['epoch;loss;lr', '1;2,433;1,0E-03', '2;nan;5,0E-04'],
    format: 'csv',
    results: ['step 1 epoch 1 loss=2.433 lr=0.001', 'step 2 epoch 2 loss=NaN lr=0.0005'],
  },
  {
    name: 'a decimal comma in a cell of tabs, and thousands beside it',
    lines: ['step\tloss', '1,000\t2,5', '2,000\t0,125', '3,000\tnan'],
    format: 'csv',
    results: ['step 1000 loss=2.5', 'step 2000 loss=0.125', 'step 3000 loss=NaN'],
  },
  {
    name: 'a decimal comma in quotes',
    lines: ['epoch,loss', '1,"2,4334"', '2,"nan"'],
    format: 'csv',
    results: ['step 1 epoch 1 loss=2.4334', 'step 2 epoch 2 loss=NaN'],
  },
  {
    name: 'a decimal comma between bars',
    lines: ['| epoch | loss |', '|---|---|', '| 1 | 2,4334 |', '| 2 | nan |'],
    format: 'ruled-table',
    results: ['step 1 epoch 1 loss=2.4334', 'step 2 epoch 2 loss=NaN'],
  },
  {
    name: 'a table of Markdown, in which a cell may hold no number',
    lines: ['Step | Training Loss | kl', '-- | -- | --', '1 | -0.28 | nan', '2 | -0.14 | No Log'],
    format: 'ruled-table',
    results: ['step 1 Training Loss=-0.28 kl=NaN', 'step 2 Training Loss=-0.14'],
  },
  {
    name: 'the same with bars around it and its columns aligned',
    lines: ['| epoch | train loss | val loss |', '|:-----:|-----------:|---------:|', '| 1 | 2.31 | inf |'],
    format: 'ruled-table',
    results: ['step 1 epoch 1 train loss=2.31 val loss=Infinity'],
  },
  {
    name: 'the table of a database',
    lines: [' step | loss', '------+------', '   10 | 2.31', '(1 row)'],
    format: 'ruled-table',
    results: ['step 10 loss=2.31'],
  },
  {
    name: 'a table without a counter is none',
    lines: ['name    loss', '------  ----', 'a       0.5'],
    format: null,
    results: [],
  },
  {
    name: 'a step and a number, in a file named after its losses',
    path: 'out/losses_qwen3.txt',
    lines: ['1 7.5', '2 nan', '3'],
    format: 'columns',
    results: ['step 1 losses_qwen3=7.5', 'step 2 losses_qwen3=NaN', 'step 2 losses_qwen3=3'],
  },
  {
    name: 'numbers alone are counted, and a tag behind one is no column',
    path: 'test.predict',
    lines: ['0.25 PFF/20091028', '1', 'nan'],
    format: 'columns',
    results: ['step 0 test=0.25', 'step 1 test=1', 'step 2 test=NaN'],
  },
  {
    name: 'a file of numbers whose name says nothing is data',
    path: 'embeddings.txt',
    lines: ['1 7.5', '2 nan', '3 1', '4 1'],
    format: null,
    results: [],
  },
]
for (const { name, path, lines, format, results } of files) {
  test(name, () => {
    expect(readBriefly(lines, path)).toEqual({ format, results })
  })
}
