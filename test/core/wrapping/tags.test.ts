import { describe, expect, test } from 'vitest'
import { NO_WRAPPING, unwrap } from '../../../src/core/wrapping/unwrapping.ts'
import { linesOf, readBriefly } from '../formats/lines.ts'

/** Beginnings that are content, however much they look like the mark of a rank, and what is read. */
const CONTENT: readonly {
  readonly name: string
  readonly lines: readonly string[]
  readonly read: readonly string[]
}[] = [
  {
    name: 'a step in brackets',
    lines: ['[10] loss 0.5', '[20] loss 0.4'],
    read: ['step 10 loss=0.5', 'step 20 loss=0.4'],
  },
  {
    name: 'a step in brackets before an epoch',
    lines: ['[10] epoch 1 loss 0.5', '[20] epoch 1 loss 0.4', '[30] epoch 2 loss 0.3'],
    read: ['step 10 epoch 1 loss=0.5', 'step 20 epoch 1 loss=0.4', 'step 30 epoch 2 loss=0.3'],
  },
  {
    name: 'a step of which eight processes write a line each',
    lines: [...Array(8).fill('[100] loss 0.5'), ...Array(8).fill('[110] loss 0.4')],
    read: [...Array(8).fill('step 100 loss=0.5'), ...Array(8).fill('step 110 loss=0.4')],
  },
  {
    name: 'batches that begin again with each epoch',
    lines: ['[1/3] epoch 1 loss 0.5', '[2/3] epoch 1 loss 0.4', '[3/3] epoch 1 loss 0.3'],
    read: ['step 1 epoch 1 loss=0.5', 'step 2 epoch 1 loss=0.4', 'step 3 epoch 1 loss=0.3'],
  },
  {
    name: 'a metric that ends with a digit',
    lines: ['R1: 0.25 step 5 loss 2', 'R1: 0.5 step 6 loss 1'],
    read: ['step 5 R1=0.25 loss=2', 'step 6 R1=0.5 loss=1'],
  },
  {
    name: 'a width with its value right behind it',
    lines: ['beam:5 step 5 loss 2', 'beam:5 step 6 loss 1'],
    read: ['step 5 beam=5 loss=2', 'step 6 beam=5 loss=1'],
  },
  {
    name: 'tasks in parentheses of a word that is no process',
    lines: ['(fold 1) step 5 loss 2', '(fold 1) step 6 loss 1'],
    read: ['step 5 fold=1 loss=2', 'step 6 fold=1 loss=1'],
  },
  {
    name: 'a column of times',
    lines: ['time step loss', '10:00:00 1 0.5', '10:00:05 2 0.25'],
    read: readBriefly(['time step loss', '10:00:00 1 0.5', '10:00:05 2 0.25']).results as string[],
  },
  {
    name: 'a metric behind a level or a time, whose name a logger might have',
    lines: ['INFO train_loss: 0.5', '2026-03-04 05:06:07 train_loss: nan', 'INFO:root:total_loss: 0.25'],
    read: ['train_loss=0.5', 'train_loss=NaN', 'total_loss=0.25'],
  },
  {
    name: 'a column of times with wide gaps',
    lines: ['time  epoch  loss', '10:00:31  0  0.5', '10:01:31  1  nan'],
    read: ['step 0 epoch 0 loss=0.5', 'step 1 epoch 1 loss=NaN'],
  },
  {
    name: 'epochs before the batches of each',
    lines: ['1: batch 0 loss 0.5', '1: batch 1 loss 0.5', '2: batch 0 loss 0.25', '2: batch 1 loss 0.25'],
    read: ['step 0 loss=0.5', 'step 1 loss=0.5', 'step 0 loss=0.25', 'step 1 loss=0.25'],
  },
  {
    name: 'a metric that ends with a digit, before others',
    lines: ['F1: 0.25 loss: 0.5 epoch: 1', 'F1: 0.5 loss: 0.5 epoch: 2', 'F1: 0.75 loss: 0.5 epoch: 3'],
    read: ['step 1 epoch 1 F1=0.25 loss=0.5', 'step 2 epoch 2 F1=0.5 loss=0.5', 'step 3 epoch 3 F1=0.75 loss=0.5'],
  },
  {
    name: 'a heading in the middle of its line',
    lines: [
      `${' '.repeat(22)}Learning iteration 7/90`,
      `${' '.repeat(23)}Computation: 976 steps/s`,
      '       Mean value loss: 0.25',
    ],
    read: ['step 7 Computation=976', 'step 7 Mean value loss=0.25'],
  },
  {
    name: 'a counter that is the last word of a name',
    lines: [
      'nnet.iter1: loss 0.5',
      'nnet.iter2: loss 0.4',
      'epoch001_iter00020: loss 0.3',
      'epoch001_iter00040: loss 0.2',
    ],
    read: ['loss=0.5', 'loss=0.4', 'step 20 epoch 1 loss=0.3', 'step 40 epoch 1 loss=0.2'],
  },
  {
    name: 'an epoch in brackets',
    lines: ['[e1] step 10 loss 0.5', '[e2] step 20 loss 0.4'],
    read: ['step 10 loss=0.5', 'step 20 loss=0.4'],
  },
  {
    name: 'a table whose border follows a level',
    lines: [
      '2026-03-04 05:06:07 INFO ------------------------',
      '2026-03-04 05:06:07 INFO | loss            | 0.5  |',
      '2026-03-04 05:06:07 INFO | total_timesteps | 2048 |',
      '2026-03-04 05:06:07 INFO ------------------------',
    ],
    read: ['step 2048 loss=0.5'],
  },
  {
    name: 'a rank that is a metric',
    lines: [
      '{"step": 1, "loss": 0.5, "rank": 12}',
      '{"step": 2, "loss": 0.4, "rank": 9}',
      '{"step": 3, "loss": 0.3, "rank": 12}',
    ],
    read: ['step 1 loss=0.5 rank=12', 'step 2 loss=0.4 rank=9', 'step 3 loss=0.3 rank=12'],
  },
  {
    name: 'the phase that a logger is named by',
    lines: ['INFO:train:epoch 1 loss 0.5', 'INFO:valid:epoch 1 loss 0.75'],
    read: ['step 1 epoch 1 loss=0.5', 'step 1 epoch 1 valid/loss=0.75'],
  },
  {
    name: 'a step in parentheses',
    lines: ['(1) loss 0.5', '(2) loss 0.4', '(3) loss 0.3'],
    read: ['step 1 loss=0.5', 'step 2 loss=0.4', 'step 3 loss=0.3'],
  },
  {
    name: 'a step in the second column of a table with tabs',
    lines: ['time\tstep\tloss', '2026-03-04 05:06:07\t1\t0.5', '2026-03-04 05:06:08\t2\t0.4'],
    read: ['step 1 loss=0.5', 'step 2 loss=0.4'],
  },
  {
    name: 'the name of a model that looks like a pod',
    lines: ['resnet-50abc epoch 1 loss 0.5', 'resnet-50abc epoch 2 loss 0.4'],
    read: ['step 1 epoch 1 loss=0.5', 'step 2 epoch 2 loss=0.4'],
  },
  {
    name: 'the fields of a message that has values of its own',
    lines: [
      '{"name":"fit","message":"start","step":1,"loss":0.5}',
      '{"level":"info","msg":"epoch over","step":2,"loss":0.4}',
    ],
    read: ['step 1 loss=0.5', 'step 2 loss=0.4'],
  },
]

