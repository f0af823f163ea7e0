import { expect, test } from 'vitest'
import { readBriefly } from './lines.ts'

const files: readonly {
  readonly name: string
  readonly lines: readonly string[]
  readonly results: readonly string[]
}[] = [
  {
    name: 'the epoch is the step where nothing else is counted',
    lines: ['epoch,train_loss', '0,1.5', '1,nan'],
    results: ['step 0 epoch 0 train_loss=1.5', 'step 1 epoch 1 train_loss=NaN'],
  },
  {
    name: 'in a file that counts steps too an epoch is no step',
    lines: ['epoch 0 step 10 loss 1.5', 'epoch 0 val_loss 1.25', 'epoch 1 step 20 loss 1'],
    results: ['step 10 epoch 0 loss=1.5', 'epoch 0 val_loss=1.25', 'step 20 epoch 1 loss=1'],
  },
  {
    name: 'an epoch that is a progress is no step, even where it is whole',
    lines: ["{'loss': '3.9', 'epoch': '0.5'}", "{'loss': '3.8', 'epoch': '1'}"],
    results: ['epoch 0.5 loss=3.9', 'epoch 1 loss=3.8'],
  },
  {
    name: 'each rank has its own series, and rank 0 the plain names',
    lines: [
      '[rank0]: step 5 loss 1.5',
      '[rank1]: step 5 loss nan',
      'rank 2: step 5 loss 1.25',
      '[default3]:step 5 loss 1',
      '[1,4]<stdout>: step 5 loss 2',
      '[rank1] [titan] 2025-05-28 21:13:37,816 - root - INFO - step: 6  loss: 1.0',
    ],
    results: [
      'step 5 loss=1.5',
      'step 5 rank1/loss=NaN',
      'step 5 rank2/loss=1.25',
      'step 5 rank3/loss=1',
      'step 5 rank4/loss=2',
      'step 6 rank1/loss=1',
    ],
  },
]
for (const { name, lines, results } of files) {
  test(name, () => {
    expect(readBriefly(lines).results).toEqual(results)
  })
}
