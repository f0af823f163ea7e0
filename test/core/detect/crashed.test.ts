import { describe, expect, test } from 'vitest'
import { BUILT_IN } from '../../../src/core/formats/format-set.ts'
import { advance } from '../../../src/core/pipeline/advance.ts'
import { NO_LINES } from '../../../src/core/pipeline/content.ts'
import { Lines, splitLines } from '../../../src/core/reading/lines.ts'
import { NEW_FILE } from '../../../src/core/state/file-state.ts'
import { EMPTY_MEMORY } from '../../../src/core/state/run-memory.ts'
import type { Alert } from '../../../src/protocol/alert.ts'
import { messageOf } from '../../../src/protocol/alert.ts'
import { decodeJson, encodeJson } from '../../../src/protocol/json.ts'
import { utf8 } from '../reading/bytes.ts'

const RECORDS = [1, 2, 3].map((step) => `step ${step} loss 0.5`)
const TRACEBACK = [
  'Traceback (most recent call last):',
  '  File "train.py", line 41, in main',
  '    loss = step(batch)',
  '  File "model.py", line 7, in step',
  '    return x @ w',
  'RuntimeError: mat1 and mat2 shapes cannot be multiplied',
]
const TORCHRUN = [
  'Traceback (most recent call last):',
  '  File "/usr/bin/torchrun", line 8, in <module>',
  'torch.distributed.elastic.multiprocessing.errors.ChildFailedError: ',
  '======================',
  'train.py FAILED',
  'Failures:',
  '  exitcode  : 1 (pid: 48)',
  'Root Cause (first observed failure):',
  '[0]:',
  '  rank      : 6 (local_rank: 6)',
  '  exitcode  : -9 (pid: 58994)',
]

/** The alerts `crashed` of a log as they stand at last; where it is read line by line, and saved between, too. */
function alertsIn(lines: readonly string[], isFinal = true, detectors = {}): Alert[] {
  const text = utf8(lines.map((line) => `${line}\n`).join(''))
  const all = splitLines(text, 0).lines
  const fold = (pieces: readonly (typeof all)[]) => {
    let file = NEW_FILE
    let memory = EMPTY_MEMORY
    const alerts = new Map<string, Alert>()
    pieces.forEach((piece, index) => {
      const isLast = isFinal && index === pieces.length - 1
      const place = { run: 'exp7', file: 'train.log', backfillUntil: 0, nowIso: 'now' }
      const content = { ...NO_LINES, lines: piece }
      const outcome = advance({ ...place, content, isFinal: isLast }, file, memory, {
        epsilon: 1e-10,
        detectors,
        formats: BUILT_IN,
      })
      file = decodeJson(encodeJson(outcome.file))
      memory = decodeJson(encodeJson(outcome.memory))
      for (const { alert } of outcome.transitions) if (alert.rule === 'crashed') alerts.set(alert.id, alert)
    })
    return [...alerts.values()]
  }
  const whole = fold([all])
  expect(fold([...all.map((line) => Lines.of([line])), Lines.of([])])).toEqual(whole)
  return whole
}

