import { describe, expect, test } from 'vitest'
import { isDumpPath, memberOf, withDumps } from '../../../src/core/runs/dump-members.ts'

const cases: readonly { readonly path: string; readonly dump: string | null; readonly number?: number }[] = [
  { path: 'preds/step_000120.npz', dump: 'preds/step_*.npz', number: 120 },
  { path: 'preds/step0034.safetensors', dump: 'preds/step*.safetensors', number: 34 },
  { path: 'e2/logits-7.npy', dump: 'e2/logits-*.npy', number: 7 },
  { path: 'dynamics_epoch_3.jsonl', dump: 'dynamics_epoch_*.jsonl', number: 3 },
  { path: 'run2_step5_probs.npz', dump: 'run2_step*_probs.npz', number: 5 },
  { path: 'logits.npy', dump: null },
  { path: 'lr0.1.log', dump: null },
  { path: 'rank0.jsonl', dump: null },
  { path: 'metrics.jsonl', dump: null },
  { path: 'train_2026.csv', dump: null },
]

describe('the dump that a file belongs to', () => {
  for (const { path, dump, number } of cases) {
    test(path, () => expect(memberOf(path)).toEqual(dump === null ? null : { dump, number }))
  }
})

test('the files of a dump are followed as one, in the place of the first', () => {
  const files = ['a.log', 'preds/step_1.npz', 'preds/step_2.npz', 'z.log'].map((below) => ({
    path: `/job/${below}`,
    below,
  }))
  const together = withDumps(files)
  expect(together.map(({ below }) => below)).toEqual(['a.log', 'preds/step_*.npz', 'z.log'])
  expect(together.map(({ path }) => isDumpPath(path))).toEqual([false, true, false])
})

test('a file that is given itself stands alone, whatever its name', () => {
  const file = { path: '/job/step_1.npz', below: '' }
  expect(withDumps([file])).toEqual([file])
})
