import { expect, test } from 'vitest'
import { exitCodeIn, saysFinished } from '../../../src/core/job/ending.ts'

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
  '训练完成',
  '2026-01-01 10:00:00 - INFO - 训练结束，共 3 轮',
  '[INFO] 学習が完了しました',
  'トレーニングが終了しました。',
  '학습 완료!',
  '훈련이 종료되었습니다',
  'Обучение завершено.',
  'INFO: Training abgeschlossen nach 3 Stunden',
  'Das Training wurde beendet.',
  'Entraînement terminé',
  "L'entraînement est terminé.",
  'Entrenamiento completado en 3 h',
  '100 epochs completed in 0.512 hours.',
  'Optimizer stripped from runs/train/weights/last.pt, 6.2MB',
  'INFO:tensorflow:Loss for final step: 0.123.',
  'Training loss did not improve more than tol=0.000100 for 10 consecutive epochs. Stopping.',
  'Early stopping, best iteration is:',
  'Epoch 12: early stopping',
  'Early stopping triggered after 12 epochs',
  'INFO: Early stopping at epoch 12',
  'wandb: 🚀 View run clear-sun-3 at: https://wandb.ai/a/b/runs/c',
  '2026-11-29 10:00:00.123 | INFO     | __main__:main:99 - Training complete',
  'I1129 10:00:00.123456  1234 train.cc:99] Training finished.',
  'L’entraînement est terminé.',
  'Das Training wurde erfolgreich abgeschlossen.',
  'Обучение модели успешно завершено!',
  '训练全部完成！耗时：3.2小时',
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
  'EarlyStopping counter: 3 out of 10',
  '第 3 轮训练完成',
  'Training nicht abgeschlossen',
  'Finished training epoch 3',
  'Training finished for epoch 1, took 20.3s',
  'End of training epoch 1/10',
  'Training complete: 30%',
  '训练完成度: 30%',
  '训练完成后模型将保存到 out/model.pt',
  'Обучение завершено на 30%',
  'Entrenamiento completado: 30%',
  '学習完了まで残り 3時間',
  '학습 완료까지 남은 시간: 3시간',
  'Das Training ist gestartet',
  'Training erfolgreich gestartet',
  'обучение не завершено',
  '训练未完成',
  '12:00:00',
  `training finished ${'x'.repeat(500)}`,
]

for (const line of finished) test(`finished: ${line}`, () => expect(saysFinished(line)).toBe(true))
for (const line of neither) test(`not finished: ${line.slice(0, 80)}`, () => expect(saysFinished(line)).toBe(false))

test('script tells the exit code of its command', () => {
  const line = (code: string) => `Script done on 2026-11-29 10:00:00+00:00 [${code}]`
  expect(exitCodeIn(line('COMMAND_EXIT_CODE="0"'))).toBe(0)
  expect(exitCodeIn(line('COMMAND_EXIT_CODE="137"'))).toBe(137)
  expect(exitCodeIn(line('<not executed on terminal>'))).toBeNull()
  expect(exitCodeIn('it printed COMMAND_EXIT_CODE="1"')).toBeNull()
})
