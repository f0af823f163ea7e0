import { describe, expect, test } from 'vitest'
import { nanMessageIn } from '../../../src/core/hidden/nan-messages.ts'

/** What is heard of a line: `loss stops @12`, `overflow`, or nothing. */
function heard(line: string): string {
  const message = nanMessageIn(line)
  if (message === null) return ''
  if (message.kind !== 'stated') return message.kind
  return [message.of, message.act, message.step === null ? null : `@${message.step}`].filter((part) => part).join(' ')
}

const TOLD: readonly (readonly [line: string, heard: string])[] = [
  // a loss
  ['Loss is nan, stopping training', 'loss stops'],
  ['loss became nan', 'loss'],
  ['loss has become NaN', 'loss'],
  ['the training loss is NaN at step 812', 'loss @812'],
  ['WARNING: received an inf loss', 'loss'],
  ['found NaN in loss, skipping step', 'loss skips'],
  ['NaNs in loss', 'loss'],
  ['loss is not finite', 'loss'],
  ['Loss is no longer finite', 'loss'],
  ['Non-finite loss, stopping training', 'loss stops'],
  ['Non-finite validation loss encountered in epoch 4', 'loss'],
  ['[rank3]: 2026-01-01 10:00:00 WARNING trainer.py:88 - total_loss is NaN, discarding the batch', 'loss skips'],
  ['ERROR:tensorflow:Model diverged with loss = NaN.', 'loss'],
  ['LossTensor is inf or nan. : Tensor had NaN values', 'loss'],
  ['Loss: nan detected at iteration 1200, exiting', 'loss stops @1200'],
  ['Got loss=inf; aborting', 'loss stops'],
  ['Infinite loss at step 77 — giving up', 'loss stops @77'],
  ['The loss of the critic went to infinity.', 'loss'],
  ["Metric 'val_loss' is NaN!", 'loss'],
  ["The model's loss is NaN", 'loss'],
  ['{"level": "WARNING", "msg": "loss is NaN, skipping update", "rank": 2}', 'loss skips'],
  ['NaN encountered at step 5, stopping', 'model stops @5'],
  ['Training has diverged, shutting down', 'loss stops'],
  ['Stopping because the loss is NaN', 'loss stops'],
  ['test loss is NaN', 'loss'],
  ['Epoch 0 loss is NaN', 'loss'],
  ['Loss is NaN: tensor(True)', 'loss'],
  ['Loss is NaN. If this goes on, lower the learning rate.', 'loss'],
  ['Invalid loss detected in batch 17', 'loss'],
  ['UserWarning: loss_bbox contains NaN values', 'loss'],
  ['Metric val_loss = nan is not finite. Previous best value was 0.1. Signaling the trainer. Stopping.', 'loss stops'],
  ['rank 3: found NaN in local forward loss calculation. Device: 3', 'loss'],
  ["Unexpected result nan (message='found NaN in local forward loss calculation')", 'loss'],
  ['loss become infinite or NaN!', 'loss'],
  ['Loss is not finite: tensor(nan)', 'loss'],
  ['Non-finite loss: nan', 'loss'],
  ['epoch: 1 step: 10, loss is nan', 'loss @10'],
  [' > Detected NaN loss - 0.', 'loss'],
  ['WARNING: received a nan loss, setting loss value to 0', 'loss'],
  ['skipping batch 12 due to nan loss', 'loss skips'],
  ['The loss returned in `training_step` is nan.', 'loss'],
  ['get infinite loss on rank 0, skip this batch', 'loss skips'],
  ["Loss isn't finite", 'loss'],
  ['Step 4411: loss = nan -> skipping optimizer step', 'loss skips @4411'],
  ['Nan in summary histogram for: conv1/weights', 'model'],
  // gradients
  ['WARNING: The grad norm is nan. Skipping updating the model.', 'gradient skips'],
  ['grad norm is nan. Do not update model.', 'gradient skips'],
  ['All samples in this mini-batch got nan grad', 'gradient'],
  ['Found Inf or NaN global norm. : Tensor had Inf values', 'gradient'],
  ['Gradients contain NaN or Inf', 'gradient'],
  ['skipping step because of NaN gradients', 'gradient skips'],
  ['Detected inf or nan values in gradients', 'gradient'],
  ['NaN or Inf found in gradients of layer 7, zeroing them', 'gradient skips'],
  [
    'The gradients at all steps are invalid in this epoch. Something seems wrong. This training was stopped at 3epoch',
    'gradient stops',
  ],
  ['non-finite gradient norm (nan) at step 40', 'gradient @40'],
  ['Gradient of encoder.3.weight is NaN', 'gradient'],
  ['total norm of gradients is non-finite, so it cannot be clipped', 'gradient'],
  ['found Inf in local grad norm for bucket #0 in backward pass', 'gradient'],
  ['Detected nan and/or inf values in `gradient`.', 'gradient'],
  ['Warning: NaN or Inf values in the gradient, skipping optimizer step', 'gradient skips'],
  // the model, and the scale
  ['NaN found in weights after the update of step 3', 'model @3'],
  ['logits contain inf', 'model'],
  ['Grad scale is small: 1.29e-26', 'loss'],
  // other languages
  ['损失为 NaN，停止训练', 'loss stops'],
  ['第 300 步 loss 变成 nan，跳过', 'loss skips'],
  ['检测到梯度出现 NaN，跳过该批次', 'gradient skips'],
  ['训练已发散', 'loss'],
  ['損失がNaNになりました。学習を停止します', 'loss stops'],
  ['勾配にNaNが検出されました', 'gradient'],
  ['손실이 NaN이 되어 학습을 중단합니다', 'loss stops'],
  ['기울기에 NaN이 감지되었습니다', 'gradient'],
  ['Функция потерь стала NaN, обучение остановлено', 'loss stops'],
  ['Обнаружен NaN в градиентах, шаг пропущен', 'gradient skips'],
  ['Der Verlust ist NaN, das Training wird abgebrochen', 'loss stops'],
  ['NaN im Gradienten gefunden, Schritt übersprungen', 'gradient skips'],
  ['La perte est devenue NaN, arrêt', 'loss stops'],
  ['Les gradients contiennent des valeurs infinies', 'gradient'],
  ['La pérdida es NaN, deteniendo el entrenamiento', 'loss stops'],
  ['El gradiente contiene infinitos', 'gradient'],
  // ordinary skips of a loss scaler
  ['Gradient overflow.  Skipping step, loss scaler 0 reducing loss scale to 16384.0', 'overflow'],
  ['found inf/nan in gradients, skipping step, loss scale is now 8192', 'overflow'],
  ['GradScaler: inf gradients, step skipped', 'overflow'],
  ['[amp] non-finite gradients: the scaler skips step 30', 'overflow'],
]

