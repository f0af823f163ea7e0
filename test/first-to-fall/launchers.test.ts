import { describe, expect, test } from 'vitest'
import { crashIn } from '../../src/core/alerts/deaths.ts'
import { clockMsOf } from '../../src/core/job/line-clock.ts'
import { WatchedRun } from '../core/pipeline/watched-run.ts'

const read = (...lines: readonly string[]) => new WatchedRun().read('train.log', `${lines.join('\n')}\n`, true)
const steps = (from: number, to: number, mark = '') =>
  Array.from({ length: to - from + 1 }, (_, at) => `${mark}step ${from + at} loss ${(3 - (from + at) / 50).toFixed(2)}`)
const died = (error: string, mark = '') =>
  ['Traceback (most recent call last):', '  File "t.py", line 9, in <module>', '    f()', error].map(
    (line) => `${mark}${line}`,
  )
const headlineOf = (run: WatchedRun) => {
  const whole = run.alerts.filter(({ partOf, state }) => partOf === null && state === 'firing')
  expect(whole).toHaveLength(1)
  return whole[0]!
}

/** The table of mpirun at the end of a job of which one process failed. */
const MPIRUN = ['Primary job  terminated normally, but 1 process returned', 'a non-zero exit code.']
const mpirunNames = (rank: number) => [
  'The first process to do so was:',
  '',
  `  Process name: [[32213,1],${rank}]`,
  '  Exit code:    1',
]
const table = (...codes: readonly number[]) => [
  'torch.distributed.elastic.multiprocessing.errors.ChildFailedError: ',
  'Failures:',
  ...codes.flatMap((code, rank) => [
    ...(rank === 0 ? ['Root Cause (first observed failure):'] : []),
    `  rank      : ${rank} (local_rank: ${rank})`,
    `  exitcode  : ${code} (pid: ${1700 + rank})`,
  ]),
]
const RESET = 'RuntimeError: [../gloo/transport/tcp/pair.cc:589] Read error [127.0.0.1]:1: Connection reset by peer'

describe('a rank whose exception the others went on after', () => {
  const error = 'ZeroDivisionError: division by zero'

  test('is the first to fall where mpirun tells of it, without marks of ranks', () => {
    const run = read(
      ...steps(1, 19),
      ...died(error),
      'step 20 loss 1.00',
      ...MPIRUN,
      ...steps(21, 24),
      ...mpirunNames(1),
    )
    expect(headlineOf(run).headline).toMatch(/^step 19: rank 1 fell first: ZeroDivisionError/)
    expect(run.alerts).toHaveLength(1)
  })

  test('is one alert with its own log, in whatever order the two are read', () => {
    const launcher = `${[...steps(1, 19), ...died(error), ...steps(3, 5), ...MPIRUN, ...mpirunNames(1)].join('\n')}\n`
    const files = [
      ['job/1/rank.1/stderr', `${died(error).join('\n')}\n`],
      ['job/launcher.log', launcher],
    ] as const
    for (const ordered of [files, files.toReversed()]) {
      const run = new WatchedRun()
      for (const [file, text] of ordered) run.read(file, text, true)
      expect(headlineOf(run).headline).toMatch(/rank 1 fell first: ZeroDivisionError/)
      expect(run.alerts.map(({ state }) => state)).toEqual(['firing', 'firing'])
    }
  })

  test('is named with what it said where it exited by itself', () => {
    const tagged = (rank: number) => `[1,${rank}]<stdout>:`
    const before = [0, 1, 2].flatMap((rank) => steps(1, 19, tagged(rank)))
    const run = read(...before, '[1,1]<stderr>:config has no field lr', ...MPIRUN, ...mpirunNames(1))
    const { headline, why } = headlineOf(run)
    expect(headline).toContain('rank 1 fell first: it exited by itself, and said before: config has no field lr (')
    expect(why).not.toContain('on its console')
  })

  test('is so with the marks of --tag-output', () => {
    const tagged = (rank: number) => `[1,${rank}]<stdout>:`
    const others = [0, 2].flatMap((rank) => steps(20, 24, tagged(rank)))
    const before = [0, 1, 2].flatMap((rank) => steps(1, 19, tagged(rank)))
    const run = read(...before, ...died(error, '[1,1]<stderr>:'), ...MPIRUN, ...others, ...mpirunNames(1))
    expect(headlineOf(run).headline).toMatch(/^step 19: rank 1 fell first: ZeroDivisionError/)
  })

  test('did catch it where nobody tells of a failure, or long after it', () => {
    for (const end of [[], mpirunNames(1)]) {
      const run = read(...steps(1, 19), ...died(error), ...steps(20, 90), ...end)
      expect(run.alerts[0]).toMatchObject({ severity: 'info', state: 'resolved' })
    }
  })

  test('did catch it where a logger wrote it', () => {
    const run = read(...steps(1, 19), 'ERROR failed', ...died(error), ...steps(20, 24), ...mpirunNames(1))
    expect(run.alerts[0]).toMatchObject({ severity: 'info', state: 'resolved' })
  })
})

