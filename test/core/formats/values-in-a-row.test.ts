import { expect, test } from 'vitest'
import { readBriefly } from './lines.ts'

interface Case {
  readonly name: string
  readonly lines: readonly string[]
  readonly records: readonly string[]
}

const names: readonly Case[] = [
  {
    name: 'a loss of several words is a name from the last number or comma on',
    lines: [
      'step 4 P loss 0.5, Q loss nan',
      'step 5 loss 0.25 commit loss nan lr 0.5',
      'step 6 pitch loss 0.5 mel stop loss inf',
      'step 7 | loss 0.5 | aux loss 0.25',
      'step 8 train loss 0.5 and unseen loss nan',
    ],
    records: [
      'step 4 P loss=0.5 Q loss=NaN',
      'step 5 loss=0.25 commit loss=NaN lr=0.5',
      'step 6 pitch loss=0.5 mel stop loss=Infinity',
      'step 7 loss=0.5 aux loss=0.25',
      'step 8 train loss=0.5 unseen loss=NaN',
    ],
  },
  {
    name: 'what a number counted is no part of the name behind it, nor is prose',
    lines: [
      'step 4 9 tokens loss 0.5',
      'step 5 took 12 sec loss 0.5',
      'step 6 speed 7 imgs/sec loss 0.5',
      'step 7 seen 64 images loss 0.5',
      'epoch 3 done loss 0.5',
      'step 8 loss 0.5, all of the workers saw a loss 4',
      'step 9 loss 0.5 min loss 0.25',
      'nan loss at epoch 4 iteration 31, going back',
    ],
    records: [
      'step 4 loss=0.5',
      'step 5 took=12 loss=0.5',
      'step 6 speed=7 loss=0.5',
      'step 7 seen=64 loss=0.5',
      'epoch 3 loss=0.5',
      'step 8 loss=0.5',
      'step 9 loss=0.5',
    ],
  },
]

const bareNaN: readonly Case[] = [
  {
    name: 'counts where a record above had a number under that name at that place',
    lines: [
      'step 1 loss 0.5 margin 0.25 items 7',
      'step 2 loss 0.5 margin nan items 7',
      'epoch 3 | loss 0.5 | Seen 2 | Unseen 3',
      'epoch 4 | loss 0.5 | Seen nan | Unseen inf',
    ],
    records: [
      'step 1 loss=0.5 margin=0.25 items=7',
      'step 2 loss=0.5 margin=NaN items=7',
      'epoch 3 loss=0.5 Seen=2 Unseen=3',
      'epoch 4 loss=0.5 Seen=NaN Unseen=Infinity',
    ],
  },
  {
    name: 'is prose under a name that is new, elsewhere in the line, or among other words',
    lines: [
      'step 1 loss 0.5 items 7',
      'step 2 loss 0.5 margin nan',
      'step 3: checking for nan items 7',
      'step 4 items nan check passed, loss 0.5',
      'step 5 loss 0.5 no items nan',
    ],
    records: ['step 1 loss=0.5 items=7', 'step 2 loss=0.5', 'step 4 loss=0.5', 'step 5 loss=0.5'],
  },
]

const counts: readonly Case[] = [
  {
    name: 'a count and a value behind one loss are its step and its value',
    lines: [
      'Train loss 41 0.5 Grad Norm 0.25 1.5s/it',
      'Train loss 42 nan Grad Norm inf 1.5s/it',
      'Validation loss 42: 0.75',
      'loss_g 43 2.5e-3',
    ],
    records: [
      'step 41 Train loss=0.5 Grad Norm=0.25',
      'step 42 Train loss=NaN Grad Norm=Infinity',
      'step 42 Validation loss=0.75',
      'step 43 loss_g=0.0025',
    ],
  },
  {
    name: 'a whole number is the loss where the line counts, and where no value follows',
    lines: [
      'loss 2 1.5s',
      'loss 2 4',
      'loss 2, 1.5',
      'loss: 2 1.5',
      'loss 2 12:30',
      'step 3 loss 2 1.5',
      '7/90 loss 2 1.5',
      '8 loss 2 1.5',
    ],
    records: ['loss=2', 'loss=2', 'loss=2', 'loss=2', 'loss=2', 'step 3 loss=2', 'step 7 loss=2', 'step 8 loss=2'],
  },
]

