import { expect, test } from 'vitest'
import { readBriefly } from './lines.ts'

interface Case {
  readonly name: string
  readonly lines: readonly string[]
  readonly records: readonly string[]
}

const counters: readonly Case[] = [
  ...['t=#', 'k: #', '(#)', '#.', '0# >', '<#>', '@#', '[n=#]', 'cycle #', 'train #', '- #:', 'e#', 'E0#:'].map(
    (head) => ({
      name: `a number at the head that grows counts the lines: ${head}`,
      lines: [4, 8, 9].map((count) => `${head.replace('#', `${count}`)} loss ${count < 9 ? count / 2 : 'nan'}`),
      records: ['step 4 loss=2', 'step 8 loss=4', 'step 9 loss=NaN'],
    }),
  ),
  ...[
    '[3][40/200]',
    'Train [3]: [40/200]',
    'Train: [3][40/200]',
    'net_1x| train: [3][40/200]',
    '[Train][3][40/200]',
    '(3)(40/200)',
    '[3, 40/200]',
    '[3 | 40/200]',
    '[3: 40/200]',
    '[E3][B40/200]',
    '(3/9, 40/200)',
    '(3,   40)',
    '[3][40]',
    'ep003_it00040:',
    'epoch_3/batch_40:',
  ].map((head) => ({
    name: `an epoch and a batch before all names: ${head}`,
    lines: [`${head} loss 0.5 lr 0.25`, `${head.replace('40', '60')} loss nan lr 0.25`],
    records: ['step 40 epoch 3 loss=0.5 lr=0.25', 'step 60 epoch 3 loss=NaN lr=0.25'],
  })),
  {
    name: 'two numbers before all names that are no epoch and batch',
    lines: ['step 8 shape (3, 40) loss=0.5', 'step 9 seen=[3][40/200] loss=0.25'],
    records: ['step 8 loss=0.5', 'step 9 loss=0.25'],
  },
  {
    name: 'a sign or a word between a counter and its number',
    lines: ['step#: 40 loss 0.5', 'epoch # = 4 loss 0.5', 'step no. 50, loss 0.5', 'iteration number: 60 loss 0.5'],
    records: ['step 40 loss=0.5', 'epoch 4 loss=0.5', 'step 50 loss=0.5', 'step 60 loss=0.5'],
  },
  {
    name: 'the first and the last batch of those that a line is about',
    lines: [
      'Epoch[2] Batch [20-40] Rate: 90.5 images/sec loss=0.5',
      'Epoch[2] Batch [40-60] Rate: 91.5 images/sec loss=0.25',
      'Epoch[2] steps 60-80: loss=0.125',
      'Epoch 2 (batches 80-90): loss=0.125',
      'iterations 90-99: loss=0.125',
    ],
    records: [
      'step 40 epoch 2 Rate=90.5 loss=0.5',
      'step 60 epoch 2 Rate=91.5 loss=0.25',
      'step 80 epoch 2 loss=0.125',
      'step 90 epoch 2 loss=0.125',
      'step 99 loss=0.125',
    ],
  },
  {
    name: 'numbers with a line between them that are no first and last',
    lines: ['epoch 2-40 loss=0.5', 'step 9-3 loss=0.5', 'step 2026-01-02 loss=0.5', 'fold 1-5 step 7 loss=0.5'],
    records: ['loss=0.5', 'loss=0.5', 'loss=0.5', 'step 7 loss=0.5'],
  },
  {
    name: 'an arrow between a counter and a name',
    lines: ['step 70 -> loss 0.5', 'step 80 → loss=0.25', 'step 90 --> loss: nan', 'step 95 ==> cost 0.5'],
    records: ['step 70 loss=0.5', 'step 80 loss=0.25', 'step 90 loss=NaN', 'step 95 cost=0.5'],
  },
  {
    name: 'an arrow between what a value was and what it is now',
    lines: [
      'step 70 loss 0.5 lr 0.25 -> 0.125',
      'step 80 loss 0.5 margin 0.25 -> nan',
      'step 84 loss 0.5 => 0.25, lr 0.25',
      'step 86 loss: 0.5 --> 0.25, lr 0.25',
      'step 90 loss 0.5 -> lr 0.25',
    ],
    records: ['step 70 loss=0.5', 'step 80 loss=0.5', 'step 84 lr=0.25', 'step 86 lr=0.25', 'step 90 loss=0.5 lr=0.25'],
  },
  {
    name: 'so many of so many, in words',
    lines: [
      '(9 of 300) loss 0.5',
      'epoch 2 [18 of 300] loss 0.5',
      'batch (27 of 300): loss 0.5',
      '36 of 300 images, loss 0.5',
      'seen 45/300 loss 0.5',
    ],
    records: [
      'step 9 loss=0.5',
      'step 18 epoch 2 loss=0.5',
      'step 27 loss=0.5',
      'step 36 loss=0.5',
      'step 45 loss=0.5',
    ],
  },
  {
    name: 'so many of so many that are no place in a training',
    lines: [
      'epoch 2 fold (3 of 5) loss 0.5',
      'epoch 3 loss 0.5 right (6 of 10)',
      'epoch 4 loss 0.5 (7 of 10 were right)',
      'epoch 5 loss 0.5 in 3 of 4 images',
    ],
    records: [2, 3, 4, 5].map((epoch) => `step ${epoch} epoch ${epoch} loss=0.5`),
  },
  {
    name: 'an epoch and a batch, where the number behind the slash counts',
    lines: [
      ...[0, 50, 100].map((batch) => `batch 0/${batch} loss 0.5`),
      ...[0, 50].map((batch) => `batch 1/${batch} loss 0.25`),
    ],
    records: [
      'step 0 loss=0.5',
      'step 0 loss=0.5',
      'step 100 epoch 0 loss=0.5',
      'step 0 epoch 1 loss=0.25',
      'step 50 epoch 1 loss=0.25',
    ],
  },
  {
    name: 'a batch of so many, in turn with one of another set',
    lines: [1, 2, 3].flatMap((batch) => [`batch ${batch}/60 loss 0.5`, `test batch ${batch}/90 loss 0.5`]),
    records: [1, 2, 3].flatMap((batch) => [`step ${batch} loss=0.5`, `step ${batch} test/loss=0.5`]),
  },
  {
    name: 'one that comes again for the same metric, or falls, counts nothing',
    lines: ['n=64 loss 0.5', 'n=64 loss 0.25', 'n=65 loss 0.125'],
    records: ['step 64 loss=0.5', 'n=64 loss=0.25', 'n=65 loss=0.125'],
  },
  {
    name: 'two metrics may have a line each for one count',
    lines: ['(1) train loss 0.5', '(1) val loss 0.75', '(2) train loss 0.25', '(2) val loss nan'],
    records: ['step 1 train loss=0.5', 'step 1 val loss=0.75', 'step 2 train loss=0.25', 'step 2 val loss=NaN'],
  },
  {
    name: 'beside lines that count by name a number at the head counts nothing',
    lines: ['step 10 loss 0.5', 'x 5000 loss 0.25'],
    records: ['step 10 loss=0.5', 'step 10 x=5000 loss=0.25'],
  },
  {
    name: 'letters with numbers that come in a row are names',
    lines: ['e1 loss 0.5 e2 loss 0.25', 'e1 loss 0.5 e2 loss 0.125'],
    records: ['e1 loss=0.5 e2 loss=0.25', 'e1 loss=0.5 e2 loss=0.125'],
  },
  {
    name: 'the epoch of rows that are nested below it, whichever is the first to be read as a log',
    lines: [1, 2, 3].flatMap((epoch) => [
      `epoch: ${epoch}`,
      'train:',
      '  acc: 0.5',
      `  loss: ${epoch}`,
      'valid:',
      '  acc: 0.5',
      `  loss: ${epoch * 2}`,
      '---',
    ]),
    records: [1, 2, 3].flatMap((epoch) => [
      `step ${epoch} epoch ${epoch} loss=${epoch}`,
      `step ${epoch} epoch ${epoch} valid/loss=${epoch * 2}`,
    ]),
  },
  {
    name: 'the step of parts below it',
    lines: [10, 20, 30].flatMap((step) => [`step: ${step}`, 'train:', `  loss: ${step}`, '']),
    records: [10, 20, 30].map((step) => `step ${step} loss=${step}`),
  },
  {
    name: 'an epoch behind a tab, or many blanks',
    lines: ['epoch\t1', 'train_loss\t1.5', 'epoch\t2', 'train_loss\t0.5', 'epoch      3', 'train_loss 0.25'],
    records: ['step 1 epoch 1 train_loss=1.5', 'step 2 epoch 2 train_loss=0.5', 'step 3 epoch 3 train_loss=0.25'],
  },
  {
    name: 'a count in brackets behind the name of a ratio is no step',
    lines: ['[run 2][epoch 4][iter 500/900] loss: 0.25', '\tpos/neg=(32/96), box loss: 0.5', 'kept: (7/9) loss 0.5'],
    records: ['step 500 epoch 4 run=2 loss=0.25', 'step 500 epoch 4 box loss=0.5', 'step 500 epoch 4 loss=0.5'],
  },
  {
    name: 'a bar that has come to its total each time counts epochs',
    lines: [
      '100%|███| 250/250 [00:09<00:00, 26it/s, epoch=4/9, mean_loss=1.5]',
      '100%|███| 250/250 [00:09<00:00, 26it/s, epoch=5/9, mean_loss=nan]',
    ],
    records: ['step 4 epoch 4 mean_loss=1.5', 'step 5 epoch 5 mean_loss=NaN'],
  },
  {
    name: 'so it does where the total is not told, but the same number of all steps',
    lines: [
      'Epoch 7 | Time: 0:03:11 | Steps: 1733 | Loss: 2.5',
      'Epoch 7 | Validation | Steps: 211 | Loss: 3.5',
      'Epoch 8 | Time: 0:03:12 | Steps: 1733 | Loss: inf',
    ],
    records: ['step 7 epoch 7 Loss=2.5', 'step 7 epoch 7 Validation/Loss=3.5', 'step 8 epoch 8 Loss=Infinity'],
  },
  {
    name: 'a bar that comes to its total at last counts steps',
    lines: ['Epoch 1 step 10/20 loss 0.5', 'Epoch 1 step 20/20 loss 0.25', 'Epoch 2 step 10/20 loss 0.125'],
    records: ['step 10 epoch 1 loss=0.5', 'step 20 epoch 1 loss=0.25', 'step 10 epoch 2 loss=0.125'],
  },
  {
    name: 'a count that stays at its total without an epoch is none after the first time',
    lines: ['loss=0.5 (0.5): 100% 40/40', 'loss=0.25 (0.5): 100% 40/40'],
    records: ['step 40 loss=0.5', 'loss=0.25'],
  },
  {
    name: 'a counter with an exponent is rounded: the exact one of the bar counts',
    lines: [
      'Epoch 2:  13%|█▎ | 54321/400000 [9:00<1:00, 3it/s, loss=1.5, v_num=2, global_step=5.4e+4]',
      'Epoch 2:  13%|█▎ | 54322/400000 [9:00<1:00, 3it/s, loss=1.25, v_num=2, global_step=5.4e+4]',
    ],
    records: ['step 54321 epoch 2 loss=1.5', 'step 54322 epoch 2 loss=1.25'],
  },
  {
    name: 'a rounded counter is better than none',
    lines: ['global_step=2e+3 loss=0.5'],
    records: ['step 2000 loss=0.5'],
  },
  {
    name: 'counters of other names',
    lines: [
      'epoch: 0, batch_id: 40, loss is: 2.5',
      'epoch: 0, iters: 300, loss: 0.5',
      'Cur_itrs: 20/900 loss 0.5',
      'Episode 12, loss 0.5',
      'At iteration 310/400/420, loss=5.25',
      'After 2,000 sequences (3.5Hr): loss = 0.75',
      'Processed 64/900 (7.1%) loss: 0.5 over 640 frames',
    ],
    records: [
      'step 40 epoch 0 loss=2.5',
      'step 300 epoch 0 loss=0.5',
      'step 20 loss=0.5',
      'step 12 loss=0.5',
      'step 310 loss=5.25',
      'step 2000 loss=0.75',
      'step 64 loss=0.5',
    ],
  },
  {
    name: 'counters that hang on to their number',
    lines: [
      '4epoch:train:101-200batch: loss=0.5',
      'epoch5: loss 0.25',
      'iter_300: loss 0.5',
      'Epoch-6 loss 0.5',
      'Epoch #7 loss 0.5',
      'Epoch (8): loss 0.5',
      '9th epoch: loss 0.5',
    ],
    records: [
      'step 200 epoch 4 loss=0.5',
      'epoch 5 loss=0.25',
      'step 300 loss=0.5',
      'epoch 6 loss=0.5',
      'epoch 7 loss=0.5',
      'epoch 8 loss=0.5',
      'epoch 9 loss=0.5',
    ],
  },
  {
    name: 'bare numbers at the head of a line',
    lines: ['[INFO] 40, train_mae=1, train_loss=0.5', '7 31 Loss=0.5 Secs=2', '#9 loss 0.5', '[2/9][30/99] loss: 0.5'],
    records: [
      'step 40 train_mae=1 train_loss=0.5',
      'step 31 epoch 7 Loss=0.5 Secs=2',
      'step 9 loss=0.5',
      'step 30 epoch 2 loss=0.5',
    ],
  },
  {
    name: 'blanks round the slash of a count',
    lines: [
      '| epoch 003:    40 / 9100 loss=0.5, lr=0.25',
      'Step 30 / 90 loss 0.5',
      'step 3 mem 12 / 16 GB loss 0.5',
      '| 11 / 24 GiB | 0.5 / 0.7 | loss 2 / 3',
    ],
    records: ['step 40 epoch 3 loss=0.5 lr=0.25', 'step 30 loss=0.5', 'step 3 mem=12 loss=0.5', 'step 3 loss=2'],
  },
  {
    name: 'counters by who takes the steps, and short ones behind an epoch',
    lines: [
      'ep3 it50 loss 0.5',
      'epoch 3, mb 60, loss=0.5',
      'n_iter 7 loss 0.5',
      'disc_step=8 loss=0.5',
      'cum_env_steps 9000 | loss 0.5',
      'Epoch 2 | Batch 5/800 loss 0.5',
    ],
    records: [
      'step 50 epoch 3 loss=0.5',
      'step 60 epoch 3 loss=0.5',
      'step 7 loss=0.5',
      'step 8 loss=0.5',
      'step 9000 loss=0.5',
      'step 5 epoch 2 loss=0.5',
    ],
  },
  {
    name: 'it counts lines that have the same names, whatever these are',
    lines: ['it 7 foo 0.5 bar 2', 'it 8 foo 0.25 bar 2', 'it 9 foo 0.5 bar 3', 'it 10 foo 0.5 bar 4'],
    records: ['step 7 foo=0.5 bar=2', 'step 8 foo=0.25 bar=2', 'step 9 foo=0.5 bar=3', 'step 10 foo=0.5 bar=4'],
  },
  {
    name: 'a metric of a step and a setting are no counters',
    lines: ['step 5 dice_step 0.5 loss 0.25 n_steps 64', 'step 6 loss 0.5 max_iter 9 loss_step 2'],
    records: ['step 5 dice_step=0.5 loss=0.25 n_steps=64', 'step 6 loss=0.5 max_iter=9 loss_step=2'],
  },
  {
    name: 'the first cell of a row with a loss',
    lines: [
      '0041 | 00:02:09 | loss: 0.5',
      '42 | loss: nan',
      '| 43 | loss 0.25 |',
      '0 | epoch 5 | loss 0.5',
      '0 | step 6 | loss 0.5',
    ],
    records: ['step 41 loss=0.5', 'step 42 loss=NaN', 'step 43 loss=0.25', 'epoch 5 loss=0.5', 'step 6 loss=0.5'],
  },
  {
    name: 'no count stands in the prose before a value',
    lines: ['3 GPUs: loss 0.5', '2 of 8 workers, loss=0.5', 'best epoch: 3, loss 0.5'],
    records: ['loss=0.5', 'loss=0.5', 'best epoch=3 loss=0.5'],
  },
  {
    name: 'a value stands behind the counter of its name',
    lines: ['Cost after epoch 30: 0.5', 'Loss after 40 steps: 0.25', 'Eval loss at step 50: 0.75'],
    records: ['step 30 epoch 30 Cost=0.5', 'step 40 Loss=0.25', 'step 50 Eval loss=0.75'],
  },
]