describe('a traceback', () => {
  test('is critical at its last line, with the exception, where it came from, and the last lines', () => {
    const [alert] = alertsIn([...RECORDS, ...TRACEBACK], false)
    expect(alert).toMatchObject({ severity: 'critical', state: 'firing', metric: 'loss', value: 0.5, step: 3 })
    expect(messageOf(alert!)).toBe(
      'step 3: the job ended: RuntimeError: mat1 and mat2 shapes cannot be multiplied. Two shapes that have to fit do not. It came from model.py, line 7. Print the shapes just before the line that is shown; a last batch that is smaller, or an axis too many, is usual.',
    )
    const lines = alert?.cause?.evidence.filter(({ name }) => name === 'line').map(({ value }) => value)
    expect(lines).toEqual(TRACEBACK)
  })

  test('is not told before its last line', () => {
    expect(alertsIn([...RECORDS, ...TRACEBACK.slice(0, -1)], false)).toEqual([])
  })

  test('that was cut short is told at the end of the log', () => {
    expect(alertsIn([...RECORDS, ...TRACEBACK.slice(0, -1)])).toMatchObject([{ severity: 'critical' }])
  })

  test('keeps no more than eight lines', () => {
    const frames = Array.from({ length: 40 }, (_, i) => `  File "deep.py", line ${i}, in f`)
    const [alert] = alertsIn([TRACEBACK[0]!, ...frames, 'ValueError: too deep'])
    expect(alert?.cause?.evidence.filter(({ name }) => name === 'line')).toHaveLength(8)
    expect(messageOf(alert!)).toContain('deep.py, line 39')
  })

  test('is found behind a record on the same line, and behind the mark of a rank', () => {
    // Of the first the record can be read all the same.
    const json = (step: number) => `{"step": ${step}, "loss": 0.5}`
    for (const [before, record] of [
      [RECORDS.slice(0, 2), 'step 3 loss 0.5 '],
      [RECORDS.slice(0, 2), 'step 3 loss 0.5'],
      [[1, 2].map(json), json(3)],
      [['step,loss', '1,0.5', '2,0.5'], '3,0.5'],
    ] as const) {
      const offset = before.join('\n').length + 1
      const glued = [...before, `${record}${TRACEBACK[0]}`, ...TRACEBACK.slice(1)]
      expect(alertsIn(glued)).toMatchObject([
        { severity: 'critical', offset, why: 'Two shapes that have to fit do not. It came from model.py, line 7.' },
      ])
    }
    expect(alertsIn([...RECORDS, ...TRACEBACK.map((line) => `[rank0]: ${line}`)])).toMatchObject([
      { severity: 'critical' },
    ])
  })

  test('is found below the rows of a table, and so is a kill', () => {
    const table = ['step,loss', '1,0.5', '2,0.5']
    expect(alertsIn([...table, ...TRACEBACK])).toMatchObject([{ severity: 'critical', step: 2 }])
    for (const last of [
      'Killed',
      '/var/spool/slurm_script: line 12: 12345 Killed   python train.py',
      './run.sh: line 3: 77 Segmentation fault      (core dumped) python train.py',
      '0: slurmstepd: error: Detected 1 oom-kill event(s) in StepId=1.batch.',
    ]) {
      expect(alertsIn([...table, last])).toMatchObject([{ severity: 'critical', step: 2 }])
    }
    // A time before a comma is the first cell of a row.
    const timed = TRACEBACK.map((line) => `2024-01-01 10:00:13,123 ${line}`)
    const headline = `step 2: the job ended: ${TRACEBACK.at(-1)}.`
    expect(alertsIn(['step,loss,lr', '1,0.5,1', '2,0.5,1', ...timed])).toMatchObject([{ headline }])
  })

  test('is no crash where it is the text of a sample in a row that is broken', () => {
    const json = (more: string) => ['{"step": 1, "loss": 0.5}', '{"step": 2, "loss": 0.5}', more]
    for (const lines of [
      json('{"step": 3, "loss": 0.5, "text": "prints Segmentation fault (core dumped)'),
      json(
        '{"step": 3, "probs": [[0.5, "x"]], "labels": [0], "text": "RuntimeError: CUDA out of memory, how do I fix it?"}',
      ),
      ['step,loss', '1,0.5', '2,0.5', '3,0.5,"killed, and got OutOfMemoryError"'],
      ['text,label,p0,p1', 'good,0,0.9,0.1', 'bad,1,0.2,0.8', 'RuntimeError: CUDA out of memory'],
    ]) {
      expect(alertsIn(lines)).toEqual([])
    }
  })

  test('that was caught, and training went on, is only noted', () => {
    const [alert] = alertsIn([...RECORDS, ...TRACEBACK, 'step 4 loss 0.5'])
    expect(alert).toMatchObject({ severity: 'info', state: 'resolved', resolvedStep: 4 })
    expect(messageOf(alert!)).toMatch(/It was caught: training went on at step 4\. /)
  })

  test('is resolved and stays critical where the job began again from a checkpoint', () => {
    expect(alertsIn([...RECORDS, ...TRACEBACK, 'step 2 loss 0.5', 'step 3 loss 0.5'])).toMatchObject([
      { severity: 'critical', state: 'resolved' },
    ])
  })

  test('that a logger wrote is only noted until the log ends with it', () => {
    const logged = [...RECORDS, 'ERROR:root:Unable to import wandb.', ...TRACEBACK]
    expect(alertsIn(logged, false)).toMatchObject([{ severity: 'info' }])
    expect(alertsIn(logged)).toMatchObject([{ severity: 'critical' }])
    expect(alertsIn([...logged, 'Training finished'])).toMatchObject([{ severity: 'info', state: 'resolved' }])
  })

  test('of a destructor at the end of the process is nothing', () => {
    expect(alertsIn([...RECORDS, 'Exception ignored in: <function F.__del__>', ...TRACEBACK])).toEqual([])
  })

  test('after training has finished is no crash of the training', () => {
    expect(alertsIn([...RECORDS, 'Training finished', ...TRACEBACK])).toMatchObject([{ severity: 'warning' }])
  })

  test('of a launcher is told with the exit code of the process that failed first', () => {
    const [alert] = alertsIn([...RECORDS, ...TORCHRUN], false)
    expect(alert).toMatchObject({ severity: 'critical', cause: { code: 'C5-killed' } })
    expect(alertsIn([...RECORDS, ...TORCHRUN.slice(0, 5)])).toMatchObject([
      { severity: 'critical', cause: { code: null } },
    ])
  })
})

