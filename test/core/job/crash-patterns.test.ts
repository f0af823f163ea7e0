import { expect, test } from 'vitest'
import { type CrashKind, crashIn, exceptionKind, exitKind } from '../../../src/core/job/crash-patterns.ts'

const CERTAIN: readonly (readonly [string, CrashKind])[] = [
  ['Segmentation fault (core dumped)', 'memory-fault'],
  ['bash: line 1: 4242 Segmentation fault      (core dumped) python train.py', 'memory-fault'],
  ['Bus error (core dumped)', 'memory-fault'],
  ['Fatal Python error: Aborted', 'fatal'],
  ['Killed', 'killed'],
  ['make: *** [Makefile:40: train] Killed', 'killed'],
  ['make: *** [Makefile:40: train] Segmentation fault (core dumped)', 'memory-fault'],
  ['ORTE has lost communication with a remote daemon.', 'node-failure'],
  ['[n3:9358 :0:9358]    ud_iface.c:737  UCX Fatal: transport error: Endpoint timeout', 'collective-error'],
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
  ['libc++abi: terminating due to uncaught exception of type std::length_error: vector', 'exception'],
  ['[2026-01-01 10:00:00] [ERROR] [launch.py:325:sigkill_handler] exits with return code = 1', 'launcher'],
]

const UNSURE: readonly (readonly [string, CrashKind])[] = [
  ['WARNING: ran out of memory: CUDA out of memory. Tried to allocate 2.00 GiB', 'gpu-memory'],
  ['RESOURCE_EXHAUSTED: Out of memory while trying to allocate 8589934592 bytes.', 'gpu-memory'],
  ['CUDA error: out of memory, retrying failed, giving up', 'gpu-memory'],
  ['error: GPU 0 out of memory, exiting', 'gpu-memory'],
  ['ERROR: Out of GPU memory trying to allocate 2.000 GiB', 'gpu-memory'],
  ['Main process received SIGTERM, exiting', 'stopped'],
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
  ['loss is NaN at step 0, giving up after 1 bad step', 'nan-loss'],
  ['[FATAL] loss is not finite (inf), shutting down', 'nan-loss'],
  ['FloatingPointError: Minimum loss scale reached (0.0001). Try lowering the rate, using clipping', 'nan-loss'],
  ['/opt/conda/bin/python: error: data file /data/val.bin does not exist', 'file-not-found'],
  ['2026-11-29 10:00:00,123 - trainer - CRITICAL - accept failed: [Errno 24] Too many open files', 'open-files'],
  ['{"level": "fatal", "event": "save", "error": "write /c/9.pt: no space left on device"}', 'disk-full'],
  ['Xid 92 High single-bit ECC error rate; job 1180 stopped', 'gpu-hardware'],
  ['ERROR (copy[5.5]:Input():io.cc:756) Error opening input stream exp/12.ark', 'file-not-found'],
  ['cv2.error: OpenCV(4.8.0) error: (-4:Insufficient memory) Failed to allocate 1207959552 bytes', 'host-memory'],
  ['2026-11-29 10:00:00,000 ERROR [checkpoint.py:80] could not save a.pt: [Errno 28] No space left', 'disk-full'],
  ['ERROR:root:DataLoader 3 workers exit unexpectedly, pids: 3312, 3313', 'data-loader'],
  ['socket.timeout: timed out', 'exception'],
  ['ERROR: LoadError: DimensionMismatch: A has size (10,784), B has size (768,32)', 'shape-mismatch'],
  ['Exception in thread "main" java.lang.OutOfMemoryError: Java heap space', 'host-memory'],
  ["thread 'main' (4242) panicked at src/train.rs:88:14:", 'fatal'],
  ["thread 'tokio-3' panicked at src/train.rs:88:14:", 'fatal'],
  ['error: uncaught exception: std::runtime_error: bad vocabulary', 'exception'],
  ['ERROR: DivideError: integer division error', 'division-by-zero'],
  ["[Errno 24] Too many open files: '/data/7.npy'", 'open-files'],
  ["luajit: train.lua:3: module 'cunn' not found:", 'missing-module'],
  ['ERROR conda.cli.main_run:execute(49): `conda run python t.py` failed. (See above for error)', 'launcher'],
  ['OSError: 1000000 requested and 131056 written', 'disk-full'],
  ['sqlite3.OperationalError: database or disk is full', 'disk-full'],
  ['Execution halted', 'exception'],
  ['panic: runtime error: index out of range [10] with length 10', 'exception'],
  ['panic: runtime error: integer divide by zero', 'division-by-zero'],
  // An exception by the package of its name, or by its name.
  ['google.api_core.exceptions.Forbidden: 403 POST https://storage.example/b/x/o', 'permission'],
  ['google.api_core.exceptions.ServiceUnavailable: 503 The service is currently unavailable', 'exception'],
  ["subprocess.TimeoutExpired: Command 'tar' timed out after 60 seconds", 'exception'],
  ['jax.errors.TracerBoolConversion: Attempted boolean conversion of a traced array', 'exception'],
  ['torch._dynamo.exc.Unsupported: call_function', 'exception'],
  ['StopIteration', 'exception'],
  ['queue.Empty', 'exception'],
  ['ERROR: LoadError: OutOfMemoryError()', 'host-memory'],
  ['ERROR: LoadError: ArgumentError: Package Flux not found in current path.', 'missing-module'],
  ['Error in library(torchvision) : there is no package called ‘torchvision’', 'missing-module'],
  ['Error using trainNetwork (line 184)', 'exception'],
  // A library that says it without an exception.
  ['CUDA error 700 (an illegal memory access was encountered) at src/gemm.cu:88', 'cuda-error'],
  ['CUDA error at gemm.cu:88: an illegal memory access was encountered', 'cuda-error'],
  ['CUDA driver version is insufficient for CUDA runtime version', 'no-accelerator'],
  // What is said of it is no act of the job.
  ['OSError: [Errno 5] Input/output error - retries exhausted', 'exception'],
  ['RuntimeError: failed after 3 tries; skipping is not allowed', 'runtime-error'],
  ['ValueError: num_samples should be positive, dropping the last batch left none', 'exception'],
  // A job that did something, and gives up all the same.
  ['RuntimeError: Caught RuntimeError in DataLoader worker process 0.', 'runtime-error'],
  ['sandbox server exited with exit code 1, aborting', 'error-exit'],
  ["[NeMo E 2026-11-29 09:30:01 nemo_logging:349] [Errno 24] Too many open files: 'a.json'", 'open-files'],
  ['ray.exceptions.WorkerCrashedError: The worker died unexpectedly while executing this task.', 'killed'],
  ['make: *** [Makefile:40: train] Error 137', 'killed'],
  ['trainer_1 exited with code 137', 'killed'],
  ['srun: error: node7: task 0: Exited with exit code 1', 'error-exit'],
  ['the command returned non-zero exit status 1', 'error-exit'],
  ['failed (exitcode: -9) local_rank: 3', 'killed'],
  // As containers, clusters and process managers write it.
  ['container exited: code 137', 'killed'],
  ['Command exited: returncode=-6', 'fatal'],
  ['"exitCode": 139,', 'memory-fault'],
  ['  Exit Code:    137', 'killed'],
  ['trainer.service: Main process exited, code=exited, status=1/FAILURE', 'error-exit'],
  ['exit_status  137', 'killed'],
  ['Exit_status=271', 'stopped'],
  ['(1) Normal termination (return value 139)', 'memory-fault'],
  ['=   EXIT CODE: 9', 'killed'],
]