describe('a rank that was killed, in a file without marks', () => {
  test('goes before the connections that broke, by the table of torchrun', () => {
    const lost = [...steps(1, 7), ...died(RESET), ...died(RESET)]
    const faulted = headlineOf(read(...lost, ...died('', '').slice(0, -1), ...table(1, -11, 1)))
    expect(faulted).toMatchObject({ headline: 'step 7: rank 1 fell first: rank 1 ended with signal 11.' })
    expect(faulted.cause?.code).toBe('C4-memory-fault')
    expect(faulted.firstSign).toBeNull()
  })

  test('goes before them by the words of mpirun', () => {
    const noticed = 'mpirun noticed that process rank 1 with PID 0 on node vm exited on signal 6 (Aborted).'
    const whole = headlineOf(read(...steps(1, 19), ...died(RESET), ...MPIRUN, ...died(RESET), noticed))
    expect(whole.headline).toMatch(/^step 19: rank 1 fell first: mpirun noticed/)
    expect(whole.cause?.code).toBe('C30-aborted')
  })
})

test('the abort of a process that has told why is no other death', () => {
  const watchdog =
    '[rank0]:[E ProcessGroupNCCL.cpp:563] [Rank 0] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=8, OpType=ALLREDUCE, Timeout(ms)=60000) ran for 60012 milliseconds before timing out.'
  const abort = ["terminate called after throwing an instance of 'c10::DistBackendError'", '  what():  x']
  const timedOut = read(...steps(1, 30), watchdog, ...abort, 'Aborted (core dumped)')
  expect(timedOut.alerts).toHaveLength(1)
  expect(headlineOf(timedOut).cause?.code).toBe('C3-collective-timeout')
  const failed = read(...steps(1, 30), ...died("KeyError: 'x'", '[rank0]: '), 'Aborted')
  expect(failed.alerts).toHaveLength(1)
  expect(headlineOf(failed).headline).toContain("KeyError: 'x'")
})

describe('the mark of a rank', () => {
  const marks: Readonly<Record<string, (rank: number) => string>> = {
    '-l of MPICH': (rank) => `[${rank}] `,
    'with the number of ranks': (rank) => `[${rank}/4] `,
    'rank=': (rank) => `rank=${rank} `,
    'behind a logger': (rank) => `INFO:root:[Rank ${rank}] `,
    'behind a time': (rank) => `2024-05-05 10:00:00,123 [rank ${rank}] INFO `,
    'docker compose': (rank) => `worker-${rank} | `,
    kubernetes: (rank) => `[pod/train-worker-${rank}/pytorch] `,
  }
  for (const [name, mark] of Object.entries(marks)) {
    test(`is known: ${name}`, () => {
      const all = Array.from({ length: 30 }, (_, at) =>
        [0, 1, 2, 3].map((rank) => `${mark(rank)}step ${at} loss 1.${90 - at}`),
      )
      const reset = 'torch.distributed.DistBackendError: NCCL error in: x.cpp:1970, remote process exited'
      const waited = [0, 1, 3].flatMap((rank) => died(reset, mark(rank)))
      const run = read(...all.flat(), ...died('IndexError: list index out of range', mark(2)), ...waited)
      expect(headlineOf(run).headline).toMatch(/^step \d+: rank 2 fell first: IndexError.*; 3 others waited for it\.$/)
    })
  }

  test('does not hide an error alone in its line', () => {
    const run = read(...steps(1, 30), '[3] RuntimeError: CUDA error: device-side assert triggered')
    expect(headlineOf(run).cause?.code).toBe('C16-cuda-error')
  })

  test('is not that of a background job of a shell, nor of an epoch', () => {
    expect(read(...steps(1, 30), '[1]    12345 killed     tensorboard --logdir x').alerts).toEqual([])
    const epochs = Array.from({ length: 12 }, (_, at) => `[${(at % 6) + 1}/6] loss 1.${50 - at}`)
    const dead = headlineOf(read(...epochs, ...died('ValueError: bad')))
    expect(dead.headline).not.toContain('rank')
  })
})

