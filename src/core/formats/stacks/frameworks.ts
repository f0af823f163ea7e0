import { CONSOLE, type Dialect } from './dialect.ts'

/** Frameworks for training in general, and for vision. */
export const FRAMEWORK_DIALECTS: readonly Dialect[] = [
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
    stack: 'Ultralytics YOLO',
    where: CONSOLE,
    lines: [
      '      Epoch    GPU_mem   box_loss   cls_loss   dfl_loss  Instances       Size',
      '        2/3       2.3G      1.025        nan      1.105         19        640: 100%|██████████| 95/95 [00:30<00:00,  3.1it/s]',
      '                 Class     Images  Instances      Box(P          R      mAP50  mAP50-95): 100%|██████████| 8/8 [00:03<00:00,  2.5it/s]',
      '                   all        128        929      0.675        0.5      0.625        0.5',
    ],
    readBy: 'headed-bars',
  },
  {
    stack: 'TensorFlow 2 object detection',
    where: CONSOLE,
    lines: [
      'INFO:tensorflow:Step 6000 per-step time 0.321s',
      "INFO:tensorflow:{'Loss/classification_loss': 0.125,",
      " 'Loss/total_loss': nan,",
      " 'learning_rate': 0.075}",
    ],
    readBy: 'python-dict',
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
]
