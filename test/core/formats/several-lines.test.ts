import { expect, test } from 'vitest'
import { readBriefly } from './lines.ts'

interface File {
  readonly name: string
  readonly lines: readonly string[]
  readonly format: string | null
  readonly results: readonly string[]
}

const objects: readonly File[] = [
  {
    name: 'a dict that pprint breaks, behind a name',
    lines: [
      "metrics { 'speed': 12.5,",
      "  'train/loss': 2.25,",
      "  'train/step': 7}",
      "metrics { 'speed': nan,",
      "  'train/loss': nan,",
      "  'train/step': 8}",
    ],
    format: 'python-dict',
    results: ['step 7 speed=12.5 train/loss=2.25', 'step 8 speed=NaN train/loss=NaN'],
  },
  {
    name: 'the step of a dict stands in the line above, for both loggers that print it',
    lines: [
      'Step 40 per-step time 0.321s',
      "{'loss': 0.5,",
      " 'learning_rate': 0.25}",
      "{'loss': 0.5,",
      " 'learning_rate': 0.25}",
      'Step 50 per-step time 0.3s',
      "{'loss': nan,",
      " 'learning_rate': 0.25}",
    ],
    format: 'python-dict',
    results: [
      'step 40 loss=0.5 learning_rate=0.25',
      'step 40 loss=0.5 learning_rate=0.25',
      'step 50 loss=NaN learning_rate=0.25',
    ],
  },
  {
    name: 'nor has a dict on one line another step',
    lines: ['iteration 3', "{'loss': 0.5, 'reward': 1.5}", 'iteration 4', "{'loss': nan, 'reward': 1.5}"],
    format: 'python-dict',
    results: ['step 3 loss=0.5 reward=1.5', 'step 4 loss=NaN reward=1.5'],
  },
  {
    name: 'JSON with an indent',
    lines: ['{', '  "step": 1,', '  "loss": 0.5', '}', '{', '  "step": 2,', '  "loss": NaN', '}'],
    format: 'json-lines',
    results: ['step 1 loss=0.5', 'step 2 loss=NaN'],
  },
  {
    name: 'lists and objects within, a comma at the end, and tensors',
    lines: [
      '{',
      "    'train': {",
      "        'loss': tensor(nan, device='cuda:0'),",
      '    },',
      "    'betas': [",
      '        0.5,',
      '        0.75,',
      '    ],',
      "    'epoch': 3,",
      '}',
    ],
    format: 'python-dict',
    results: ['step 3 epoch 3 train/loss=NaN'],
  },
  {
    name: 'a defaultdict, whose first line has no value',
    lines: ["defaultdict(<class 'float'>,", "            {'loss': nan,", "             'step': 2})"],
    format: 'python-dict',
    results: ['step 2 loss=NaN'],
  },
  {
    name: 'an object of JavaScript, whose names have no quotes',
    lines: ['{ epoch: 1, loss: 0.5 }', '{', '  epoch: 2,', '  loss: NaN', '}'],
    format: 'key-value',
    results: ['step 1 epoch 1 loss=0.5', 'step 2 epoch 2 loss=NaN'],
  },
  {
    name: 'a dict among the lines of another format',
    lines: ['step 1 loss 0.5', 'step 2 loss 0.5', "{'eval_loss': nan,", " 'step': 2}", 'step 3 loss 0.5'],
    format: 'key-value',
    results: ['step 1 loss=0.5', 'step 2 loss=0.5', 'step 2 eval_loss=NaN', 'step 3 loss=0.5'],
  },
  {
    name: 'settings are no record, be they counted or not',
    lines: [
      '{',
      '  "epoch": 100,',
      '  "lr": 0.5,',
      '  "model": {',
      '    "loss": "mse",',
      '    "bbox_cost": 5',
      '  }',
      '}',
      'loss 0.5',
      'loss nan',
      'loss nan',
    ],
    format: 'key-value',
    results: ['loss=0.5', 'loss=NaN', 'loss=NaN'],
  },
  {
    name: 'below a brace that nobody closes other lines are read as they are',
    lines: [
      'config = {',
      'step 1 loss 0.5',
      "{'seed': 1,",
      'step 2 loss nan',
      "{'loss': 0.5,",
      "'lr'",
      'step 3 loss nan',
    ],
    format: 'key-value',
    results: ['step 1 loss=0.5', 'step 2 loss=NaN', 'loss=0.5', 'step 3 loss=NaN'],
  },
  {
    name: 'of an object that the job did not end all is read that was written',
    lines: ['step 1 loss 0.5', "{'loss': nan,", " 'step': 2,"],
    format: 'key-value',
    results: ['step 1 loss=0.5', 'step 2 loss=NaN'],
  },
  {
    name: 'below the last words of a job stands no record',
    lines: ['step 1 loss 0.5', 'ValueError: bad loss at step 2', '{"loss_a": NaN, "loss_b": 0.5}'],
    format: 'key-value',
    results: ['step 1 loss=0.5'],
  },
]

