import { CONSOLE, type Dialect } from './dialect.ts'

/** Stacks that train language models. */
export const LANGUAGE_MODELS: readonly Dialect[] = [
  {
    stack: 'fairseq, metaseq',
    where: 'train.log',
    lines: [
      '2021-03-08 12:34:45 | INFO | train_inner | {"epoch": 1, "update": 0.001, "loss": "25.22", "num_updates": "100", "gnorm": "131.281", "loss_scale": "1"}',
    ],
    readBy: 'json-lines',
  },
  {
    stack: 'Megatron-LM',
    where: CONSOLE,
    lines: [
      ' [2026-08-22 10:00:00.0] iteration     3383/    8000 | learning rate: 6.680E-06 | lm loss: 7.334521E-01 | loss scale: 1.0 | grad norm: 0.752 | number of nan iterations:   0 |',
    ],
    readBy: 'key-value',
  },
  {
    stack: 'llm.c',
    where: 'main.log',
    lines: ['s:198 trl:6.3328 lr:0.000171 norm:1.14', 's:250 tel:6.0092'],
    readBy: 'key-value',
  },
  {
    stack: 'llm.c',
    where: CONSOLE,
    lines: ['step    1/19560 | loss 11.009100 (+nanz)| norm 15.3700 (+nanz)| lr 1.00e-06 | 300.00 ms | 1000 tok/s'],
    readBy: 'key-value',
  },
  {
    stack: 'nanoGPT',
    where: CONSOLE,
    lines: ['iter 20: loss 10.1234, time 12.00ms, mfu 1.00%', 'step 250: train loss 2.1, val loss 2.2'],
    readBy: 'key-value',
  },
  {
    stack: 'modded-nanogpt',
    where: 'logs/<uuid>.txt',
    lines: [
      'step:0/6000 val_loss:11.0149 train_time:0ms step_avg:nanms',
      'step:129/6000 train_loss:5.5463 train_time:43336ms step_avg:364.17ms',
    ],
    readBy: 'key-value',
  },
  {
    stack: 'torchtitan',
    where: CONSOLE,
    lines: [
      '[rank0]:[titan] 2025-05-28 21:13:37,816 - root - INFO - step:  1  loss: -1.0000  memory: 36.90GiB(46.63%)  tps: 4',
    ],
    readBy: 'key-value',
  },
  {
    stack: 'MaxText',
    where: CONSOLE,
    lines: ['completed step: 30, seconds: 0.449, TFLOP/s/device: 1877.176, total_weights: 131072, loss: nan'],
    readBy: 'key-value',
  },
  {
    stack: 'OLMo-core',
    where: CONSOLE,
    lines: ['[step=10/1000,epoch=1,eta=1:00:00]', '    train/CE loss=11.03', '    optim/total grad norm=0.5'],
    readBy: 'blocks',
  },
  {
    stack: 'torchtune',
    where: 'log_<time>.txt',
    lines: ['Step 5 | loss:1.23 lr:2e-05 tokens_per_second_per_gpu:1000.5'],
    readBy: 'key-value',
  },
  {
    stack: 'Composer',
    where: 'logs-rank0.txt',
    lines: ['[BATCH][step=2]: { "loss/train/total": 2.3 }'],
    readBy: 'json-lines',
  },
  {
    stack: 'DeepSpeed',
    where: 'Train_Samples_train_loss.csv',
    lines: ['step,Train/Samples/train_loss', '32,2.5', '64,nan'],
    readBy: 'csv',
  },
  {
    stack: 'DeepSpeed',
    where: CONSOLE,
    lines: ['steps: 10 loss: 2.3000 iter time (s): 0.512 samples/sec: 62.5'],
    readBy: 'key-value',
  },
]
