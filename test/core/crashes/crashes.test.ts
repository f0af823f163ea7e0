import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CRASH_CLASSES, type CrashClassKind, deathIn, exitClass } from '../../../src/core/crashes/index.ts'
import { exceptionKind } from '../../../src/core/job/crash-patterns.ts'

/** The last line of a traceback, and its class: from PyTorch, TensorFlow, JAX, NumPy, Python and others. */
const EXCEPTIONS: Readonly<Partial<Record<CrashClassKind, readonly string[]>>> = {
  'gpu-memory': [
    'torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB (GPU 1; 23.69 GiB total capacity)',
    'torch.OutOfMemoryError: HIP out of memory. Tried to allocate 1.50 GiB. GPU 0 has a total capacity of 63.98 GiB',
    'RuntimeError: CUDA out of memory. Tried to allocate 20.00 MiB',
    'RuntimeError: CUDA error: out of memory',
    'RuntimeError: MPS backend out of memory (MPS allocated: 17.2 GB, other allocations: 0.9 GB)',
    'RuntimeError: NPU out of memory. Tried to allocate 2.00 GiB',
    'RuntimeError: CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`',
    'jaxlib.xla_extension.XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory while trying to allocate 8589934592 bytes.',
    'tensorflow.python.framework.errors_impl.ResourceExhaustedError: OOM when allocating tensor with shape[64,512] and type float on /job:localhost/replica:0/task:0/device:GPU:0 by allocator GPU_0_bfc',
    'cupy.cuda.memory.OutOfMemoryError: Out of memory allocating 8,589,934,592 bytes (allocated so far: 1,024 bytes).',
    'xgboost.core.XGBoostError: [10:00:00] ../src/common/device_helpers.cuh:431: Memory allocation error on worker 0: std::bad_alloc: cudaErrorMemoryAllocation: out of memory',
    'pynvml.NVMLError_Memory: GPU out of memory',
    'ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing the engine.',
  ],
  'host-memory': [
    'MemoryError',
    'MemoryError: bad allocation',
    'numpy.core._exceptions._ArrayMemoryError: Unable to allocate 14.9 GiB for an array with shape (2000000000,) and data type float64',
    'OSError: [Errno 12] Cannot allocate memory',
    "RuntimeError: [enforce fail at alloc_cpu.cpp:75] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 400000000000 bytes. Error code 12 (Cannot allocate memory)",
    'RuntimeError: std::bad_alloc',
    'pyarrow.lib.ArrowMemoryError: malloc of size 8589934592 failed',
    'tensorflow.python.framework.errors_impl.ResourceExhaustedError: OOM when allocating tensor with shape[100000,100000] and type float on /job:localhost/replica:0/task:0/device:CPU:0 by allocator cpu',
  ],
  'oom-killer': ['ray.exceptions.OutOfMemoryError: Task was killed due to the node running low on memory.'],
  'no-accelerator': [
    'RuntimeError: CUDA error: no kernel image is available for execution on the device',
    'RuntimeError: CUDA error: invalid device ordinal',
    'RuntimeError: CUDA error: all CUDA-capable devices are busy or unavailable',
    'RuntimeError: No CUDA GPUs are available',
    'AssertionError: Torch not compiled with CUDA enabled',
    'RuntimeError: Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU and installed a driver from http://www.nvidia.com/Download/index.aspx',
    'RuntimeError: The NVIDIA driver on your system is too old (found version 11040). Please update your GPU driver.',
    'RuntimeError: CUDA error: no CUDA-capable device is detected',
    'RuntimeError: cudaGetDeviceCount() failed. CUDA driver version is insufficient for CUDA runtime version',
    'RuntimeError: CUDA unknown error - this may be due to an incorrectly set up environment, e.g. changing env variable CUDA_VISIBLE_DEVICES after program start.',
    'RuntimeError: Attempting to deserialize object on a CUDA device but torch.cuda.is_available() is False.',
    "ValueError: Invalid CUDA 'device=0' requested. Use 'device=cpu' or pass valid CUDA device(s) if available",
    'lightning.fabric.utilities.exceptions.MisconfigurationException: No supported gpu backend found!',
    "RuntimeError: Unable to initialize backend 'cuda': FAILED_PRECONDITION: No visible GPU devices.",
    'pynvml.NVMLError_LibRmVersionMismatch: RM has detected an NVML/RM version mismatch. Failed to initialize NVML: Driver/library version mismatch',
  ],
  'missing-module': [
    "ModuleNotFoundError: No module named 'apex'",
    "ImportError: cannot import name 'Adafactor' from 'transformers.optimization' (/opt/venv/lib/python3.11/site-packages/transformers/optimization.py)",
    'ImportError: libcudnn.so.8: cannot open shared object file: No such file or directory',
    'ImportError: /opt/venv/lib/python3.10/site-packages/flash_attn_2_cuda.so: undefined symbol: _ZN3c104cuda9SetDeviceEi',
    'OSError: libcublas.so.12: cannot open shared object file: No such file or directory',
    'importlib.metadata.PackageNotFoundError: No package metadata was found for bitsandbytes',
  ],
  assertion: [
    'AssertionError',
    'AssertionError: expected 3 channels, got 4',
    'AssertionError: train: no labels found in /data/labels.cache',
  ],
  'division-by-zero': [
    'ZeroDivisionError: float division by zero',
    'ZeroDivisionError: integer division or modulo by zero',
    'RuntimeError: ZeroDivisionError',
    "decimal.DivisionByZero: [<class 'decimal.DivisionByZero'>]",
    'FloatingPointError: divide by zero encountered in log',
  ],
  'open-files': [
    "OSError: [Errno 24] Too many open files: '/data/shards/000123.tar'",
    'RuntimeError: received 0 items of ancdata',
    'RuntimeError: unable to open shared memory object </torch_4242_17> in read-write mode: Too many open files (24)',
  ],
  'disk-full': [
    'OSError: [Errno 28] No space left on device',
    'OSError: [Errno 122] Disk quota exceeded',
    'RuntimeError: [enforce fail at inline_container.cc:424] . unexpected pos 1024 vs 960',
    'RuntimeError: PytorchStreamWriter failed writing file data/12: file write failed',
    'sqlite3.OperationalError: database or disk is full',
  ],
  'port-in-use': [
    'RuntimeError: The server socket has failed to listen on any local network address. The server socket has failed to bind to [::]:29500 (errno: 98 - Address already in use).',
    'OSError: [Errno 98] Address already in use',
    'torch.distributed.DistNetworkError: The server socket has failed to listen on any local network address. port: 29500, useIpv6: false, code: -98, name: EADDRINUSE, message: address already in use',
    'OSError: [WinError 10048] Only one usage of each socket address (protocol/network address/port) is normally permitted',
  ],
  permission: [
    "PermissionError: [Errno 13] Permission denied: '/mnt/out'",
    "OSError: [Errno 30] Read-only file system: '/data/cache'",
    'tensorflow.python.framework.errors_impl.PermissionDeniedError: /mnt/logs/train; Permission denied',
    'huggingface_hub.errors.GatedRepoError: 401 Client Error.',
    'BlockingIOError: [Errno 11] Unable to create file (unable to lock file, errno = 11); Permission denied',
  ],
  'device-mismatch': [
    'RuntimeError: Expected all tensors to be on the same device, but found at least two devices, cuda:1 and cpu!',
    'RuntimeError: Input type (torch.cuda.FloatTensor) and weight type (torch.FloatTensor) should be the same',
    'RuntimeError: indices should be either on cpu or on the same device as the indexed tensor (cpu)',
    'RuntimeError: module must have its parameters and buffers on device cuda:0 (device_ids[0]) but found one of them on device: cpu',
    "RuntimeError: Expected a 'cuda' device type for generator but found 'cpu'",
    "TypeError: can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first.",
    "RuntimeError: Tensor for argument #2 'weight' is on CPU, but expected it to be on GPU (while checking arguments for cudnn_batch_norm)",
    'ValueError: Received incompatible devices for jitted computation. Got argument x of f with shape float32[3] and device ids [0] on platform GPU',
    'RuntimeError: Input and hidden tensors are not at the same device, found input tensor at cuda:0 and hidden tensor at cpu',
  ],
  'checkpoint-mismatch': [
    'RuntimeError: Error(s) in loading state_dict for ResNet:',
    "ValueError: loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
    'ValueError: You are trying to load a weight file containing 16 layers into a model with 14 layers.',
    'RuntimeError: PytorchStreamReader failed reading zip archive: failed finding central directory',
    "_pickle.UnpicklingError: invalid load key, '<'.",
    'EOFError: Ran out of input',
    'ValueError: Received incompatible tensor with shape (10, 3) when attempting to restore variable with shape (10, 4) and name dense/kernel:0.',
    'safetensors_rust.SafetensorError: Error while deserializing header: HeaderTooLarge',
    'tensorflow.python.framework.errors_impl.NotFoundError: Key dense_1/kernel not found in checkpoint',
  ],
  'file-not-found': [
    "FileNotFoundError: [Errno 2] No such file or directory: 'data/train.csv'",
    "NotADirectoryError: [Errno 20] Not a directory: 'data/train.csv/a'",
    "OSError: Unable to open file (unable to open file: name = 'train.h5', errno = 2, error message = 'No such file or directory', flags = 0, o_flags = 0)",
    'tensorflow.python.framework.errors_impl.NotFoundError: data/train.tfrecord; No such file or directory',
    "OSError: my-org/my-model is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'",
    'ValueError: the dataset path /data/coco does not exist',
    'OSError: /models/llama does not appear to have a file named config.json.',
  ],
  'collective-timeout': [
    'torch.distributed.DistStoreError: Timed out after 1801 seconds waiting for clients. 3/4 clients joined.',
    'RuntimeError: [Rank 0] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=7, OpType=ALLREDUCE)',
    'RuntimeError: Timed out waiting 1800000ms for recv operation to complete',
    'jaxlib.xla_extension.XlaRuntimeError: DEADLINE_EXCEEDED: Barrier timed out. Barrier_id: PjRT_Client_Connect',
  ],
  'collective-error': [
    'torch.distributed.DistBackendError: NCCL error in: ../torch/csrc/distributed/c10d/ProcessGroupNCCL.cpp:1970, remote process exited or there was a network error, NCCL version 2.20.5',
    'RuntimeError: NCCL communicator was aborted on rank 2.',
    'horovod.common.exceptions.HorovodInternalError: Broken pipe',
    'ValueError: Horovod has been shut down. This was caused by an exception on one of the ranks',
    'tensorflow.python.framework.errors_impl.UnavailableError: Collective ops is aborted by: Socket closed',
    'jaxlib.xla_extension.XlaRuntimeError: UNAVAILABLE: The following tasks are unhealthy (stopped sending heartbeats): /job:jax_worker/replica:0/task:1',
    'RuntimeError: Application timeout caused pair closure',
    'RuntimeError: [../third_party/gloo/gloo/transport/tcp/pair.cc:534] Connection closed by peer [10.0.0.4]:41234',
  ],
  'nan-loss': [
    'FloatingPointError: Loss became infinite or NaN at iteration=412!',
    "RuntimeError: Function 'LogSoftmaxBackward0' returned nan values in its 0th output.",
    'ValueError: The loss returned in `training_step` is nan.',
    'tensorflow.python.training.basic_session_run_hooks.NanLossDuringTrainingError: NaN loss during training.',
    'Exception: training diverged, the loss is not finite',
    'FloatingPointError: invalid value (nan) encountered in jit(step)',
  ],
  'shape-mismatch': [
    'RuntimeError: mat1 and mat2 shapes cannot be multiplied (32x512 and 256x10)',
    'RuntimeError: The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1',
    "RuntimeError: shape '[32, 10]' is invalid for input of size 300",
    'RuntimeError: Sizes of tensors must match except in dimension 1. Expected size 32 but got size 31 for tensor number 1 in the list.',
    'RuntimeError: Given groups=1, weight of size [64, 3, 7, 7], expected input[8, 1, 224, 224] to have 3 channels, but got 1 channels instead',
    'RuntimeError: stack expects each tensor to be equal size, but got [3, 224, 224] at entry 0 and [1, 224, 224] at entry 3',
    'ValueError: operands could not be broadcast together with shapes (32,10) (32,)',
    'ValueError: shapes (3,4) and (5,6) not aligned: 4 (dim 1) != 5 (dim 0)',
    'ValueError: Expected input batch_size (32) to match target batch_size (16).',
    'ValueError: Target size (torch.Size([32])) must be the same as input size (torch.Size([32, 1]))',
    'ValueError: Found input variables with inconsistent numbers of samples: [150, 149]',
    'ValueError: X has 3 features, but LogisticRegression is expecting 4 features as input.',
    'ValueError: cannot reshape array of size 784 into shape (3,224,224)',
    'ValueError: Input 0 of layer "dense" is incompatible with the layer: expected axis -1 of input shape to have value 784, but received input with shape (None, 28)',
    'TypeError: dot_general requires contracting dimensions to have the same shape, got (10,) and (12,).',
    'ValueError: Incompatible shapes for broadcasting: shapes=[(32, 10), (32, 5)]',
    'tensorflow.python.framework.errors_impl.InvalidArgumentError: Incompatible shapes: [32,10] vs. [32,5] [Op:Sub]',
    'IndexError: Dimension out of range (expected to be in range of [-1, 0], but got 1)',
    'RuntimeError: running_mean should contain 64 elements not 32',
  ],
  'cuda-error': [
    'RuntimeError: CUDA error: device-side assert triggered',
    'RuntimeError: CUDA error: an illegal memory access was encountered',
    'torch.AcceleratorError: CUDA error: unspecified launch failure',
    'RuntimeError: cuDNN error: CUDNN_STATUS_EXECUTION_FAILED',
    'RuntimeError: CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasGemmEx( handle, opa, opb, m, n, k)`',
    'RuntimeError: HIP error: invalid device function',
    'HSA_STATUS_ERROR_EXCEPTION: An HSAIL operation resulted in a hardware exception.',
    'jaxlib.xla_extension.XlaRuntimeError: INTERNAL: Failed to execute XLA Runtime executable: CUDA_ERROR_ILLEGAL_ADDRESS: an illegal memory access was encountered',
    'cupy_backends.cuda.api.runtime.CUDARuntimeError: cudaErrorIllegalAddress: an illegal memory access was encountered',
  ],
  'gpu-hardware': [
    'RuntimeError: CUDA error: uncorrectable ECC error encountered',
    "torch.distributed.DistBackendError: NCCL error, unhandled cuda error. Last error: Cuda failure 214 'uncorrectable ECC error encountered'",
    'RuntimeError: CUDA error: uncorrectable NVLink error detected during the execution',
  ],
  'data-loader': [
    'RuntimeError: DataLoader worker (pid 4242) is killed by signal: Killed.',
    'RuntimeError: DataLoader worker (pid(s) 4242, 4243) exited unexpectedly',
    "RuntimeError: DataLoader worker (pid 4242) is killed by signal: Bus error. It is possible that dataloader's workers are out of shared memory.",
    'joblib.externals.loky.process_executor.TerminatedWorkerError: A worker process managed by the executor was unexpectedly terminated.',
    'concurrent.futures.process.BrokenProcessPool: A process in the process pool was terminated abruptly while the future was running or pending.',
    'RuntimeError: DataLoader timed out after 60 seconds',
  ],
  stopped: ['KeyboardInterrupt', 'SystemExit: 143'],
  'runtime-error': [
    'RuntimeError: Trying to backward through the graph a second time',
    'RuntimeError: expected scalar type Half but found Float',
    'RuntimeError: CUDA capability sm_120 is not compatible with this build',
    'RuntimeError: one of the variables needed for gradient computation has been modified by an inplace operation',
    'RuntimeError: cannot pin memory of a tensor that is pinned',
  ],
  exception: [
    "KeyError: 'lr'",
    'IndexError: list index out of range',
    "AttributeError: 'NoneType' object has no attribute 'shape'",
    "TypeError: forward() missing 1 required positional argument: 'mask'",
    'ValueError: too many values to unpack (expected 2)',
    'json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)',
    'yaml.scanner.ScannerError: mapping values are not allowed here',
    "omegaconf.errors.ConfigAttributeError: Key 'optim' is not in struct",
    "UnboundLocalError: local variable 'loss' referenced before assignment",
    'NotImplementedError: no loss for this head',
    'RecursionError: maximum recursion depth exceeded',
    'mypackage.errors.BadBatch: batch 12 has no rows',
  ],
}

