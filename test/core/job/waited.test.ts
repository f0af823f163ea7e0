import { expect, test } from 'vitest'
import { waitedMsIn } from '../../../src/core/job/waited.ts'

test.each([
  ['WorkNCCL(SeqNum=9, OpType=ALLREDUCE, NumelIn=1) ran for 600012 milliseconds before timing out.', 600_012],
  ['WorkNCCL(SeqNum=9, OpType=ALLREDUCE, Timeout(ms)=1800000', 1_800_000],
  [
    'torch.distributed.DistStoreError: Timed out after 1801 seconds waiting for clients. 1/3 clients joined.',
    1_801_000,
  ],
  ['torch.distributed.DistStoreError: wait timeout after 900000ms, keys: /none/x', 900_000],
  [
    '[../gloo/transport/tcp/unbound_buffer.cc:81] Timed out waiting 1800000ms for recv operation to complete',
    1_800_000,
  ],
  ['[Rank 0]: Ranks 1 failed to pass monitoredBarrier in 600000 ms', 600_000],
  ['Connection closed by peer [10.0.0.7]:38211', null],
  ['the step took 30 seconds', null],
])('%s', (line, waitedMs) => expect(waitedMsIn(['Traceback (most recent call last):', line])).toBe(waitedMs))
