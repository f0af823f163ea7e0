import { expect, test } from 'vitest'
import { type CrashClassKind, deathIn } from '../../../src/core/crashes/index.ts'
import { exceptionKind } from '../../../src/core/job/crash-patterns.ts'
import { WatchedRun } from '../pipeline/watched-run.ts'

const EXCEPTIONS: readonly (readonly [string, CrashClassKind])[] = [
  ['SystemError: (Fatal) Operator relu raises an paddle::memory::allocation::BadAlloc exception.', 'gpu-memory'],
  [
    'mxnet.base.MXNetError: Check failed: assign(&dattr, vec.at(i)): Incompatible attr in node at 0-th output',
    'shape-mismatch',
  ],
  ['jax.errors.JaxRuntimeError: INTERNAL: Accelerator device halted prematurely', 'gpu-hardware'],
  ['RuntimeError: Rank 0 timed out waiting for rank(s) 5 in monitoredBarrier', 'collective-timeout'],
]
test.each(EXCEPTIONS)('%s', (line, kind) => expect(exceptionKind(line.toLowerCase())).toBe(kind))

const DEATHS: readonly (readonly [string, CrashClassKind])[] = [
  ['FatalError: `Termination signal` is detected by the operating system.', 'stopped'],
  ['The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi', 'disk-full'],
  ['The node was low on resource: memory. Container main was using 60Gi', 'oom-killer'],
]
test.each(DEATHS)('%s', (line, kind) => expect(deathIn(line.toLowerCase())).toBe(kind))

test('the step that an exception names is the one of the crash, where it is later than the last record', () => {
  const headlineOf = (error: string) =>
    new WatchedRun().read('train.log', `step 19 loss 0.5\nstep 20 loss 0.4\n[rank1]: ${error}\n`, true).alert('crashed')
      .headline
  expect(headlineOf('RuntimeError: step 21: bad batch')).toMatch(/^step 21: /)
  expect(headlineOf('RuntimeError: step 3: bad batch')).toMatch(/^step 20: /)
  expect(headlineOf('RuntimeError: 40 rows are missing')).toMatch(/^step 20: /)
})