const nested: readonly File[] = [
  {
    name: 'rows that are nested by indentation, and the counter at their end',
    lines: [
      'Result for trial 00001:',
      '  reward_mean: 1.5',
      '  date: 2026-01-01_10-00-00',
      '  media: {}',
      '  info:',
      '    policy:',
      '      total_loss: 4.5',
      '      entropy: nan',
      '    sizes:',
      '    - 3',
      '  training_iteration: 1',
      '  ',
      'Result for trial 00001:',
      '  info:',
      '    policy:',
      '      total_loss: nan',
      '  training_iteration: 2',
    ],
    format: 'nested-rows',
    results: [
      'step 1 reward_mean=1.5 info/policy/total_loss=4.5 info/policy/entropy=NaN',
      'step 2 info/policy/total_loss=NaN',
    ],
  },
  {
    name: 'a training and a validation below a heading that counts',
    lines: [
      'Iteration 10',
      '  train:',
      '    loss: 0.5',
      '  val:',
      '    loss: 0.75',
      'Iteration 20',
      '  train:',
      '    loss: 0.25',
      '  val:',
      '    loss: .inf',
    ],
    format: 'nested-rows',
    results: ['step 10 train/loss=0.5 val/loss=0.75', 'step 20 train/loss=0.25 val/loss=Infinity'],
  },
  {
    name: 'settings are no record',
    lines: [
      'Arguments:',
      '  lr: 0.5',
      '  epoch: 100',
      '  model:',
      '    loss: mse',
      'Epoch 1: loss 0.5',
      'Epoch 2: loss nan',
    ],
    format: 'key-value',
    results: ['step 1 epoch 1 loss=0.5', 'step 2 epoch 2 loss=NaN'],
  },
]

const tables: readonly File[] = [
  {
    name: 'a row of an epoch with a bar at its end is told once, the table of its validation with it',
    lines: [
      '  Epoch  GPU_mem  box_loss  dfl_loss  Instances  Size',
      '    1/3     2.3G      1.25       0.5         19   640:   1%|          | 1/95 [00:00<00:30,  3.1it/s]',
      '    1/3     2.3G       1.5         1         19   640: 100%|##########| 95/95 [00:30<00:00,  3.1it/s]',
      '            Class   Images  Instances    Box(P      R  mAP50): 100%|##########| 8/8 [00:03<00:00,  2.5it/s]',
      '              all      128        929    0.675    0.5  0.625',
      '              cat       64        400      0.5    0.5  0.625',
      '    2/3     2.3G       nan         1         19   640:   1%|          | 1/95 [00:00<00:30,  3.1it/s]',
      '    2/3     2.3G       nan         1         19   640:   2%|          | 2/95 [00:00<00:30,  3.1it/s]',
      '    3/3     2.3G       inf       0.5         19   640: 100%|##########| 95/95 [00:30<00:00,  3.1it/s]',
    ],
    format: 'headed-bars',
    results: [
      'step 1 epoch 1 box_loss=1.5 dfl_loss=1',
      'step 1 epoch 1 Box/P=0.675 Box/R=0.5 Box/mAP50=0.625',
      'step 2 epoch 2 box_loss=NaN',
      'step 2 epoch 2 dfl_loss=1',
      'step 3 epoch 3 box_loss=Infinity dfl_loss=0.5',
    ],
  },
  {
    name: 'other names, other bars, and one that the job did not end',
    lines: [
      '   epoch   gpu_mem       box       cls    labels  img_size',
      '   0/299     4.73G    0.5000         0        27       640: 100% ━━━━━━━━━━ 95/95 3.2it/s 30.1s',
      '   1/299     4.73G    0.2500         0        27       640: 40% ━━━━────── 38/95 3.2it/s 12.1s',
    ],
    format: 'headed-bars',
    results: ['step 0 epoch 0 box_loss=0.5 cls_loss=0', 'step 1 epoch 1 box_loss=0.25 cls_loss=0'],
  },
  {
    name: 'a bar below words is no table',
    lines: [
      'Epoch of great change',
      'Validating  the  model: 100%|##########| 8/8 [00:03<00:00,  2.5it/s]',
      'it took 12 seconds',
    ],
    format: null,
    results: [],
  },
  {
    name: 'rows of lists, whose sum is what is minimised',
    lines: [
      'Step      Train loss              Test loss               Test metric',
      '0         [1.5e+00, 0.5e+00]      [1.00e+00, 2.00e+00]    []',
      '100       [nan, 0.5e+00]          [1.00e+00, inf]         []',
      'Best model at step 0:',
      '  train loss: 2.00e+00',
    ],
    format: 'listed-rows',
    results: [
      'step 0 Train loss=2 Train loss/0=1.5 Train loss/1=0.5 Test loss=3 Test loss/0=1 Test loss/1=2',
      'step 100 Train loss=NaN Train loss/0=NaN Train loss/1=0.5 Test loss=Infinity Test loss/0=1 Test loss/1=Infinity',
    ],
  },
  {
    name: 'lists of one, as arrays are printed',
    lines: ['epoch  train loss  val loss', '1      [0.5]       [0.75]', '2      [nan]       [0.5 ]'],
    format: 'listed-rows',
    results: ['step 1 epoch 1 train loss=0.5 val loss=0.75', 'step 2 epoch 2 train loss=NaN val loss=0.5'],
  },
  {
    name: 'bars between the cells, and units in them',
    lines: ['epoch | mem | loss | time', '1/10 | 2.3G | 0.5 | 3.2s', '2/10 | 2.3G | nan | 3.2s'],
    format: 'csv',
    results: ['step 1 epoch 1 loss=0.5', 'step 2 epoch 2 loss=NaN'],
  },
]