/** What others say of a process that is gone. */
const DEATHS: Readonly<Partial<Record<CrashClassKind, readonly string[]>>> = {
  'oom-killer': [
    'Job was held: Error from slot1@n1: Job has gone over memory limit of 4096 megabytes. Peak usage: 4500 megabytes.',
    'JobState=OUT_OF_MEMORY Reason=OutOfMemory ExitCode=0:125',
    '[ 4821.55] Out of memory: Killed process 40822 (python) total-vm:8923144kB',
    'kernel: python invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
    'Memory cgroup out of memory: Killed process 991 (python3) total-vm:66000000kB, anon-rss:64000000kB',
    'slurmstepd: error: Detected 1 oom-kill event(s) in StepId=4242.batch. Some of your processes may have been killed by the cgroup out-of-memory handler.',
    'slurmstepd: error: Step 77.0 exceeded memory limit (68000000 > 67108864), being killed',
    'Last State: Terminated  Reason: OOMKilled  Exit Code: 137',
    'TERM_MEMLIMIT: job killed after reaching LSF memory usage limit.',
    '=>> PBS: job killed: mem 68719476736 exceeded limit 64gb',
  ],
  'memory-fault': [
    'Erreur de segmentation (core dumped)',
    'run.sh : ligne 3 :  4242 Erreur de segmentation  (core dumped) python train.py',
    '段错误 (核心已转储)',
    'srun: error: n1: task 5: Illegal instruction (core dumped)',
    'Segmentation fault (core dumped)',
    'Fatal Python error: Segmentation fault',
    '*** SIGSEGV received at time=1700000000 on cpu 12 ***',
    'free(): invalid pointer',
    'free(): double free detected in tcache 2',
    '*** buffer overflow detected ***: terminated',
    'malloc_consolidate(): invalid chunk size',
    '[gpu-9:11212] Signal: Segmentation fault (11)',
    'trainer.service: Main process exited, code=dumped, status=11/SEGV',
    'double free or corruption (!prev)',
    'Windows fatal exception: access violation',
    'python[991]: segfault at 8 ip 00007f sp 00007ffd error 4 in libtorch_cpu.so',
  ],
  killed: [
    'Getötet',
    '=   KILLED BY SIGNAL: 9 (Killed)',
    'Killed',
    'run.sh: line 3:  4242 Killed                  python train.py',
    '[1]+  Killed                  python train.py',
    'Signal 9 (SIGKILL) received by PID 58994',
    'exited: train (terminated by SIGKILL; not expected)',
    'trainer.service: Main process exited, code=killed, status=9/KILL',
  ],
  'time-limit': [
    'State=TIMEOUT ExitCode=0:1',
    'slurmstepd: error: *** JOB 4242 ON node7 CANCELLED AT 2026-01-01T10:00:00 DUE TO TIME LIMIT ***',
    'TERM_RUNLIMIT: job killed after reaching LSF run time limit.',
    '=>> PBS: job killed: walltime 3612 exceeded limit 3600',
    'Training job stopped: MaxRuntimeExceeded',
    'Time limit reached',
    'Job exceeded time limit, terminating',
    'Time limit reached: stopping job',
    'job 12 reached its time limit',
  ],
  preempted: [
    'The node was low on resource: Preempted in order to admit critical pod',
    'slurmstepd: error: *** JOB 4242 ON node7 CANCELLED AT 2026-01-01T10:00:00 DUE TO PREEMPTION ***',
    'instance gpu-vm-3 is being preempted',
    'Instance preempted: compute.instances.preempted',
    'Received preemption notice, saving a checkpoint',
    'TERM_PREEMPT: job killed by preemption',
  ],
  'node-failure': [
    'slurmstepd: error: *** JOB 4242 ON node7 CANCELLED AT 2026-01-01T10:00:00 DUE TO NODE FAILURE ***',
    'ray.exceptions.NodeDiedError: Task failed because the node it was running on is dead or unavailable.',
  ],
  fatal: [
    "terminate called after throwing an instance of 'c10::Error'",
    'Fatal Python error: Aborted',
    'Aborted (core dumped)',
    'mpirun noticed that process rank 0 with PID 4242 on node n1 exited on signal 6 (Aborted).',
    'srun: error: n1: tasks 0-3,5: Aborted (core dumped)',
    '=   KILLED BY SIGNAL: 6 (Aborted)',
    'YOUR APPLICATION TERMINATED WITH THE EXIT STRING: Aborted (signal 6)',
    'Abgebrochen (Speicherabzug geschrieben)',
    'Signal: Aborted (6)',
    '2026-01-02 10:00:00.123: F tensorflow/core/framework/tensor.cc:733] Check failed: dtype() == expected (9 vs. 1)',
  ],
  'division-by-zero': ['Floating point exception (core dumped)', 'Exception en point flottant (core dumped)'],
  assertion: [
    "ppo: src/rollout.cpp:142: void Rollout::push(const State&): Assertion `idx < capacity_' failed.",
    'F0301 10:00:01.112 991 trainer.cc:80] Check failed: batch.size() == 32 (31 vs. 32)',
  ],
  'host-memory': [
    'fatal error: runtime: out of memory',
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  ],
  'gpu-hardware': ['kernel: NVRM: Xid (PCI:0000:3b:00): 79, pid=4242, GPU has fallen off the bus.'],
  stopped: [
    'mpirun noticed that process rank 1 with PID 771 on node a1 exited on signal 15 (Terminated).',
    'srun: error: n1: task 2: Terminated',
    'trainer.service: Main process exited, code=killed, status=15/TERM',
  ],
}

