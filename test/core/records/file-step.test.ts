import { expect, test } from 'vitest'
import { stepOfFileName } from '../../../src/core/records/file-step.ts'

test.each([
  ['step_000120.npz', 120],
  ['step0008.pt', 8],
  ['preds-120.npy', 120],
  ['epoch3.npz', 3],
  ['preds_epoch_3.parquet', 3],
  ['step_10_rank_0.npz', 10],
  ['val-epoch=07.npz', 7],
  ['120.npz', 120],
  ['preds.npz', null],
  ['logits_fp16.npz', null],
  ['preds_v2.npz', null],
  ['mnist10_preds.npz', null],
  ['preds_2026-11-25.npz', null],
  ['step_9999999999999999999.npz', null],
])('%s counts the step %j', (name, step) => {
  expect(stepOfFileName(name)).toBe(step)
})