/** What a job, or its runtime, says of itself where no more is known. */
const FAILED: readonly string[] = [
  "Training failed: RuntimeError('bad batch')",
  'CRITICAL:root:training failed, giving up',
  'FATAL: could not read shard 3',
  'ERROR: training aborted: bad batch',
  '训练失败：显存不足',
  'Training fehlgeschlagen: kein Speicher',
  "Échec de l'entraînement : mémoire",
  '学習に失敗しました',
  '학습 실패: 메모리 부족',
  'El entrenamiento falló',
  'Unhandled exception. System.InvalidOperationException: x',
  'Uncaught TypeError: x is not a function',
  'Node.js v22.1.0',
]

/** How something is set, what was before, and what would be: nothing that becomes of this job. */
const TALK: readonly string[] = [
  'Using NCCL timeout of 30 minutes',
  'INFO NCCL timeout: 1800000 ms',
  'the OOM killer is disabled in this cgroup',
  'previous run was killed by the OOM killer, resuming from ckpt-20',
  'previous attempt was killed by signal 9; resumed from step 20',
  'In case of CUDA out of memory, reduce batch_size',
  'Handling SIGTERM by saving a checkpoint',
  'If this job is preempted training resumes when finished',
  'Jobs cancelled due to time limit are requeued automatically',
  'KeyboardInterrupt is handled: saves and exits',
  'worker 3 exited with exit code 1, restarting',
  'spot instance: may be reclaimed',
  'slurmstepd: info: oom_kill event count 0',
  // An exit code that is set, explained or 0.
  'exit_code=0',
  'restart_on_exit_code=137',
  'exit code 137 means that the kernel killed it',
  'exit_code: 137  # taken for a lack of memory',
  '(1) Normal termination (return value 0)',
  // What a model wrote, or is asked.
  'sample: RuntimeError: CUDA out of memory means that the GPU is full',
  'Prompt 3: KeyError: what is it?',
  '[generated] Segmentation fault (core dumped)',
  'Q: ModuleNotFoundError: No module named foo, why?',
  '> Killed',
  'model output: MemoryError',
  "chosen: ImportError: cannot import name 'x'",
  '"RuntimeError: CUDA out of memory" is what it says',
  'NODE_FAIL count: 0; preempted: 0',
  'fatal: not a git repository (or any of the parent directories): .git',
  'Training failed to improve for 5 epochs',
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
  // What is said of a NaN or of memory that ran out, and did no harm.
  'Loss plot saved: inf values were clipped, exiting',
  'no NaN in the loss or the gradients; exiting',
  'checked 48 weights for NaN or inf: 0 found, exiting',
  'NaN rows in the loss table: 0. Exiting',
  'training stopped by max_steps; nan-safe loss enabled',
  'GPU 0: out of memory events: 0',
  'max memory reserved 22.1 GB, 0 CUDA out of memory retries',
  'CUDA out of memory handler unregistered',
  // What others have ended.
  'workers: 8 exited, 0 killed',
  'data loader: 2 worker processes killed after the last batch',
  '[1]+  Killed                  nvidia-smi dmon > gpu.log',
  'run.sh: line 31: 21212 Terminated              tensorboard --logdir runs',
  // What counts nothing, or explains.
  'Errors: 0, warnings: 12',
  'errors: none',
  'linter exited with code 1 (not fatal)',
  'post-run hook returned exit code 1, ignored',
  'make: [Makefile:21: clean] Error 1 (ignored)',
  'Note: jobs are killed after 24:00:00 (DUE TO TIME LIMIT)',
  '--oom-killer       let the kernel OOM killer take the largest worker',
  'OSError: could not get terminal size, using 80 columns',
  'Segmentation fault rate map exported',
  'open files: 121 (limit 1024)',
  // What the job did instead.
  'Caught RuntimeError: CUDA error: out of memory - halving micro batch to 4',
  'OOM caught at step 30: torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB; skipping batch',
  'WARNING: ran out of memory: CUDA out of memory. Tried to allocate 2.00 GiB, skipping the batch',
  'caught OutOfMemoryError: CUDA out of memory. Retrying with batch 4',
  'ValueError: bad sample 17 -- dropped',
  'ConnectionError: reset by peer, will retry in 5 s',
  // What was executed for a model, and judged.
  "[sandbox] python exited with exit code 1: NameError: name 'foo' is not defined",
  'verifier: process exited with status 1, reward=0',
  'unit tests: exit code 1 -> reward 0.0',
  '[tool] python returned exit code 1',
  // What has the form of an exception, and is a count.
  'train.errors.count: 3',
  "+ echo 'training failed'",
  'training failed? no',
  'CUDA errors: none',
  'CUDA error count: 0',
  // What a driver mends, or counts.
  'NVRM: Xid (PCI:0000:3b:00): 63, pid=1896, Row Remapper: New row marked for remapping, reset gpu to activate.',
  'NVRM: Xid (PCI:0000:3b:00): 64, Row Remapper Error',
  'NVRM: Xid (PCI:0000:3b:00): 92, High single-bit ECC error rate',
  // What is done beside the training, and behind it.
  'slurmstepd: error: unable to remove /tmp/job_4811: Directory not empty',
  "2026-11-29 09:20:00,000 - trainer - ERROR - failed to log image: No module named 'matplotlib'",
  "rm: cannot remove 'tmp/lock': No such file or directory",
  'cleanup: failed to remove /dev/shm/psm_12ab: No such file or directory',
  'upload failed: connection reset by peer',
  'ERROR: TensorBoard could not bind to port 6006, it was already in use',
  'error: could not write plots/cm.png: Permission denied',
  "error: failed to push some refs to 'https://huggingface.co/me/model'",
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

for (const line of FAILED) {
  test(`failed, if it is the last: ${line}`, () => expect(crashIn(line.toLowerCase())?.how).toBe('if-last'))
}

for (const line of [...NOTHING, ...TALK]) {
  test(`no crash: ${line}`, () => expect(crashIn(line.toLowerCase())).toBeNull())
}

test.each([
  ["slurmstepd: error: couldn't chdir to /home/a", 'launcher'],
  ["cp: cannot stat 'logs/*.err': No such file or directory", 'file-not-found'],
  ["find: '/tmp/x': Permission denied", 'permission'],
  ['./run.sh: line 40: nvidia-smi: command not found', 'missing-module'],
])('a program that a script calls ends no training: %s', (line, kind) => {
  expect(crashIn(line.toLowerCase())).toEqual({ kind, how: 'before-training' })
})

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