const NO_DEATH = [
  'NVRM: Xid (PCI:0000:3b:00): 63, pid=1896, Row Remapper: New row marked for remapping, reset gpu to activate.',
  'received signal 15, saving a checkpoint',
  'data loader workers terminated by signal 15 at shutdown',
  'signal 6 is handled',
  'State=COMPLETED ExitCode=0:0',
  'the memory limit of 4096 megabytes is not reached',
  'Loaded 512 masks for the segmentation task, no fault found',
  'OOM handler: skipping batches that run out of memory',
  'WARNING scheduler.py:123 Sequence group 7 is preempted by PreemptionMode.RECOMPUTE mode',
  'installed a handler for SIGTERM and SIGSEGV',
  'evicted 12 entries from the cache',
  'node failure detection is on, heartbeat every 10 s',
  'step 12: killed 3 stale actors',
  'max walltime: 24:00:00, time limit 86400 s',
  'Time limit reached, stopping training gracefully',
  'Time limit reached. Saving checkpoint and exiting.',
  'Wall time limit exceeded; finishing up',
  'The run reached its time limit, stopping.',
  'signal-to-noise ratio 9.1',
]

describe('the class of an exception', () => {
  for (const [kind, lines] of Object.entries(EXCEPTIONS)) {
    test.each(lines)(`${kind}: %s`, (line) => expect(exceptionKind(line.toLowerCase())).toBe(kind))
  }
})

