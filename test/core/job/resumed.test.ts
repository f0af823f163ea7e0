import { expect, test } from 'vitest'
import { saysResumed } from '../../../src/core/job/resumed.ts'

const RESUMED = [
  'resuming from checkpoint at 20',
  '2026-11-29 10:00:00,123 INFO trainer: Resuming training from out/last.pt',
  '[10:00:01] INFO - Restored from checkpoint ckpt-20',
  'INFO:root:Auto-resuming from step 20',
  "=> loaded checkpoint 'model_best.pth.tar' (epoch 12)",
  'Loading model weights and optimizer from checkpoint-500',
  'Continuing training from epoch 4, global step 500',
  '从检查点恢复训练',
  'チェックポイントから学習を再開します',
  'Обучение возобновлено с шага 20',
]

const NOT_RESUMED = [
  'RuntimeError: Error(s) in loading state_dict for Net',
  'Resuming from checkpoint failed: no such file',
  'To resume training, run with --resume out/last.pt',
  'You can resume this run later',
  'Saved checkpoint at step 20',
  'step 20 loss 0.5',
]

test.each(RESUMED)('%s: a job goes on', (line) => expect(saysResumed(line)).toBe(true))
test.each(NOT_RESUMED)('%s: none does', (line) => expect(saysResumed(line)).toBe(false))
