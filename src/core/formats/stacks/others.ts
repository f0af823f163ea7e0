import { CONSOLE, type Dialect } from './dialect.ts'

/** Trees, speech, benchmarks, trackers and ways to print. */
export const OTHERS: readonly Dialect[] = [
  {
    stack: 'XGBoost',
    where: CONSOLE,
    lines: ['[0]\ttrain-logloss:0.68430\tvalid-logloss:0.68500'],
    readBy: 'key-value',
  },
  { stack: 'LightGBM', where: CONSOLE, lines: ["[10]\tvalid_0's binary_logloss: 0.61"], readBy: 'key-value' },
  {
    stack: 'CatBoost',
    where: 'catboost_info/learn_error.tsv',
    lines: ['iter\tLogloss\tAUC', '0\t0.5\t0.75'],
    readBy: 'csv',
  },
  {
    stack: 'CatBoost',
    where: CONSOLE,
    lines: ['12:\tlearn: 0.5234\ttest: 0.5311\tbest: 0.5311 (12)\ttotal: 1.2s\tremaining: 3.4s'],
    readBy: 'catboost',
  },
  {
    stack: 'Vowpal Wabbit',
    where: CONSOLE,
    lines: [
      'average  since         example        example        current        current  current',
      'loss     last          counter         weight          label        predict features',
      '0.513618 0.027236            2            2.0         0.0000         0.1650      104',
    ],
    readBy: 'vowpal-wabbit',
  },
  {
    stack: 'scikit-learn gradient boosting',
    where: CONSOLE,
    lines: ['      Iter       Train Loss   Remaining Time ', '         1           1.2202            0.03s'],
    readBy: 'csv',
  },
  {
    stack: 'Stable-Baselines3',
    where: CONSOLE,
    lines: [
      '----------------------------------',
      '| time/              |          |',
      '|    total_timesteps | 4096     |',
      '| train/             |          |',
      '|    learning_rate   | 0.0003   |',
      '|    loss            | 5.12     |',
      '----------------------------------',
    ],
    readBy: 'listed-table',
  },
  {
    stack: 'JAX CLU, Flax',
    where: CONSOLE,
    lines: ['I0101 10:00:00.123456 140 logging_writer.py:48] [100] learning_rate=0.001, loss=2.301'],
    readBy: 'key-value',
  },
  {
    stack: 'PyTorch tutorials',
    where: CONSOLE,
    lines: ['Epoch 1', '-------------------------------', 'loss: 2.302750  [   64/60000]'],
    readBy: 'key-value',
  },
  {
    stack: 'PyTorch-GAN',
    where: CONSOLE,
    lines: ['[Epoch 0/200] [Batch 5/938] [D loss: 0.693147] [G loss: nan]'],
    readBy: 'key-value',
  },
  {
    stack: 'NVIDIA NeMo',
    where: CONSOLE,
    lines: ['Epoch 0:  12%|█▎   | 100/800 [00:10<01:10, v_num=0, reduced_train_loss=6.910, global_step=99.00]'],
    readBy: 'key-value',
  },
  {
    stack: 'Marian',
    where: 'train.log',
    lines: ['[2026-01-01 10:00:00] Ep. 1 : Up. 5 : Sen. 2,304 : Cost 838.97186279 : Time 1.20s'],
    readBy: 'key-value',
  },
  {
    stack: 'MLPerf',
    where: CONSOLE,
    lines: [
      ':::MLLOG {"namespace": "", "time_ms": 1598545118413, "event_type": "POINT_IN_TIME", "key": "train_loss", "value": 0.25, "metadata": {"file": "a.py", "lineno": 32, "step_num": 7}}',
    ],
    readBy: 'json-lines',
  },
  {
    stack: 'NVIDIA DLLogger',
    where: CONSOLE,
    lines: [
      'DLL 2020-05-29 11:31:45.763470 - Training Epoch: 0 Training Iteration: 1787  average_loss : 2.35 step_loss : 3.14',
    ],
    readBy: 'key-value',
  },
  {
    stack: 'DeePMD-kit',
    where: 'lcurve.out',
    lines: ['#  step      rmse_val    rmse_trn    lr', '      0      2.98e+01    2.93e+01    1.0e-03'],
    readBy: 'csv',
  },
  {
    stack: 'absl, AlgoPerf',
    where: CONSOLE,
    lines: ['I0316 12:01:20.629998 140247142491328 submission.py:265] 65) loss = 0.696, grad_norm = 1.5'],
    readBy: 'key-value',
  },
  {
    stack: 'InternEvo',
    where: CONSOLE,
    lines: ["tflops=5.33 step=5 loss=8.548 loss_scale=65536.0 grad_norm={'0_default': 0.224} inf_nan_skip_batches=0"],
    readBy: 'key-value',
  },
  {
    stack: 'spaCy',
    where: CONSOLE,
    lines: [
      'E    #       LOSS TEXTCAT  SCORE',
      '---  ------  ------------  ------',
      '  2      20           nan    0.32',
    ],
    readBy: 'ruled-table',
  },
  {
    stack: 'Coqui TTS',
    where: 'trainer_0_log.txt',
    lines: ['   --> STEP: 24/36 -- GLOBAL_STEP: 1000025', '     | > loss_disc: 3.01874  (3.46002)'],
    readBy: 'blocks',
  },
  { stack: 'MLflow', where: 'mlruns/0/<run>/metrics/val_loss', lines: ['1679919367140 27.7 2'], readBy: 'mlflow' },
  {
    stack: 'Darknet',
    where: CONSOLE,
    lines: [
      'Region 82 Avg IOU: 0.7, Class: 0.9, Obj: 0.8, No Obj: 0.005, .5R: 1.0, .75R: 0.4, count: 7',
      'Region 94 Avg IOU: -nan, Class: -nan, Obj: -nan, No Obj: 0.000019, .5R: -nan, .75R: -nan, count: 0',
      ' 810: 1.529053, 1.687512 avg loss, 0.001000 rate, 2.1 seconds, 51840 images',
    ],
    readBy: 'darknet',
  },
  {
    stack: 'YOLACT',
    where: CONSOLE,
    lines: [
      '[  0]     810 || B: 4.512 | C: 7.250 | M: 5.125 | S: 1.500 | T: nan || ETA: 2 days, 1:02:03 || timer: 0.512',
    ],
    readBy: 'yolact',
  },
  { stack: 'scikit-learn', where: CONSOLE, lines: ['Iteration 1, loss = 0.69314718'], readBy: 'key-value' },
  { stack: 'Katib, Guild', where: CONSOLE, lines: ['epoch=3 loss=0.8'], readBy: 'key-value' },
  {
    stack: 'tqdm',
    where: CONSOLE,
    lines: ['Epoch 1/3:  43%|████▎     | 13/30 [00:00<00:00, 120.5it/s, loss=1.68]'],
    readBy: 'key-value',
  },
  {
    stack: 'loguru',
    where: CONSOLE,
    lines: ['2026-01-01 10:00:00.123 | INFO     | __main__:train:42 - step 5 loss 1.5 lr 0.05'],
    readBy: 'key-value',
  },
  {
    stack: 'structlog',
    where: CONSOLE,
    lines: ['2026-01-01T10:00:00Z [info     ] train_step      epoch=0 loss=1.6 lr=0.05 step=5'],
    readBy: 'key-value',
  },
  {
    stack: 'PyTorch',
    where: CONSOLE,
    lines: ["step 3 loss tensor(nan, device='cuda:0', grad_fn=<NllLossBackward0>)"],
    readBy: 'key-value',
  },
  { stack: 'NumPy', where: 'losses.txt', lines: ['1 7.5', '2 nan'], readBy: 'columns' },
  {
    stack: 'predictions of any stack, a row for each sample',
    where: 'predictions.csv',
    lines: ['step,label,loss,p0,p1', '0,1,0.6931472,0.5,0.5'],
    readBy: 'prediction-table',
  },
]