const deaths: readonly (readonly [string, string, string])[] = [
  ['torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB', 'critical', 'C1-gpu-out-of-memory'],
  ['Segmentation fault (core dumped)', 'critical', 'C4-memory-fault'],
  ['Killed', 'critical', 'C5-killed'],
  [
    'slurmstepd: error: *** JOB 42 ON n7 CANCELLED AT 2026-01-01T10:00:00 DUE TO TIME LIMIT ***',
    'warning',
    'C6-time-limit',
  ],
  ['slurmstepd: error: *** JOB 42 ON n7 CANCELLED AT 2026-01-01T10:00:00 ***', 'warning', 'C8-stopped'],
]
for (const [line, severity, code] of deaths) {
  test(`a log that ends with "${line.slice(0, 60)}" is ${severity}: ${code}`, () => {
    expect(alertsIn([...RECORDS, line])).toMatchObject([{ severity, state: 'firing', cause: { code } }])
  })
}

test.each([
  { by: 'PyTorch on the CPU', lines: ['IndexError: Target 5 is out of bounds.'] },
  {
    by: 'PyTorch on a GPU',
    lines: [
      'nll_loss_forward_reduce_cuda_kernel_2d: block: [0,0,0], thread: [3,0,0] Assertion `t >= 0 && t < n_classes` failed.',
      'RuntimeError: CUDA error: device-side assert triggered',
    ],
  },
  {
    by: 'TensorFlow, below where Keras called it,',
    lines: [
      'tensorflow.python.framework.errors_impl.InvalidArgumentError: Graph execution error:',
      '',
      'Detected at node compile_loss/SparseSoftmaxCrossEntropyWithLogits defined at (most recent call last):',
      ...Array.from({ length: 20 }, (_, i) => `  File "keras/src/backend/tensorflow/nn.py", line ${i}, in call`),
      '',
      'Received a label value of 5 which is outside the valid range of [0, 5).  Label values: 4 2 5 3',
      '\t [[{{node compile_loss/SparseSoftmaxCrossEntropyWithLogits}}]] [Op:__inference_one_step_on_data_7808]',
    ],
  },
])('a label that is refused by $by is named as the cause', ({ lines }) => {
  const died = [...RECORDS, ...TRACEBACK.slice(0, -1), ...lines]
  expect(alertsIn(died)).toMatchObject([
    { severity: 'critical', cause: { code: 'R11-label-out-of-range', confidence: 'strong' } },
  ])
})

