import { expect, test } from 'vitest'
import { readBriefly } from './lines.ts'

const files: readonly {
  readonly name: string
  readonly lines: readonly string[]
  readonly results: readonly string[]
}[] = [
  {
    name: 'the metrics below a heading are those of its step',
    lines: [
      '2025-01-01 10:00:00 host:0 olmo_core.train:52 INFO [step=10/1000,epoch=1,eta=1:02:03]',
      '    optim/total grad norm=0.75',
      '    train/CE loss=11.03',
      '2025-01-01 10:00:09 host:0 olmo_core.train:52 INFO [step=20/1000,epoch=1,eta=1:02:03]',
      '    optim/total grad norm=nan',
      '    train/CE loss=nan',
    ],
    results: [
      'step 10 epoch 1 optim/total grad norm=0.75',
      'step 10 epoch 1 train/CE loss=11.03',
      'step 20 epoch 1 optim/total grad norm=NaN',
      'step 20 epoch 1 train/CE loss=NaN',
    ],
  },
  {
    name: 'nothing but counters in brackets is a heading',
    lines: ['[batch=8/30]:', '  loss: 2.25', '  lr: 0.125', '[batch=9/30]:', '  loss: nan', '  lr: 0.125'],
    results: ['step 8 loss=2.25', 'step 8 lr=0.125', 'step 9 loss=NaN', 'step 9 lr=0.125'],
  },
  {
    name: 'of a value and its running average the value is read, and a heading of words ends the block',
    lines: [
      '   --> STEP: 24/36 -- GLOBAL_STEP: 1000025',
      '     | > loss_disc: 3.01874  (3.46002)',
      '     | > loss_gen: nan  (1.98766)',
      '  --> EVAL PERFORMANCE',
      '     | > avg_loss: 2.93308 (+0.00000)',
      ' > EPOCH: 1/1000',
      '     | > avg_loss: 2.8 (+0.00000)',
    ],
    results: ['step 1000025 loss_disc=3.01874', 'step 1000025 loss_gen=NaN', 'avg_loss=2.93308', 'avg_loss=2.8'],
  },
  {
    name: 'a line that was wrapped ends no block, and a rule of dashes does',
    lines: [
      'Learning iteration 7/100',
      '         Computation: 14963 steps/s (collection: 6.4s, learning',
      '0.2s)',
      '    Value function loss: inf',
      '--------------------',
      '         Iteration time: 2.5',
    ],
    results: ['step 7 Computation=14963', 'step 7 Value function loss=Infinity'],
  },
  {
    name: 'of names that end at one place the longest begin at the margin, and a broken bracket ends nothing',
    lines: [
      '====================',
      '        Iteration 7/100',
      '              Speed: 100 (collection: 6.5,',
      'learning: 0.5)',
      '         Total time: 2.5s',
      '         Value loss: nan',
      'Reward/a_longer_name: 0.5',
      '        Mean reward: 1.5',
      '--------------------',
      'Reward/a_longer_name: 0.5',
    ],
    results: [
      'step 7 Speed=100 collection=6.5',
      'step 7 Value loss=NaN',
      'step 7 Reward/a_longer_name=0.5',
      'step 7 Mean reward=1.5',
    ],
  },
  {
    name: 'names that begin at one place leave the margin to other lines',
    lines: ['step 7', '  loss: 0.5', '  mean: 0.5', 'a message of the job: 5', '  loss: 0.5'],
    results: ['step 7 loss=0.5', 'step 7 mean=0.5', 'loss=0.5'],
  },
  {
    name: 'a blank line behind a mark of its process parts nothing',
    lines: [
      '[rank0]: step 7',
      '[rank0]: ',
      '[rank0]:   loss: 0.5',
      '[rank0]: step 8',
      '[rank0]: ',
      '[rank0]:   loss: nan',
    ],
    results: ['step 7 loss=0.5', 'step 8 loss=NaN'],
  },
  {
    name: 'a line between the blocks keeps its own counters',
    lines: ['step 1', '  loss: 0.5', 'step 2 val_loss: 0.6', '  loss: 0.7'],
    results: ['step 1 loss=0.5', 'step 2 val_loss=0.6', 'loss=0.7'],
  },
]
for (const { name, lines, results } of files) {
  test(name, () => {
    expect(readBriefly(lines)).toEqual({ format: 'blocks', results })
  })
}
