/** How one training stack writes, and which reader reads it. */
export interface Dialect {
  readonly stack: string
  /** Where it writes: a path, or where its console goes. */
  readonly where: string
  /** Lines as the stack writes them. */
  readonly lines: readonly string[]
  /** The name of the format that reads them. */
  readonly readBy: string
}

const CONSOLE = 'console'

/** The dialects of text that are known to be read, for the documents and `nanwatch formats`. */
export const DIALECTS: readonly Dialect[] = [
  {
    stack: 'Hugging Face Trainer 4, TRL, Axolotl, Unsloth, ms-swift',
    where: CONSOLE,
    lines: ["{'loss': 0.1474, 'grad_norm': nan, 'learning_rate': 0.0001, 'epoch': 0.04}"],
    readBy: 'python-dict',
  },
  {
    stack: 'Hugging Face Trainer 5',
    where: CONSOLE,
    lines: ["{'loss': '14.88', 'grad_norm': '2.578', 'learning_rate': '0.000156', 'epoch': '0.00748'}"],
    readBy: 'python-dict',
  },
  {
    stack: 'LLaMA-Factory',
    where: 'trainer_log.jsonl',
    lines: ['{"current_steps": 10, "total_steps": 100, "loss": 1.2, "lr": 5e-05, "epoch": 0.1, "percentage": 10.0}'],
    readBy: 'json-lines',
  },
  {
    stack: 'ms-swift',
    where: 'logging.jsonl',
    lines: ['{"loss": 1.25, "grad_norm": 2.5, "epoch": 0.02, "global_step/max_steps": "10/438"}'],
    readBy: 'json-lines',
  },
  {
    stack: 'PyTorch Lightning',
    where: 'lightning_logs/version_0/metrics.csv',
    lines: ['epoch,step,train_loss,val_loss', '0,49,1.5,', '0,99,,nan'],
    readBy: 'csv',
  },
  {
    stack: 'Keras CSVLogger',
    where: 'training.csv',
    lines: ['epoch,accuracy,loss,val_accuracy,val_loss', '0,0.5,nan,NA,NA'],
    readBy: 'csv',
  },
  {
    stack: 'Keras',
    where: CONSOLE,
    lines: ['Epoch 1/10', '100/100 ━━━━━━━━━━ 2s 20ms/step - accuracy: 0.0980 - loss: nan - val_loss: nan'],
    readBy: 'keras',
  },
  {
    stack: 'fastai',
    where: 'history.csv',
    lines: ['epoch,train_loss,valid_loss,time', '0,2.5,nan,00:10'],
    readBy: 'csv',
  },
  {
    stack: 'Detectron2',
    where: 'metrics.json',
    lines: ['{"data_time": 0.0084, "iteration": 19, "loss_cls": 0.53, "lr": 0.0071, "total_loss": NaN}'],
    readBy: 'json-lines',
  },
  {
    stack: 'Detectron2',
    where: 'log.txt',
    lines: [' eta: 0:10:00  iter: 19  total_loss: 1.923  loss_cls: 0.5317  lr: 0.0071733  max_mem: 2000M'],
    readBy: 'key-value',
  },
  {
    stack: 'MMEngine',
    where: 'vis_data/scalars.json',
    lines: ['{"lr": 0.01, "loss_cls": 0.8, "loss": 1.7388, "epoch": 1, "iter": 10, "step": 10}'],
    readBy: 'json-lines',
  },
  {
    stack: 'MMEngine, MMDetection',
    where: '<time>.log',
    lines: ['08/21 02:58:41 - mmengine - INFO - Epoch(train) [1][10/25]  lr: 1.0000e-02  eta: 0:00:00  loss: 1.7388'],
    readBy: 'key-value',
  },
  {
    stack: 'MMCV 1',
    where: '<time>.log',
    lines: ['2026-01-01 10:00:00,123 - mmdet - INFO - Epoch [1][658/742]\tlr: 5.000e-05, eta: 1:00:00, loss: nan'],
    readBy: 'key-value',
  },
  {
    stack: 'Ultralytics YOLO',
    where: 'runs/detect/train/results.csv',
    lines: [
      '     epoch,  train/box_loss,  train/cls_loss,  metrics/mAP50(B),  lr/pg0',
      '         0,         0.10141,         0.04851,            0.1011,  0.0070',
    ],
    readBy: 'csv',
  },
  {
    stack: 'timm',
    where: CONSOLE,
    lines: ['Train: 0 [  50/1000 (  5%)]  Loss: 6.93 (6.95)  Time: 0.050s  LR: 1.000e-04  Data: 0.001 (0.001)'],
    readBy: 'key-value',
  },
  {
    stack: 'timm',
    where: 'summary.csv',
    lines: ['epoch,train_loss,eval_loss,eval_top1,lr', '0,6.9,6.8,0.5,0.0001'],
    readBy: 'csv',
  },
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