const below: readonly Case[] = [
  {
    name: 'lines without a counter right below a record have its step',
    lines: [
      'Iteration 60, loss = 1.5',
      '    Train net output #0: head_loss = nan (* 1 = nan loss)',
      'Iteration 80, loss = 1.25',
      '    Train net output #0: head_loss = 0.5 (* 1 = 0.5 loss)',
    ],
    records: ['step 60 loss=1.5', 'step 60 head_loss=NaN', 'step 80 loss=1.25', 'step 80 head_loss=0.5'],
  },
  {
    name: 'behind a mark, and over a line that is not read',
    lines: ['epoch:1 || iter:70 || Loss:9.5', '->> box loss:2.5', '->>lr:0.5', '->> class loss:1.5'],
    records: ['step 70 epoch 1 Loss=9.5', 'step 70 epoch 1 box loss=2.5', 'step 70 epoch 1 class loss=1.5'],
  },
  {
    name: 'lines far below, and below a heading, have none',
    lines: [
      'step 5 loss 0.5',
      'one',
      'two',
      'three',
      'four',
      'loss 0.25',
      'step 6 loss 0.5',
      'Test Error:',
      'loss 0.75',
    ],
    records: ['step 5 loss=0.5', 'loss=0.25', 'step 6 loss=0.5', 'Test/loss=0.75'],
  },
  {
    name: 'what was saved is no epoch that was counted',
    lines: [
      'epoch 3 loss 0.5',
      'Saved model at epoch 5 with loss: 0.25',
      'epoch 4 loss 0.5',
      'New best: epoch 9, loss 0.125',
    ],
    records: ['step 3 epoch 3 loss=0.5', 'loss=0.25', 'step 4 epoch 4 loss=0.5', 'loss=0.125'],
  },
  {
    name: 'it is where the model stood, in a file of nothing else',
    lines: ['Saving checkpoint of epoch 5 with loss: 0.25', 'Saving checkpoint of epoch 9 with loss: 0.125'],
    records: ['step 5 loss=0.25', 'step 9 loss=0.125'],
  },
]

