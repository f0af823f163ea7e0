import { expect, test } from 'vitest'
import { WatchedRun } from '../core/pipeline/watched-run.ts'

/** How processes mark their lines so that it shows which rank wrote them. */
const MARKS: Readonly<Record<string, (rank: number) => string>> = {
  'pdsh by address': (rank) => `10.0.0.${4 + rank}: [rank${rank}]: `,
  'srun and torchrun': (rank) => `${rank}: [rank${rank}]: `,
  'a padded srun -l': (rank) => ` ${rank}: `,
  'a bar': (rank) => `${rank}| `,
  'of so many': (rank) => `[rank ${rank}/4] `,
  local: (rank) => `[local_rank ${rank}] `,
  pairs: (rank) => `rank=${rank} `,
  'a name': (rank) => `rank-${rank}: `,
  'behind a time': (rank) => `[2026-03-04 05:06:07][rank${rank}] `,
  'behind a logger': (rank) => `2026-03-04 05:06:07,123 - INFO - rank ${rank} - `,
}
const ERROR = ['Traceback (most recent call last):', '  File "train.py", line 3, in <module>', 'ValueError: bad sample']
const BROKE = 'RuntimeError: [/src/gloo/transport/tcp/pair.cc:598] Connection closed by peer'

for (const [name, mark] of Object.entries(MARKS)) {
  test(`the rank that fell first is named by its mark: ${name}`, () => {
    const steps = [1, 2, 3, 4].flatMap((step) =>
      [0, 1, 2, 3].map((rank) => `${mark(rank)}step ${step} loss 0.${9 - step}`),
    )
    const end = [...ERROR.map((line) => mark(3) + line), ...[0, 1, 2].map((rank) => mark(rank) + BROKE)]
    const run = new WatchedRun().read('train.log', `${[...steps, ...end].join('\n')}\n`, true)
    expect(run.alert('crashed').headline).toMatch(/rank 3 fell first: .*ValueError: bad sample/)
  })
}

test('a line of JSON that tells an error names its rank in a field', () => {
  const lines = [
    ...[1, 2, 3, 4].map((step) => `{"step": ${step}, "loss": 0.${9 - step}, "rank": 0}`),
    '{"level": "error", "rank": 3, "msg": "ValueError: bad sample"}',
    `{"level": "error", "rank": 0, "msg": "${BROKE}"}`,
  ]
  const run = new WatchedRun().read('train.log', `${lines.join('\n')}\n`, true)
  expect(run.alert('crashed').headline).toMatch(/rank 3 fell first: .*ValueError: bad sample/)
})

test('what stands before a line hides no error in it', () => {
  for (const mark of ['10.0.0.4: ', 'Wed Mar  4 05:06:07 2026<stderr>:', '[n0:3] ', 'GPU 3: ', '[GPU3] ']) {
    const steps = [1, 2, 3, 4].map((step) => `${mark}step ${step} loss 0.${9 - step}`)
    const lines = [...steps, ...[...ERROR, BROKE].map((line) => mark + line)]
    const run = new WatchedRun().read('train.log', `${lines.join('\n')}\n`, true)
    expect(run.alert('crashed').headline).toContain('the job ended: ValueError: bad sample')
  }
})

test('the class of an exception behind a time or the name of a process is no logger', () => {
  for (const mark of [
    'May 11 08:10:11 gpu07 train.sh[4121]: ',
    '[2026-05-11 08:10:11] ',
    '2026-05-11 08:10:11,123 ERROR ',
  ]) {
    for (const error of ['zmq.error.Again: no answer', 'lab.data.BadShard: shard 7', 'queue.Empty']) {
      const steps = [1, 2, 3, 4].map((step) => `${mark}step ${step} loss 0.${9 - step}`)
      const end = [...ERROR.slice(0, 2), error].map((line) => mark + line)
      const run = new WatchedRun().read('train.log', `${[...steps, ...end].join('\n')}\n`, true)
      expect(run.alert('crashed').headline).toContain(`the job ended: ${error}`)
    }
  }
})

test('a logger that is called after a class is no exception', () => {
  const lines = [
    'Traceback (most recent call last):',
    '  File "train.py", line 3, in <module>',
    'ValueError: bad sample',
  ]
  const end = lines.map((line) => `2026-05-11 08:10:11 INFO my.lab.Trainer: ${line}`)
  const run = new WatchedRun().read('train.log', `step 1 loss 0.9\nstep 2 loss 0.8\n${end.join('\n')}\n`, true)
  expect(run.alert('crashed').headline).toContain('ValueError: bad sample')
})
