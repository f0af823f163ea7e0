import { expect, test } from 'vitest'
import { type CrashKind, crashIn, exceptionKind, exitKind } from '../../../src/core/job/crash-patterns.ts'

const CERTAIN: readonly (readonly [string, CrashKind])[] = [
  ['Segmentation fault (core dumped)', 'memory-fault'],
  ['bash: line 1: 4242 Segmentation fault      (core dumped) python train.py', 'memory-fault'],
  ['Bus error (core dumped)', 'memory-fault'],
  ['Fatal Python error: Aborted', 'fatal'],
  ['Killed', 'killed'],
  ['run.sh: line 3:  4242 Killed                  python train.py', 'killed'],
  ['zsh: killed     python train.py', 'killed'],
  ['  traceback : Signal 9 (SIGKILL) received by PID 58994', 'killed'],
  ['srun: error: node7: task 0: Killed', 'killed'],
  ['slurmstepd: error: *** JOB 4242 ON node7 CANCELLED AT 2026-01-01T10:00:00 DUE TO TIME LIMIT ***', 'time-limit'],
  ['slurmstepd: error: *** JOB 4242 ON node7 CANCELLED AT 2026-01-01T10:00:00 DUE TO NODE FAILURE ***', 'node-failure'],
  ['slurmstepd: error: *** STEP 4242.0 ON node7 CANCELLED AT 2026-01-01T10:00:00 ***', 'stopped'],
  ['slurmstepd: error: Detected 1 oom_kill event in StepId=4242.0. Some of your processes may have been', 'oom-killer'],
  ['Out of memory: Killed process 4242 (python) total-vm:9000kB', 'oom-killer'],
  [
    '[E ProcessGroupNCCL.cpp:587] [Rank 1] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=42)',
    'collective-timeout',
  ],
  ["terminate called after throwing an instance of 'c10::Error'", 'fatal'],
  ['[2026-01-01 10:00:00] [ERROR] [launch.py:325:sigkill_handler] exits with return code = 1', 'launcher'],
]

const UNSURE: readonly (readonly [string, CrashKind])[] = [
  ['WARNING: ran out of memory: CUDA out of memory. Tried to allocate 2.00 GiB, skipping the batch', 'gpu-memory'],
  ['RESOURCE_EXHAUSTED: Out of memory while trying to allocate 8589934592 bytes.', 'gpu-memory'],
  ['Main process received SIGTERM, exiting', 'stopped'],
  ["slurmstepd: error: couldn't chdir to /home/a", 'launcher'],
]

const IF_LAST: readonly (readonly [string, CrashKind])[] = [
  ['RuntimeError: NCCL timeout in barrier', 'collective-timeout'],
  ['RuntimeError: expected scalar type Half but found Float', 'runtime-error'],
  ['torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB', 'gpu-memory'],
  ["KeyError: 'lr'", 'exception'],
  ['KeyError: 0', 'exception'],
  ['AssertionError', 'assertion'],
  ['NaN detected in loss, aborting.', 'nan-loss'],
  ["python: can't open file '/job/train.py': [Errno 2] No such file or directory", 'file-not-found'],
  ['bash: ./train.sh: Permission denied', 'permission'],
  ['/usr/bin/python3: No module named torch', 'missing-module'],
  ['ERROR: no space left on device', 'disk-full'],
  ['trainer_1 exited with code 137', 'killed'],
  ['srun: error: node7: task 0: Exited with exit code 1', 'error-exit'],
  ['the command returned non-zero exit status 1', 'error-exit'],
  ['failed (exitcode: -9) local_rank: 3', 'killed'],
]

const NOTHING = [
  '',
  'Traceback (most recent call last):',
  'Killing subprocess 4242',
  'the best checkpoint was not killed',
  'the loss was nan at step 12, batch skipped',
  'WARNING: No such file or directory: cache.json, building it anew',
  'error rate: 0.02',
  'error: 0.0213',
  'mean_absolute_error: 0.31',
  'metrics: file does not exist yet, it will be created',
  'cache: no such file or directory, skipping',
  'uploading: connection reset by peer, trying again',
  'best loss inf -> 0.69, stopping early',
  'the upload failed with status code 403',
  'the server returned status code 200',
  'finished with status code 500',
  'exited with code 0',
  'INFO error rate 0.02',
  'peak memory 12.1 GB',
  'srun: error: Unable to confirm allocation for job 4242: Socket timed out',
]

for (const [line, kind] of CERTAIN) {
  test(`${kind}, for certain: ${line.slice(0, 90)}`, () => {
    expect(crashIn(line.toLowerCase())).toEqual({ kind, how: 'dead' })
  })
}

for (const [line, kind] of UNSURE) {
  test(`${kind}, maybe: ${line.slice(0, 90)}`, () => {
    expect(crashIn(line.toLowerCase())).toEqual({ kind, how: 'likely' })
  })
}

for (const [line, kind] of IF_LAST) {
  test(`${kind}, if nothing follows: ${line.slice(0, 90)}`, () => {
    expect(crashIn(line.toLowerCase())).toEqual({ kind, how: 'if-last' })
  })
}

for (const line of NOTHING) {
  test(`no crash: ${line}`, () => expect(crashIn(line.toLowerCase())).toBeNull())
}

test('an exception is of the kind that its last line names', () => {
  const kindOf = (line: string) => exceptionKind(line.toLowerCase())
  expect(kindOf('torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB')).toBe('gpu-memory')
  expect(kindOf('RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB')).toBe('gpu-memory')
  expect(kindOf("RuntimeError: [enforce fail] DefaultCPUAllocator: can't allocate memory")).toBe('host-memory')
  expect(kindOf('KeyboardInterrupt')).toBe('stopped')
  expect(kindOf('subprocess.CalledProcessError: Command returned non-zero exit status 1.')).toBe('launcher')
  expect(kindOf('ValueError: Solver produced non-finite parameter weights.')).toBe('nan-loss')
})

test('an exit code names the signal', () => {
  expect([-9, 137, -11, -15, 130, 1].map(exitKind)).toEqual([
    'killed',
    'killed',
    'memory-fault',
    'stopped',
    'stopped',
    'launcher',
  ])
})