test('memory that ran out is only noted while the log goes on, for the batch may have been skipped', () => {
  const told = 'WARNING: CUDA out of memory'
  expect(alertsIn([...RECORDS, told], false)).toMatchObject([{ severity: 'info' }])
  expect(alertsIn([...RECORDS, told, 'step 4 loss 0.5'])).toMatchObject([{ severity: 'info', state: 'resolved' }])
})

test('memory that ran out is none where the job says what it did instead', () => {
  expect(alertsIn([...RECORDS, 'WARNING: CUDA out of memory, skipping the batch'])).toEqual([])
})

test('the signal gives way to the reason that is told for it', () => {
  const preempted = alertsIn([...RECORDS, 'received SIGTERM', 'job 4242 was preempted'])
  expect(preempted).toMatchObject([{ severity: 'warning', cause: { code: 'C28-preempted' } }])
  const actor = ['ray.exceptions.RayActorError: The actor died.', 'The actor died because its node has died. Node: 4d']
  expect(alertsIn([...RECORDS, ...TRACEBACK.slice(0, -1), ...actor])).toMatchObject([
    { severity: 'critical', cause: { code: 'C7-node-failure' } },
  ])
})

test('a worker of the data loader that died is the root of a connection that broke', () => {
  const chain = [
    ...TRACEBACK.slice(0, -1),
    'ConnectionResetError: [Errno 104] Connection reset by peer',
    '',
    'During handling of the above exception, another exception occurred:',
    '',
    ...TRACEBACK.slice(0, -1),
    'RuntimeError: Pin memory thread exited unexpectedly',
  ]
  expect(alertsIn([...RECORDS, ...chain])).toMatchObject([{ cause: { code: 'C27-data-loader-worker' } }])
})

describe('a check that did not hold in a kernel of CUDA or HIP', () => {
  const kernel =
    '../aten/src/ATen/native/cuda/Loss.cu:250: nll_loss: block: [0,0,0], thread: [5,0,0] Assertion `t >= 0` failed.'
  const hip = '/src/native/hip/Indexing.hip:1290: index: Device-side assertion `at < size` failed.'
  const error = 'RuntimeError: CUDA error: device-side assert triggered'

  test.each([
    { name: 'alone', lines: [kernel] },
    { name: 'of HIP', lines: [hip] },
    { name: 'above the error of Python', lines: [kernel, error] },
    { name: 'above an abort', lines: [kernel, "terminate called after throwing an instance of 'c10::Error'"] },
  ])('is an error of CUDA: $name', ({ lines }) => {
    expect(alertsIn([...RECORDS, ...lines])).toMatchObject([{ cause: { code: 'C16-cuda-error' } }])
  })

  test('is that of the rank whose traceback follows', () => {
    const marked = [TRACEBACK[0]!, TRACEBACK[1]!, error].map((line) => `[rank3]: ${line}`)
    const alerts = alertsIn([...RECORDS, kernel, ...marked])
    expect(alerts).toMatchObject([{ headline: `step 3: the job ended: ${error}.`, cause: { code: 'C16-cuda-error' } }])
  })

  test('is none of C++ on the host', () => {
    const host = "python: ../src/cuda/cache.cu:77: void f(): Assertion `n == 0' failed."
    expect(alertsIn([...RECORDS, host])).toMatchObject([{ cause: { code: 'C14-assertion' } }])
  })
})

