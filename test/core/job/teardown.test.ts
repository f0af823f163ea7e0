import { describe, expect, test } from 'vitest'
import { WatchedRun } from '../pipeline/watched-run.ts'

const STEPS = Array.from({ length: 20 }, (_, at) => `step ${at} loss ${(3 - at / 20).toFixed(3)}`)
const TIMED_OUT =
  '[Rank 1] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=88, OpType=ALLREDUCE, Timeout(ms)=600000) ran for 600012 milliseconds before timing out.'
const NCCL =
  '[Rank 1] Process group watchdog thread terminated with exception: NCCL error: remote process exited or there was a network error'
const ECC =
  '[Rank 1] Process group watchdog thread terminated with exception: CUDA error: uncorrectable ECC error encountered'
const THROWN = "terminate called after throwing an instance of 'c10::DistBackendError'"

/** What a process said of why it ends, and the class of that. */
const ROOTS: readonly (readonly [string, string])[] = [
  [`[rank1]:[E ProcessGroupNCCL.cpp:616] ${TIMED_OUT}`, 'C3'],
  [`[E1022 10:00:00.123456 ProcessGroupNCCL.cpp:616] ${TIMED_OUT}`, 'C3'],
  [`10.0.0.4: [rank1]:[E ProcessGroupNCCL.cpp:616] ${TIMED_OUT}`, 'C3'],
  [`1: [rank1]:[E ProcessGroupNCCL.cpp:616] ${TIMED_OUT}`, 'C3'],
  [
    "[rank1]:[F1022 10:00:00.12 ProcessGroupNCCL.cpp:1554] [Rank 1] ProcessGroupNCCL's watchdog got stuck for 600 seconds without making progress",
    'C3',
  ],
  [`[rank1]:[E ProcessGroupNCCL.cpp:1595] ${NCCL}`, 'C10'],
  [`[E ProcessGroupNCCL.cpp:1595] ${ECC}`, 'C22'],
  [`[rank1]:[E1022 10:00:00.123456 ProcessGroupNCCL.cpp:1595] ${ECC}`, 'C22'],
  ['[rank1]: torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB', 'C1'],
  ['[E socket.cpp:922] [c10d] The server socket has failed to bind: errno: 98 - Address already in use', 'C23'],
  ['F1021 10:11:12.345678  4411 reader.cc:99] Check failed: fd >= 0 (-1 vs. 0)', 'C14'],
  ["terminate called after throwing an instance of 'std::bad_alloc'", 'C2'],
]
/** What native code, shells and launchers say of the end of that process. */
const ENDS: Readonly<Record<string, readonly string[]>> = {
  'an abort': [THROWN, 'Aborted (core dumped)'],
  'an abort with the mark of its rank': [`[rank1]: ${THROWN}`, '[rank1]: Aborted (core dumped)'],
  'an exit code': ['exitcode: -6', 'Signal 6 (SIGABRT) received by PID 4411'],
  srun: ['srun: error: n1: task 1: Aborted (core dumped)'],
  'a cancelled step': [
    'slurmstepd: error: *** STEP 9.0 ON n1 CANCELLED AT 2026-01-01 ***',
    'srun: error: n1: task 1: Aborted',
  ],
  mpirun: ['mpirun noticed that process rank 1 with PID 4411 on node n1 exited on signal 6 (Aborted).'],
  bash: ['run.sh: line 12:  4411 Aborted                 (core dumped) python train.py'],
  Python: ['Fatal Python error: Aborted'],
}

describe('how a process ended does not hide why', () => {
  for (const [root, code] of ROOTS) {
    test.each(Object.entries(ENDS))(`${root.slice(0, 90)}, and %s`, (_, end) => {
      const run = new WatchedRun().read('train.log', `${[...STEPS, root, ...end].join('\n')}\n`, true)
      expect(run.alert('crashed')).toMatchObject({ severity: 'critical' })
      expect(run.alert('crashed').cause?.code).toMatch(`${code}-`)
    })
  }

  test('a rank that was killed is no end of another that gave up', () => {
    const lines = [...STEPS, ROOTS[0]![0], 'srun: error: n1: task 2: Killed']
    const run = new WatchedRun().read('train.log', `${lines.join('\n')}\n`, true)
    expect(run.alert('crashed').headline).toContain('rank 2 fell first')
  })
})