const SILENT: readonly string[] = [
  'Skipped 0 steps due to NaN gradients',
  'nan losses skipped so far: 0',
  '0 batches skipped (non-finite loss)',
  'no batches were skipped because of a non-finite loss',
  // settings
  'check_nan_in_loss: true',
  'check_for_nan_in_loss_and_grad ................. True',
  'detect_anomaly=True',
  'terminate_on_nan: false',
  'skip_nan_loss=False',
  'nan_loss_action: stop',
  'Stop on NaN loss: enabled',
  'Skip steps with NaN gradients: True',
  'NaN loss patience: 5',
  'gradient clipping threshold: inf',
  'max grad norm is inf (no clipping)',
  'TerminateOnNaN callback registered',
  'logging_nan_inf_filter=True',
  'loss function: invalid-aware IoU',
  // counters of none, and what is denied
  'nan grads: 0',
  'NaN losses: 0',
  'found 0 NaN gradients',
  '0 gradients were inf or nan',
  'step 12: 0 losses are NaN',
  'number of nan iterations: 0',
  'no NaN found in the loss',
  'No NaN or Inf in gradients',
  'loss is finite',
  'all gradients are finite',
  'the loss is not NaN',
  'NaN loss was not detected',
  'NaN in gradients: none',
  'Loss is NaN: tensor(False)',
  'weights checked: free of NaN, loss ok',
  // what would be
  'If the loss is NaN, lower the learning rate',
  'Training stops when the loss becomes NaN',
  'a high learning rate may lead to a NaN loss',
  'NaN gradients will be skipped',
  'Steps whose gradients contain inf or nan are ignored: checking for NaN in loss every 10 steps',
  'Checking whether gradients contain NaN',
  'We clip to avoid infinite loss',
  'the previous run had NaN loss, resuming from step 400',
  'Why is my loss NaN?',
  'Using a NaN safe loss',
  'Resetting best loss to inf!',
  'Validation loss decreased (inf --> 0.693147).  Saving model ...',
  'val_loss: inf -> 0.5 !',
  'Metric val_loss improved by inf >= min_delta = 0.0. New best score: 0.3',
  'invalid gradient checkpointing setting',
  'invalid loss type, using mse',
  'Loss landscape is infinite dimensional',
  'The optimizer skips steps with non-finite gradients.',
  'A NaN loss usually means a too high learning rate',
  'Detecting NaN in gradients is slow, disable it for production',
  'mask nan entries of the target before computing loss',
  'Warning: invalid value for loss_weight, using default 1.0',
  'RuntimeWarning: invalid value encountered in log',
  'max_grad_norm: inf',
  '如果损失变为NaN，请降低学习率',
  '未发现梯度无穷',
  '損失がNaNになる場合は学習率を下げてください',
  '손실이 NaN이면 학습률을 낮추세요',
  'Wenn der Verlust NaN wird, Lernrate senken',
  'Si la perte devient NaN, réduire le taux',
  // source code, help, docs
  '    if torch.isnan(loss): raise ValueError("loss is nan")',
  '            print("Loss is nan, stopping training")',
  '        # a NaN loss was seen here',
  '+        logger.warning("grad norm is nan. Do not update model.")',
  '    loss = torch.nan_to_num(loss, nan=0.0)',
  '  --skip-nan-loss  skip steps whose loss is NaN (default: False)',
  'Note: gradients that contain NaN are zeroed',
  '"Loss is {}, stopping training".format(loss_value)',
  'Loss is NaN at step %d',
  'a1b2c3 Fix NaN loss in float16',
  // values, and other things of these names
  'epoch 3 loss 0.4 eta inf loss_ema 0.5',
  'val_loss improved from inf to 0.693',
  'best loss is inf so far',
  'gradient inf-norm 3.2, 2-norm 0.4',
  'the infinity norm of the gradient is 0.03',
  'INFO loss scale is 65536',
  'Invalid loss: expected one of mse, mae',
  'Dropped 5 rows with NaN labels',
  'NaN values found in column loss_ratio of the dataset',
  'KL divergence loss enabled',
  '训练未出现 NaN，损失正常',
  'NaNは検出されませんでした。損失は正常です',
  'NaN이 없습니다. 손실 정상',
  'Kein NaN im Verlust gefunden',
  'Aucun NaN dans la perte',
  'Ningún NaN en la pérdida',
  'Потери не содержат NaN',
]

describe('heard:', () => {
  test.each(TOLD)('%s → %s', (line, expected) => {
    expect(heard(line)).toBe(expected)
  })
})

describe('silent:', () => {
  test.each(SILENT)('%s', (line) => {
    expect(heard(line)).toBe('')
  })
})

test('what is said of a loss is told in words', () => {
  expect(nanMessageIn('loss is inf or nan, skipping')).toMatchObject({
    detail: 'The log says that the loss is NaN or infinite, and that the step is left out.',
  })
})