const phases: readonly Case[] = [
  {
    name: 'behind a value, in brackets',
    lines: [
      'epoch 3 loss = 0.5 (train), 0.75 (val)',
      'epoch 4 acc 0.5 [training] / 0.25 [dev], loss 0.5 [training] / nan [dev]',
      'epoch 5 loss 0.5, 0.75 (test)',
      'epoch 6: 0.5 (train loss), 0.75 (valid loss)',
    ],
    records: [
      'step 3 epoch 3 loss=0.5 val/loss=0.75',
      'step 4 epoch 4 acc=0.5 dev/acc=0.25 loss=0.5 dev/loss=NaN',
      'step 5 epoch 5 loss=0.5 test/loss=0.75',
      'step 6 epoch 6 train loss=0.5 valid loss=0.75',
    ],
  },
  {
    name: 'of a value in brackets behind the value of training',
    lines: [
      'step 3 loss 0.5 (val: 0.75)',
      'step 4 acc: 0.5 (test 0.75), loss: 0.5 [dev nan]',
      'step 5 loss 0.5 (val 0.75, test: 0.25)',
    ],
    records: [
      'step 3 loss=0.5 val/loss=0.75',
      'step 4 acc=0.5 test/acc=0.75 loss=0.5 dev/loss=NaN',
      'step 5 loss=0.5 val/loss=0.75 test/loss=0.25',
    ],
  },
  {
    name: 'brackets that hold something else',
    lines: ['step 3 loss 0.5 (smooth) lr 0.25', 'step 4 loss 0.5 (ema: 0.75)', 'step 5 loss 0.5 (best)'],
    records: ['step 3 loss=0.5 lr=0.25', 'step 4 loss=0.5 ema=0.75', 'step 5 loss=0.5'],
  },
  {
    name: 'of both values, which stand behind them',
    lines: [
      'epoch 3 loss (train/val): 0.5/0.75',
      'epoch 4 train/test loss 0.5 / nan',
      'epoch 5 acc train/dev = 0.5/0.25',
      'epoch 6 files train/val 7/9, loss 0.5',
    ],
    records: [
      'step 3 epoch 3 train loss=0.5 val loss=0.75',
      'step 4 epoch 4 train loss=0.5 test loss=NaN',
      'step 5 epoch 5 train acc=0.5 dev acc=0.25',
      'step 6 epoch 6 loss=0.5',
    ],
  },
  {
    name: 'of an error and of a part, with a colon before each',
    lines: ['trn: rmse = 0.5, val: rmse = 0.75', 'epoch 4 test: box_loss 0.5 mae 0.25'],
    records: ['rmse=0.5 val/rmse=0.75', 'step 4 epoch 4 test/box_loss=0.5 test/mae=0.25'],
  },
  {
    name: 'of what a loss was taken over',
    lines: [
      'step 3: loss on training batch is 0.5',
      'step 4: loss over the dev set = 0.5',
      'step 5 cost for test data 0.5',
    ],
    records: ['step 3 loss on training batch=0.5', 'step 4 loss over the dev set=0.5', 'step 5 cost for test data=0.5'],
  },
  {
    name: 'of an epoch',
    lines: ['Training of Epoch 3 - loss: 0.5', 'Validation of Epoch 3 - loss: nan'],
    records: ['step 3 epoch 3 loss=0.5', 'step 3 epoch 3 Validation/loss=NaN'],
  },
  {
    name: 'before the name of a counter, with a colon, brackets or a total',
    lines: ['Valid Epoch: 3 Loss: 0.5', 'Dev epoch [4] Loss: 0.5', 'Test Epoch 5/9 Loss: 0.5', 'eval iter=6, Loss=0.5'],
    records: [
      'step 3 epoch 3 Valid/Loss=0.5',
      'step 4 epoch 4 Dev/Loss=0.5',
      'step 5 epoch 5 Test/Loss=0.5',
      'step 6 eval/Loss=0.5',
    ],
  },
  {
    name: 'in a sentence',
    lines: ['==> Validate epoch 3: loss 0.5', 'During validation at step 40: loss = 0.5', 'train step 41 loss 0.25'],
    records: ['step 3 epoch 3 Validate/loss=0.5', 'step 40 validation/loss=0.5', 'step 41 loss=0.25'],
  },
  {
    name: 'in the line above, until the training goes on',
    lines: ['Training on [0, 9]', 'Loss = 1.5', 'Validating on [9, 12]...', 'Loss = 1.25', 'Loss = 1.125'],
    records: ['Loss=1.5', 'Validating/Loss=1.25', 'Loss=1.125'],
  },
  {
    name: 'in a heading that counts, too, until it ends or training begins',
    lines: [
      '--- Epoch 4 (validation) ---',
      'loss 0.5',
      '--- Epoch 5 (training) ---',
      'loss 0.25',
      'Start of validation',
      'End of validation',
      'loss 0.125',
      'Iteration 70, Testing net (#0)',
      'Test net output #0: loss = 0.5',
    ],
    records: ['step 4 epoch 4 validation/loss=0.5', 'loss=0.25', 'loss=0.125', 'step 70 Test/loss=0.5'],
  },
  {
    name: 'none for a record with a gradient norm',
    lines: ['step 1 loss 0.5', 'Evaluating on the held-out split.', 'step 1 loss 0.5 grad_norm 2'],
    records: ['step 1 loss=0.5', 'step 1 loss=0.5 grad_norm=2'],
  },
  {
    name: 'over lines with counts of their own',
    lines: [
      'step 90 loss 0.5',
      '*** Running Evaluation ***',
      'iter 1/50 loss 0.75',
      'iter 2/50 loss 1',
      'step 100 loss 0.25',
    ],
    records: ['step 90 loss=0.5', 'step 1 Evaluation/loss=0.75', 'step 2 Evaluation/loss=1', 'step 100 loss=0.25'],
  },
  {
    name: 'none where nothing of it was logged, where it is over, or where it is no heading',
    lines: [
      'step 10 loss 0.5',
      'Validating...',
      'step 20 loss 0.5',
      'Validation finished',
      'step 30 loss 0.5',
      'Validation loss did not improve',
      'step 40 loss 0.5',
    ],
    records: ['step 10 loss=0.5', 'step 20 loss=0.5', 'step 30 loss=0.5', 'step 40 loss=0.5'],
  },
]

