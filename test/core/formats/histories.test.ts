import { expect, test } from 'vitest'
import { readBriefly } from './lines.ts'

const told = ['step 0 loss=2.5 val_loss=2.75', 'step 1 loss=1.5 val_loss=2', 'step 2 loss=NaN val_loss=NaN']
const eight = '2.5, 1.5, 1.25, 1, 0.75, 0.5, 0.25, nan'
const files: readonly {
  readonly name: string
  readonly lines: readonly string[]
  readonly results: readonly string[]
}[] = [
  {
    name: 'the history of Keras, printed',
    lines: ['training done', "{'loss': [2.5, 1.5, nan], 'val_loss': [2.75, 2.0, nan]}"],
    results: told,
  },
  {
    name: 'the same by pprint',
    lines: ["{'loss': [2.5,", '          1.5,', '          nan],', " 'val_loss': [2.75, 2.0, nan]}"],
    results: told,
  },
  {
    name: 'a default dict, with the list of its steps',
    lines: ["defaultdict(<class 'list'>, {'steps': [10, 20], 'train_loss': [0.5, inf], 'val_loss': [1.5, inf]})"],
    results: ['step 10 train_loss=0.5 val_loss=1.5', 'step 20 train_loss=Infinity val_loss=Infinity'],
  },
  {
    name: 'a list of records',
    lines: [
      "[{'loss': 0.5, 'step': 10}, {'loss': 0.25, 'step': 20}, {'loss': 0.25, 'step': 30}, {'loss': 0.25, 'step': 40}, {'loss': nan, 'step': 50}]",
    ],
    results: ['step 10 loss=0.5', 'step 20 loss=0.25', 'step 30 loss=0.25', 'step 40 loss=0.25', 'step 50 loss=NaN'],
  },
  {
    name: 'a list under its name that grows is told once',
    lines: [
      `train_losses: [${eight.replace(', nan', ', 0.25')}]`,
      `train_losses: [${eight.replace(', nan', ', 0.25')}, nan]`,
    ],
    results: [
      ...[2.5, 1.5, 1.25, 1, 0.75, 0.5, 0.25, 0.25].map((loss, step) => `step ${step} train_losses=${loss}`),
      'step 8 train_losses=NaN',
    ],
  },
  {
    name: 'a list of NumPy',
    lines: [`Training loss history: [${eight.replaceAll(',', ' ')}]`],
    results: [...[2.5, 1.5, 1.25, 1, 0.75, 0.5, 0.25], 'NaN'].map((loss, step) => `step ${step} Training loss=${loss}`),
  },
  {
    name: 'what the lines of a log have told is not told again',
    lines: ['epoch 1 loss 2.5 val_loss 2.75', "{'loss': [2.5, 1.5], 'val_loss': [2.75, 2.0]}", `losses: [${eight}]`],
    results: ['step 1 epoch 1 loss=2.5 val_loss=2.75'],
  },
  ...[
    "{'loss': ['mse', 'mae'], 'epochs': [10, 20, 30], 'lr': [0.5, 0.25, 0.125]}",
    'loss weights: [1.0, 0.5, 0.25, 0.5, 0.5, 0.5, 0.5, 0.5]',
    'losses: [0.5, 0.25, 0.125]',
    'milestones: [1, 5, 10, 15, 20, 25, 30, 35]',
  ].map((line) => ({ name: `no history: ${line}`, lines: [line, line, line], results: [] })),
]

for (const { name, lines, results } of files)
  test(name, () => {
    expect(readBriefly(lines).results).toEqual(results)
  })