const lists: readonly File[] = [
  {
    name: 'a list of step and learning rate above the losses',
    lines: [
      'Train Epoch: 3 [12%]',
      '[600, 0.0001]',
      'loss_disc=2.5, loss_gen=0.5',
      'Train Epoch: 3 [24%]',
      '[800, 9.5e-05]',
      'loss_disc=nan, loss_gen=nan',
    ],
    format: 'step-lists',
    results: [
      'step 600 epoch 3 loss_disc=2.5 loss_gen=0.5 learning_rate=0.0001',
      'step 800 epoch 3 loss_disc=NaN loss_gen=NaN learning_rate=0.000095',
    ],
  },
  {
    name: 'all of them in one list',
    lines: ['Train Epoch: 1 [0%]', '[2.5, nan, 9.5, 0, 0.0002]', 'Train Epoch: 2 [0%]', '[2.5, 1.5, 9.5, 100, 0.0001]'],
    format: 'step-lists',
    results: [
      'step 0 epoch 1 loss_0=2.5 loss_1=NaN loss_2=9.5 learning_rate=0.0002',
      'step 100 epoch 2 loss_0=2.5 loss_1=1.5 loss_2=9.5 learning_rate=0.0001',
    ],
  },
  {
    name: 'a list, words about a checkpoint, and losses',
    lines: [
      '[200, 9.99e-05]',
      'loss_disc=2.5, loss_gen=3.5',
      '[400, 9.99e-05]',
      'saving the generator to G_400.pth',
      'loss_disc=nan, loss_gen=nan',
    ],
    format: 'step-lists',
    results: [
      'step 200 loss_disc=2.5 loss_gen=3.5 learning_rate=0.0000999',
      'step 400 loss_disc=NaN loss_gen=NaN learning_rate=0.0000999',
    ],
  },
  {
    name: 'a list of losses beside the step',
    lines: ['Losses: [2.5, nan], step: 200, lr: 0.25'],
    format: 'step-lists',
    results: ['step 200 lr=0.25 loss_0=2.5 loss_1=NaN'],
  },
  {
    name: 'lists of anything else',
    lines: ['[128, 256]', 'loss weights are unused', '[0.5, 0.25]', "losses: ['mse', 'ce'], epoch: 3", '[2, 0.5, 7]'],
    format: null,
    results: [],
  },
]

for (const { name, lines, format, results } of [...objects, ...nested, ...tables, ...lists]) {
  test(name, () => {
    expect(readBriefly(lines)).toEqual({ format, results })
  })
}

test('a record that never ends waits no longer than its bound', () => {
  const rows = Array.from({ length: 3000 }, (_, n) => `  "x${n}": ${n},`)
  const lines = ['{', ...rows, '{"step": 1, "loss": 0.5}', '{"step": 2, "loss": NaN}']
  expect(readBriefly(lines)).toEqual({ format: 'json-lines', results: ['step 1 loss=0.5', 'step 2 loss=NaN'] })
})