describe('a log that ends before its format is sure', () => {
  const traceback = died('ValueError: bad')
  for (const [name, words] of Object.entries({ traceback, kill: ['Killed'], exception: ['ValueError: x'] })) {
    test(`dies of its last words: ${name}`, () => {
      for (const record of ['loss', 'train 1 loss']) {
        const run = read(`${record} 1.20`, `${record} 1.10`, ...words)
        expect(headlineOf(run).severity).toBe('critical')
        expect(run.memory.ending?.kind).toBe('crashed')
      }
    })
  }

  test('goes on where a record stands below them', () => {
    const run = read('loss 1.20', 'loss 1.10', ...traceback, 'loss 1.00', 'loss 0.90')
    expect(run.alerts[0]).toMatchObject({ severity: 'info', state: 'resolved' })
    expect(run.memory.ending).toBeNull()
  })
})

test('runs of one job are compared by the clocks of their last records, where a traceback has none', () => {
  const stamped = steps(10, 40).map((line, at) => `2026-03-04 10:00:${10 + at} INFO ${line}`)
  const run = read(...stamped, ...died("KeyError: 'x'"))
  const [open] = run.memory.incidents.open
  expect(crashIn(open!)?.clockMs).toBe(clockMsOf('2026-03-04 10:00:40 INFO'))
})

/** The table of torchrun as it stands below its own traceback: the process that it looked at first comes last. */
const tableBelowTraceback = (root: readonly [number, number], ...others: readonly (readonly [number, number])[]) => {
  const ofRank = ([rank, code]: readonly [number, number]) => [
    `  rank      : ${rank} (local_rank: ${rank})`,
    `  exitcode  : ${code} (pid: ${1700 + rank})`,
  ]
  return [
    `ERROR:torch.distributed.elastic.multiprocessing.api:failed (exitcode: ${root[1]}) local_rank: ${root[0]} (pid: 17)`,
    'Traceback (most recent call last):',
    '  File "/usr/bin/torchrun", line 8, in <module>',
    'torch.distributed.elastic.multiprocessing.errors.ChildFailedError: ',
    'Failures:',
    ...others.flatMap(ofRank),
    'Root Cause (first observed failure):',
    ...ofRank(root),
  ]
}

describe('a table of exit codes', () => {
  const cases: readonly (readonly [string, readonly string[], string | null, RegExp])[] = [
    [
      'names the rank that was killed, and not the one that failed of it',
      tableBelowTraceback([0, 1], [1, -9], [2, 1]),
      'C5-killed',
      /^step 9: rank 1 fell first: rank 1 ended with signal 9\.$/,
    ],
    ['names a memory fault', tableBelowTraceback([0, 1], [2, -11]), 'C4-memory-fault', /rank 2 fell first/],
    ['puts a kill before an abort', tableBelowTraceback([0, -6], [2, -6], [3, -9]), 'C5-killed', /rank 3 fell first/],
    [
      'names the one rank that exited, of which nothing else is known',
      tableBelowTraceback([1, 3]),
      null,
      /^step 9: rank 1 fell first: it exited by itself \(a process of the job ended with exit code 3\)\.$/,
    ],
    ['of mpirun does so, too', mpirunNames(3), null, /rank 3 fell first: it exited by itself \(Exit code: 1\)/],
    [
      'of Intel MPI names the rank and the signal',
      [
        '=   BAD TERMINATION OF ONE OF YOUR APPLICATION PROCESSES',
        '=   RANK 3 PID 21 RUNNING AT n1',
        '=   KILLED BY SIGNAL: 9 (Killed)',
      ],
      'C5-killed',
      /rank 3 fell first/,
    ],
    [
      'of srun gives exit codes',
      ['srun: error: n1: task 2: Exited with exit code 137'],
      'C5-killed',
      /rank 2 fell first/,
    ],
    [
      'may stand behind the marks of srun',
      tableBelowTraceback([0, 1], [1, -9]).map((line) => `0: ${line}`),
      'C5-killed',
      /rank 1 fell first/,
    ],
  ]
  test.each(cases)('%s', (_, lines, code, headline) => {
    const alert = headlineOf(read(...steps(1, 9), ...lines))
    expect(alert.headline).toMatch(headline)
    expect(alert.cause?.code).toBe(code)
  })
})

test('a fault that other ranks wrote on after is the death of which the table of torchrun tells', () => {
  const fault = [
    'Fatal Python error: Segmentation fault',
    '',
    ...Array.from({ length: 5 }, (_, at) => `  File "t.py", line ${at} in main`),
  ]
  const run = read(...steps(1, 9), ...fault, ...steps(10, 12), ...tableBelowTraceback([1, -11]))
  expect(run.alerts).toHaveLength(1)
  expect(headlineOf(run).headline).toMatch(/^step 9: rank 1 fell first: Fatal Python error/)
})
