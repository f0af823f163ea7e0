import { expect, test } from 'vitest'
import { endingOf } from '../../../src/core/runs/ending.ts'

const finished = [
  'Training finished',
  'training complete in 3h 12m',
  'Training completed. Do not forget to share your model on huggingface.co/models =)',
  'done training in 8123.4 seconds',
  '   Finished training.',
  '`Trainer.fit` stopped: `max_epochs=3` reached.',
  'Training is done after 3 epochs',
  'Training finished, error: 0.02',
  '2026-01-01 10:00:00 Training finished',
  '2026-01-01 10:00:00,123 INFO Training finished',
  '2026-01-01 10:00:00,123 - trainer.loop - INFO - Training finished',
  '[2026-01-01 10:00:00][INFO] Training finished',
  'INFO:root:Training finished',
  'INFO:my_trainer:Training finished',
  '2026-01-01 | INFO | fairseq_cli.train | done training in 10.0 seconds',
  '[rank0]: Training finished',
]

const crashed = [
  'Traceback (most recent call last):',
  '[rank3]: Traceback (most recent call last):',
  '(train pid=4242) Traceback (most recent call last):',
  'Segmentation fault (core dumped)',
  'bash: line 1: 4242 Segmentation fault      (core dumped) python train.py',
  'Fatal Python error: Aborted',
  'slurmstepd: error: *** JOB 4242 ON node7 CANCELLED AT 2026-01-01T10:00:00 DUE TO TIME LIMIT ***',
  'torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB',
  '[E ProcessGroupNCCL.cpp:587] [Rank 1] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=42)',
]

const neither = [
  '',
  'Epoch 3',
  'epoch 3 training finished, validating',
  'INFO epoch 3: training finished',
  'Before training is complete the cache is filled',
  'No training done yet',
  'saving the model',
  'INFO',
  '12:00:00',
  `${'x'.repeat(500)} Traceback (most recent call last)`,
]

for (const [ending, lines] of [
  ['finished', finished],
  ['crashed', crashed],
  [null, neither],
] as const) {
  for (const line of lines) test(`${ending}: ${line.slice(0, 80)}`, () => expect(endingOf(line)).toBe(ending))
}