describe('the class of a death that others tell of', () => {
  for (const [kind, lines] of Object.entries(DEATHS)) {
    test.each(lines)(`${kind}: %s`, (line) => expect(deathIn(line.toLowerCase())).toBe(kind))
  }

  test.each(NO_DEATH)('none: %s', (line) => expect(deathIn(line.toLowerCase())).toBeNull())

  test('is known by an exit code that is a signal', () => {
    expect([-11, 139, -9, 137, 143, -6, 1, 2].map(exitClass)).toEqual([
      'memory-fault',
      'memory-fault',
      'killed',
      'killed',
      'stopped',
      'fatal',
      null,
      null,
    ])
  })
})

describe('the classes', () => {
  test('are numbered, each in a file of its name', () => {
    const codes = CRASH_CLASSES.map(({ code }) => code)
    expect(codes.map((code) => code.split('-', 1)[0])).toEqual(codes.map((_, i) => `C${i + 1}`))
    const files = readdirSync('src/core/crashes').filter((name) => /^c\d/.test(name))
    expect(files.sort()).toEqual(codes.map((code) => `${code.toLowerCase()}.ts`).sort())
  })

  test('say in whole sentences what happened, what to change, and where to look next', () => {
    for (const { why, fix, next } of CRASH_CLASSES) for (const text of [why, fix, next]) expect(text).toMatch(/\.$/)
  })

  test('have an exception, a death or an example above each', () => {
    const told = new Set([...Object.keys(EXCEPTIONS), ...Object.keys(DEATHS)])
    expect(CRASH_CLASSES.map(({ kind }) => kind).filter((kind) => !told.has(kind))).toEqual([])
  })
})