test.each([
  ["Cuda failure 214 'uncorrectable ECC error encountered'", 'C22-gpu-hardware'],
  ["Cuda failure 'out of memory'", 'C1-gpu-out-of-memory'],
  ['socketStartConnect: Connect to 10.0.0.1<4242> failed : Connection refused', 'C10-collective-error'],
])('an error of NCCL that quotes another one is what it quotes: %s', (quoted, code) => {
  const nccl = [
    TRACEBACK[0]!,
    TRACEBACK[1]!,
    'torch.distributed.DistBackendError: NCCL error in: NCCLUtils.hpp:268, unhandled cuda error, NCCL version 2.19.3',
    'ncclUnhandledCudaError: Call to CUDA function failed.',
    'Last error:',
    quoted,
  ]
  for (const mark of ['', '[rank5]: '])
    expect(alertsIn([...RECORDS, ...nccl.map((line) => mark + line)])).toMatchObject([{ cause: { code } }])
})

test('what a worker raised gives the alert its words, its place and its cause', () => {
  const passedOn = [
    ...TRACEBACK.slice(0, -1),
    'RuntimeError: Caught OSError in DataLoader worker process 2.',
    'Original Traceback (most recent call last):',
    '  File "/venv/torch/utils/data/_utils/worker.py", line 308, in _worker_loop',
    '  File "/job/data.py", line 12, in __getitem__',
    'OSError: broken data stream',
  ]
  const [alert] = alertsIn([...RECORDS, ...passedOn])
  expect(alert).toMatchObject({ severity: 'critical', cause: { code: 'C21-exception' } })
  expect(messageOf(alert!)).toMatch(
    /the job ended: OSError: broken data stream\..* It came from \/job\/data\.py, line 12\./,
  )
})

test('the rule can be switched off', () => {
  expect(alertsIn([...RECORDS, ...TRACEBACK], true, { crashed: false })).toEqual([])
})

const FRAME = '  File "/job/train.py", line 9, in <module>'
const BETWEEN = ['', 'During handling of the above exception, another exception occurred:', '']
const DIRECT = ['', 'The above exception was the direct cause of the following exception:', '']