describe('what begins a line and is content stays', () => {
  test.each(CONTENT)('$name', ({ lines, read }) => {
    expect(readBriefly(lines).results).toEqual(read)
  })
})

test('ranks that overtake each other are one attempt of a series each', () => {
  const lines = Array.from({ length: 29 }, (_, step) => step).flatMap((step) =>
    [2, 0, 3, 1].map((rank) => `(${rank}/4) step ${step} loss ${rank === 2 && step > 20 ? 'nan' : 0.5}`),
  )
  const { results } = readBriefly(lines.map((line) => `2026-03-04 05:06:07,123 INFO ${line}`))
  const metrics = new Set(results.map((text) => String(text).split(' ').at(-1)))
  expect(metrics).toEqual(new Set(['loss=0.5', 'rank1/loss=0.5', 'rank2/loss=0.5', 'rank2/loss=NaN', 'rank3/loss=0.5']))
})

test('a field of JSON that names the process is its mark, once two have told of one step', () => {
  const lines = [1, 2].flatMap((step) => [0, 1].map((rank) => `{"step": ${step}, "rank": ${rank}, "loss": 0.5}`))
  expect(readBriefly(lines).results).toEqual([
    'step 1 rank=0 loss=0.5',
    'step 1 rank1/rank=1 rank1/loss=0.5',
    'step 2 rank=0 loss=0.5',
    'step 2 rank1/rank=1 rank1/loss=0.5',
  ])
})

