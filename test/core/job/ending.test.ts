import { expect, test } from 'vitest'
import { saysFinished } from '../../../src/core/job/ending.ts'

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

const neither = [
  'Traceback (most recent call last):',
  '',
  'Epoch 3',
  'epoch 3 training finished, validating',
  'INFO epoch 3: training finished',
  'Before training is complete the cache is filled',
  'No training done yet',
  'saving the model',
  'INFO',
  '12:00:00',
  `training finished ${'x'.repeat(500)}`,
]

for (const line of finished) test(`finished: ${line}`, () => expect(saysFinished(line)).toBe(true))
for (const line of neither) test(`not finished: ${line.slice(0, 80)}`, () => expect(saysFinished(line)).toBe(false))