describe('the class of a crash is that of its root', () => {
  const roots: readonly (readonly [what: string, code: string, lines: readonly string[]])[] = [
    [
      'an exception that was raised while another was handled',
      'C11-file-not-found',
      [
        TRACEBACK[0]!,
        FRAME,
        "FileNotFoundError: [Errno 2] No such file or directory: 'a'",
        ...BETWEEN,
        TRACEBACK[0]!,
        FRAME,
        'RuntimeError: no data',
      ],
    ],
    [
      'an exception that was raised from another',
      'C12-permission',
      [
        TRACEBACK[0]!,
        FRAME,
        "PermissionError: [Errno 13] Permission denied: 'a'",
        ...DIRECT,
        TRACEBACK[0]!,
        FRAME,
        'ValueError: cannot save',
      ],
    ],
    [
      'an exception that was raised from one that says nothing',
      'C27-data-loader-worker',
      [
        TRACEBACK[0]!,
        FRAME,
        '_queue.Empty',
        ...DIRECT,
        TRACEBACK[0]!,
        FRAME,
        'RuntimeError: DataLoader worker (pid 7) exited unexpectedly',
      ],
    ],
    [
      'what a worker of the data loader raised',
      'C11-file-not-found',
      [
        TRACEBACK[0]!,
        FRAME,
        'RuntimeError: Caught RuntimeError in DataLoader worker process 0.',
        'Original Traceback (most recent call last):',
        '  File "/job/data.py", line 3, in __getitem__',
        "FileNotFoundError: [Errno 2] No such file or directory: 'a'",
      ],
    ],
    [
      'what a spawned process raised',
      'C19-shape-mismatch',
      [
        TRACEBACK[0]!,
        FRAME,
        'torch.multiprocessing.spawn.ProcessRaisedException: ',
        '',
        '-- Process 1 terminated with the following error:',
        ...TRACEBACK,
      ],
    ],
    [
      'what a rank said before its launcher',
      'C19-shape-mismatch',
      [TRACEBACK.at(-1)!, ...TORCHRUN.slice(0, -1), '  exitcode  : 1 (pid: 9)'],
    ],
    ['a signal that the launcher tells of', 'C5-killed', TORCHRUN],
    [
      'an abort, of what C++ threw',
      'C16-cuda-error',
      [
        "terminate called after throwing an instance of 'c10::Error'",
        '  what():  CUDA error: an illegal memory access was encountered',
        'Aborted (core dumped)',
      ],
    ],
    [
      'an abort, of an exception of C++ that is of no other class',
      'C21-exception',
      [
        "terminate called after throwing an instance of 'std::out_of_range'",
        '  what():  vector::_M_range_check: __n (which is 5) >= this->size() (which is 3)',
        'Aborted (core dumped)',
      ],
    ],
    [
      'a check of C++ about a GPU',
      'C1-gpu-out-of-memory',
      [
        'F0311 10:18:40.551231  44 syncedmem.cpp:71] Check failed: error == cudaSuccess (2 vs. 0)  out of memory',
        '*** Check failure stack trace: ***',
        'Aborted (core dumped)',
      ],
    ],
    [
      'a check of C++ about a file',
      'C11-file-not-found',
      ['F0311 10:18:40.551231  44 io.cpp:88] Check failed: Read(file, param) Failed to open train.prototxt'],
    ],
    [
      'a signal below the heading of MPICH',
      'C5-killed',
      ['=   BAD TERMINATION OF ONE OF YOUR APPLICATION PROCESSES', '=   PID 41 RUNNING AT n1', '=   EXIT CODE: 9'],
    ],
    [
      'what stands above the wrapper of conda',
      'C21-exception',
      ['KeyError: 7', 'ERROR x failed. (See above for error)'],
    ],
    [
      'a kill, by the kernel',
      'C9-oom-killer',
      ['Killed', '[9182.1] Memory cgroup out of memory: Killed process 77 (python)'],
    ],
    [
      'a step that Slurm cancels because a task failed',
      'C23-port-in-use',
      [
        'OSError: [Errno 98] Address already in use',
        'srun: error: node7: task 0: Exited with exit code 1',
        'slurmstepd: error: *** STEP 9.0 ON node7 CANCELLED AT 2026-01-01T10:00:00 ***',
      ],
    ],
    [
      'a message that goes on below',
      'C19-shape-mismatch',
      [
        'tensorflow.python.framework.errors_impl.InvalidArgumentError: Graph execution error:',
        '',
        'Incompatible shapes: [32,10] vs. [32,11]',
      ],
    ],
    [
      'what Node says above its version',
      'C13-missing-module',
      ["Error: Cannot find module '@tensorflow/tfjs-node'", 'Require stack:', '- /job/train.js', 'Node.js v22.3.0'],
    ],
    [
      'a traceback of which each line has a time before it',
      'C1-gpu-out-of-memory',
      [...TRACEBACK.slice(0, -1), 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 3.00 GiB.'].map(
        (line) => `[07:22:13] ${line}`,
      ),
    ],
    [
      'an error behind a date, alone',
      'C11-file-not-found',
      [`2026-03-04 05:06:07 ${"FileNotFoundError: [Errno 2] No such file or directory: 'b'"}`],
    ],
    [
      'a message of which the first line only names the layer',
      'C19-shape-mismatch',
      [
        TRACEBACK[0]!,
        FRAME,
        'ValueError: Exception encountered when calling Dense.call().',
        '',
        'Matrix size-incompatible: In[0]: [16,7], In[1]: [9,5] [Op:MatMul]',
      ],
    ],
    [
      'a message that names where to look',
      'C26-checkpoint-mismatch',
      [
        TRACEBACK[0]!,
        FRAME,
        'RuntimeError: The weights could not be restored, see the details below.',
        'size mismatch for head.bias: copying a param with shape torch.Size([5]) from checkpoint, the shape in current model is torch.Size([9]).',
      ],
    ],
  ]
  for (const [what, code, lines] of roots) {
    test(what, () => {
      const alerts = alertsIn([...RECORDS, ...lines])
      expect(alerts.map(({ severity, cause }) => [severity, cause?.code])).toEqual([['critical', code]])
    })
  }
})