const spellings: readonly Case[] = [
  {
    name: 'of Julia and C',
    lines: [
      'step=1 loss=2.5f0 eta=0.5',
      'step=2 loss=1.5f',
      'step=3 loss=NaN32, x=2',
      'step=4 loss=-Inf16, x=2',
      'step=5 loss=nanf',
    ],
    records: [
      'step 1 loss=2.5 eta=0.5',
      'step 2 loss=1.5',
      'step 3 loss=NaN x=2',
      'step 4 loss=-Infinity x=2',
      'step 5 loss=NaN',
    ],
  },
  {
    name: 'NA of R is NaN for a training loss that was a number above',
    lines: ['step=1 loss=0.5', 'step=2 loss=NA', 'step=3, loss=NA, acc=NA'],
    records: ['step 1 loss=0.5', 'step 2 loss=NaN', 'step 3 loss=NaN'],
  },
  {
    name: 'NA is nothing before that, nor for what is not measured at each step; nor do words become numbers',
    lines: [
      'step=1 loss=NA',
      'step=2 loss=0.5 val_loss=0.25',
      'step=3 loss=0.25 val_loss=NA',
      'step=4 loss=NAG x=nano32',
    ],
    records: ['step 2 loss=0.5 val_loss=0.25', 'step 3 loss=0.25'],
  },
]

const sentences: readonly Case[] = [
  {
    name: 'a loss is or was a number',
    lines: [
      'iteration 7: loss is 0.5',
      'iteration 8: loss is nan',
      'At step 9 the train loss was 1.0',
      'Epoch 3: val loss is 0.25',
    ],
    records: ['step 7 loss=0.5', 'step 8 loss=NaN', 'step 9 train loss=1', 'epoch 3 val loss=0.25'],
  },
  {
    name: 'no loss is what was best, a count, or the message of a program',
    lines: [
      'step 7 loss 0.5',
      'The best loss was 0.25',
      'the loss is 2 times that',
      'Loss is nan, stopping training',
      'the rate is 0.5',
    ],
    records: ['step 7 loss=0.5'],
  },
]

const units: readonly Case[] = [
  {
    name: 'a unit between a number and the part of a loss that comes next',
    lines: ['step 4 loss_E 0.5 eV loss_F nan eV/A', 'step 5 loss_E 0.25 eV loss_F 0.125 eV/A'],
    records: ['step 4 loss_E=0.5 loss_F=NaN', 'step 5 loss_E=0.25 loss_F=0.125'],
  },
  {
    name: 'stand behind their number, where that has no name',
    lines: [
      'step 3 loss 0.5 120.5 samples/sec 3001.5 tokens/sec',
      'step 4 loss 0.5 7.5 it/s kl loss nan',
      'step 5 loss 0.5 eta: 3 h 12 min lr 0.25',
    ],
    records: ['step 3 loss=0.5', 'step 4 loss=0.5 kl loss=NaN', 'step 5 loss=0.5 lr=0.25'],
  },
  {
    name: 'are names before it',
    lines: ['step 3 samples/sec 120 tokens/sec 300 loss 0.5', 'step 4 acc 0.5 min 0.25 loss 0.75'],
    records: ['step 3 samples/sec=120 tokens/sec=300 loss=0.5', 'step 4 acc=0.5 min=0.25 loss=0.75'],
  },
]

const particles: readonly Case[] = [
  {
    name: 'are no part of the name of a loss',
    lines: ['스텝 3 손실이 0.5', 'ステップ 4 損失が 0.25', '스텝 5 훈련 손실이 nan'],
    records: ['step 3 손실이=0.5', 'step 4 損失が=0.25', 'step 5 훈련 손실이=NaN'],
  },
]

const tables = { names, bareNaN, counts, spellings, sentences, units, particles }

for (const [kind, cases] of Object.entries(tables)) {
  for (const { name, lines, records } of cases) {
    test(`${kind}: ${name}`, () => expect(readBriefly(lines).results).toEqual(records))
  }
}