const names: readonly Case[] = [
  {
    name: 'what tells processes, runs and lines of code apart is no metric',
    lines: [
      '(loop:88) step 3 loss 0.5 seed 7 pid 31',
      '[session 1][iter 4] loss 0.5, v_num=2',
      'step 5 loss 0.5 TID 77 worker 3 timeout 60',
    ],
    records: ['step 3 loss=0.5', 'step 4 loss=0.5', 'step 5 loss=0.5'],
  },
  {
    name: 'the values of another rank are series of their own',
    lines: ['Epoch: 4 rank: 0 [7/9] Loss 0.5', 'Epoch: 4 rank: 1 [7/9] Loss nan'],
    records: ['step 7 epoch 4 Loss=0.5', 'step 7 epoch 4 rank1/Loss=NaN'],
  },
  {
    name: 'a time in several units is none of them',
    lines: [
      'step 3 loss 0.5 eta: 2 days, 7:03:12',
      'step 4 loss 0.5 time: 3 minutes and 12 s',
      'step 5 loss 0.5 time: 2.5',
    ],
    records: ['step 3 loss=0.5', 'step 4 loss=0.5', 'step 5 loss=0.5 time=2.5'],
  },
  {
    name: 'prepositions, units and deviations are no part of a name',
    lines: [
      'step 3 with loss: 0.5 and acc 0.25',
      'step 4 loss 2.5 nats lr 0.5',
      'step 5 loss 0.5±0.25 acc=nan±nan f1=0.5',
    ],
    records: ['step 3 loss=0.5 acc=0.25', 'step 4 loss=2.5 lr=0.5', 'step 5 loss=0.5 acc=NaN f1=0.5'],
  },
]

for (const [kind, cases] of Object.entries({ counters, below, phases, names })) {
  for (const { name, lines, records } of cases) {
    test(`${kind}: ${name}`, () => expect(readBriefly(lines).results).toEqual(records))
  }
}