describe('the last words of a job are read', () => {
  const code = 'C11-file-not-found'
  const line = "FileNotFoundError: [Errno 2] No such file or directory: 'a'"
  const died = [TRACEBACK[0]!, FRAME, line]
  const prefixes = [
    '3: ',
    '[rank3]: ',
    '[1,3]<stderr>:',
    '(Worker pid=77, ip=10.0.0.7) ',
    'trainer_1  | ',
    '[pod/fit-0/main] ',
    '2026-01-01T10:00:00.123456Z stderr F ',
    'Jan  1 10:00:00 node7 train[77]: ',
  ]
  test.each(prefixes)('behind %s', (prefix) => {
    const alerts = alertsIn([...RECORDS, ...died.map((each) => prefix + each)])
    expect(alerts).toMatchObject([{ severity: 'critical', cause: { code } }])
  })

  test('where the log ends with an error alone, and at its end only', () => {
    expect(alertsIn([...RECORDS, line])).toMatchObject([{ severity: 'critical', cause: { code } }])
    expect(alertsIn([...RECORDS, line], false)).toEqual([])
  })

  test('below the rows of a table', () => {
    const ended = 'slurmstepd: error: *** JOB 9 ON node7 CANCELLED AT 2026-01-01T10:00:00 DUE TO TIME LIMIT ***'
    const table = ['step,loss', '1,0.5', '2,0.5', '3,0.5']
    expect(alertsIn([...table, ended])).toMatchObject([{ severity: 'warning', cause: { code: 'C6-time-limit' } }])
    expect(alertsIn([...table, line])).toMatchObject([{ severity: 'critical', cause: { code } }])
  })

  test('behind a bar that ends no line', () => {
    const bar = 'Epoch 3:  12%|█▏        | 12/100 [00:12<01:28,  1.00it/s, loss=0.5]'
    const alerts = alertsIn([`${bar}Segmentation fault (core dumped)`])
    expect(alerts).toMatchObject([{ severity: 'critical', cause: { code: 'C4-memory-fault' } }])
  })
})

describe('what a job outlives is no crash of it', () => {
  const outlived: Readonly<Record<string, readonly string[]>> = {
    'an error that it prints and goes on': ['ValueError: bad sample 7', 'step 4 loss 0.5'],
    'errors that it prints again and again': ['KeyError: 1', 'step 4 loss 0.5', 'KeyError: 2', 'step 5 loss 0.5'],
    'an error far above its last line': [
      'OSError: no cache',
      ...Array.from({ length: 30 }, (_, i) => `row ${i} is fine`),
    ],
    'a traceback that a model wrote': ['generated: Traceback (most recent call last): KeyError: 1'],
    'an error before words of an end': ['OSError: no cache', 'Training finished.'],
    'another process that was killed': ['Killed', 'step 4 loss 0.5'],
    'a worker that is started again': [
      'Task was killed due to the node running low on memory; retrying',
      'step 4 loss 0.5',
    ],
    'a warning that nothing follows': ['WARNING: CUDA is not available, training on the CPU'],
    'what a sample says': ['sample: what does Segmentation fault (core dumped) mean?', 'step 4 loss 0.5'],
    'the name of a test': ['test_oom_killed_marker passed'],
    'a preemption of sequences': [
      'WARNING scheduler.py: Sequence group 7 is preempted by PreemptionMode.RECOMPUTE mode',
    ],
  }
  test.each(Object.keys(outlived))('%s', (what) => {
    const alerts = alertsIn([...RECORDS, ...outlived[what]!])
    expect(alerts.filter(({ severity }) => severity !== 'info')).toEqual([])
  })

  test('and its headline says so', () => {
    for (const lines of [
      ['Killed', 'step 4 loss 0.5'],
      [...TRACEBACK, 'step 4 loss 0.5'],
    ]) {
      const headlines = alertsIn([...RECORDS, ...lines]).map(({ headline }) => headline)
      expect(headlines).toMatchObject([expect.stringMatching(/^step 3: the job went on after this: [KR]/)])
    }
  })
})
