import { describe, expect, test } from 'vitest'
import { clockMsOf } from '../../../src/core/job/line-clock.ts'
import { rankHeaded, rankOfLine, rankOfPath, toldIn } from '../../../src/core/job/rank-words.ts'

describe('the rank of a log', () => {
  const cases: readonly (readonly [string, number | null])[] = [
    ['/runs/exp7/rank_3.log', 3],
    ['/runs/exp7/train.rank12.err', 12],
    ['/runs/exp7/rank_1/train.log', 1],
    ['/runs/out/1/rank.2/stderr', 2],
    ['/runs/none_x1/attempt_0/5/stderr.log', 5],
    ['/runs/exp7/job.9912.3.err', 3],
    ['/runs/exp7/slurm-9912.3.out', 3],
    ['/runs/exp7/slurm-9912_3.out', null],
    ['/runs/exp7/llama-48213-3.out', 3],
    ['/runs/exp7/out.3', 3],
    ['/runs/exp7/train.log.3', null],
    ['/runs/exp7/log.txt.rank3', 3],
    ['/runs/exp7/proc_3.log', 3],
    ['/runs/exp7/log_globalrank-9_localrank-1.txt', 9],
    ['/runs/exp7/local_rank_1.log', 1],
    ['/runs/exp7/node1/local_rank_1.log', null],
    ['/runs/exp7/node1/train.log', null],
    ['/runs/exp7/gpu3.log', null],
    ['/runs/exp7/lora_rank8.log', null],
    ['/runs/exp7/train-2026-3.out', null],
    ['/home/worker-3/runs/exp7/train.log', null],
    ['/runs/frank_3.log', null],
    ['/runs/exp7/epoch_3.log', null],
  ]
  test.each(cases)('%s', (path, rank) => expect(rankOfPath(path)).toBe(rank))
})

test('the rank of a line is that of its mark; a number alone is only a label', () => {
  expect(rankOfLine('[rank3]: x')).toEqual({ rank: 3, isLabel: false })
  expect(rankOfLine('[1,3]<stderr>:x')).toEqual({ rank: 3, isLabel: false })
  expect(rankOfLine('3: x')).toEqual({ rank: 3, isLabel: true })
  expect(rankOfLine('step 3: x')).toBeNull()
  expect(rankOfLine('(rank 3) x')).toEqual({ rank: 3, isLabel: false })
  expect(rankOfLine('RuntimeError: [rank 3] x')).toMatchObject({ isHint: true })
})

test('the mark of a process tells its rank behind that of its node, or a time', () => {
  expect(rankOfLine('node1: [rank3]: x')).toEqual({ rank: 3, isLabel: false })
  expect(rankOfLine('Wed Mar  4 09:00:00 2026[1,3]<stderr>:x')).toEqual({ rank: 3, isLabel: false })
  expect(rankOfLine('train-worker-3 pytorch Traceback')).toEqual({ rank: 3, isLabel: true, isHint: true })
})

test('a launcher tells which ranks were killed, failed or were stopped', () => {
  expect(toldIn('srun: error: n1: tasks 0-1,3: Terminated', null)).toEqual(
    [0, 1, 3].map((rank) => ({ rank, how: 'stopped' })),
  )
  expect(toldIn('srun: error: n1: task 3: Out Of Memory', null)).toEqual([{ rank: 3, how: 'killed' }])
  const noticed = 'mpirun noticed that process rank 1 with PID 0 on node vm exited on signal 9 (Killed).'
  expect(toldIn(noticed, null)).toEqual([{ rank: 1, how: 'killed', code: -9 }])
  expect(rankHeaded('  rank      : 2 (local_rank: 2)')).toBe(2)
  expect(toldIn('  exitcode  : -9 (pid: 24292)', 2)).toEqual([{ rank: 2, how: 'killed', code: -9 }])
  expect(toldIn('  Exit code:    1', rankHeaded('  Process name: [[16156,1],2]'))).toEqual([
    { rank: 2, how: 'failed', code: 1 },
  ])
})

test('the clocks of logs are compared, whether they give the year or not', () => {
  const at = clockMsOf('2026-03-04 10:00:05,120 ERROR x')
  expect(clockMsOf('[E304 10:00:05.120000000 ProcessGroupNCCL.cpp:616] x')).toBe(at)
  expect(clockMsOf('E0304 10:00:05.120000 77 api.py:869] x')).toBe(at)
  expect(clockMsOf('Mar  4 10:00:05 n1 kernel: x')).toBe(at! - 120)
  expect(clockMsOf('step 3 loss 2.1')).toBeNull()
})