test('each process keeps a heading of its own, however their lines are mixed', () => {
  const lines = ['4017 step,loss', '4017 0,0.5', '4034 step,loss', '4034 0,0.25', '4017 1,0.5', '4034 1,nan']
  expect(readBriefly(lines.map((line) => `(W pid=${line.replace(' ', ') ')}`)).results).toEqual([
    'step 0 loss=0.5',
    'step 0 pid4034/loss=0.25',
    'step 1 loss=0.5',
    'step 1 pid4034/loss=NaN',
  ])
})

test('a process of another kind is read by the format of the others', () => {
  const lines = [0, 1, 2].flatMap((step) => [
    `(Learner pid=5) step=${step} loss=0.5`,
    `(Sampler pid=9) step=${step} entropy=0.25`,
  ])
  expect(readBriefly(lines).results.filter((text) => String(text).includes('entropy'))).toHaveLength(3)
})

test('a worker that was started again goes on with the series of the one before', () => {
  const lines = [
    '(W pid=11) step 1 loss 0.5',
    '(W pid=11) step 2 loss 0.25',
    '(W pid=99) Loading the checkpoint',
    '(W pid=99) step 3 loss 0.25',
  ]
  expect(readBriefly(lines).results).toEqual(['step 1 loss=0.5', 'step 2 loss=0.25', 'step 3 loss=0.25'])
})

test('the first lines wait for no more than sixteen, and no line below them', () => {
  const waiting = (texts: readonly string[]) => {
    let state = NO_WRAPPING
    return linesOf(texts).map((line) => {
      const step = unwrap(state, line)
      state = step.state
      return state.held.length
    })
  }
  expect(Math.max(...waiting(Array(40).fill('[7] loss 0.5')))).toBeLessThan(16)
  expect(waiting(['[7] loss 0.5', '[8] loss 0.5', '[9] loss 0.5'])).toEqual([1, 0, 0])
  expect(waiting(['a banner', '[7] loss 0.5', '[7] loss 0.5'])).toEqual([0, 0, 0])
})

test('a process may be called like what every object has', () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    const lines = [0, 1, 2].flatMap((step) => [`[pod/a] step ${step} loss 0.5`, `[pod/${name}] step ${step} loss 0.25`])
    expect(readBriefly(lines).results.slice(-2)).toEqual(['step 2 loss=0.5', `step 2 ${name}/loss=0.25`])
    expect(readBriefly([`[pod/${name}] step 1 loss nan`])).toEqual({
      format: 'key-value',
      results: ['step 1 loss=NaN'],
    })
  }
})

test('a line takes time in proportion to its length', () => {
  const ms = (text: string) => {
    const [line] = linesOf([text])
    const started = performance.now()
    for (let i = 0; i < 50; i++) unwrap(NO_WRAPPING, line!)
    return performance.now() - started
  }
  const unit = 1 << 14
  for (const piece of [
    '[INFO] ',
    'a.',
    '[rank1] ',
    '1',
    ' ',
    '(W pid=1) ',
    '2026-01-01 10:00:00 ',
    '| ',
    'INFO:root:',
    'a-1',
  ]) {
    ms(piece.repeat(unit))
    const [short, long] = [ms(piece.repeat(unit)), ms(piece.repeat(8 * unit))]
    expect(long, piece).toBeLessThan(32 * Math.max(short, 1))
  }
})

test('workers that a colon joins to their number have series of their own', () => {
  const lines = [
    'worker:0 step 5 loss 2',
    'worker:1 step 5 loss nan',
    'worker:0 step 6 loss 1',
    'worker:1 step 6 loss nan',
  ]
  expect(readBriefly(lines).results).toEqual([
    'step 5 loss=2',
    'step 5 worker-1/loss=NaN',
    'step 6 loss=1',
    'step 6 worker-1/loss=NaN',
  ])
})
