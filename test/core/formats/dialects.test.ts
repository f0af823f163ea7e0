import { expect, test } from 'vitest'
import type { Dialect } from '../../../src/core/formats/stacks/dialect.ts'
import { DIALECTS } from '../../../src/core/formats/stacks/index.ts'
import { isLossRole } from '../../../src/core/records/fields.ts'
import { readBriefly, rolesIn } from './lines.ts'

const keyOf = ({ stack, where }: Dialect) => `${stack}: ${where}`

/** What the lines of each dialect say. */
const expected: Readonly<Record<string, readonly string[]>> = {
  'Hugging Face Trainer 4, TRL, Axolotl, Unsloth, ms-swift: console': [
    'epoch 0.04 loss=0.1474 grad_norm=NaN learning_rate=0.0001',
  ],
  'Hugging Face Trainer 5: console': ['epoch 0.00748 loss=14.88 grad_norm=2.578 learning_rate=0.000156'],
  'LLaMA-Factory: trainer_log.jsonl': ['step 10 epoch 0.1 total_steps=100 loss=1.2 lr=0.00005 percentage=10'],
  'ms-swift: logging.jsonl': ['step 10 epoch 0.02 loss=1.25 grad_norm=2.5'],
  'PyTorch Lightning: lightning_logs/version_0/metrics.csv': [
    'step 49 epoch 0 train_loss=1.5',
    'step 99 epoch 0 val_loss=NaN',
  ],
  'Keras CSVLogger: training.csv': ['step 0 epoch 0 accuracy=0.5 loss=NaN'],
  'Keras: console': ['step 1 epoch 1 accuracy=0.098 loss=NaN val_loss=NaN'],
  'fastai: history.csv': ['step 0 epoch 0 train_loss=2.5 valid_loss=NaN'],
  'Detectron2: metrics.json': ['step 19 data_time=0.0084 loss_cls=0.53 lr=0.0071 total_loss=NaN'],
  'Detectron2: log.txt': ['step 19 total_loss=1.923 loss_cls=0.5317 lr=0.0071733'],
  'MMEngine: vis_data/scalars.json': ['step 10 epoch 1 lr=0.01 loss_cls=0.8 loss=1.7388'],
  'MMEngine, MMDetection: <time>.log': ['step 10 epoch 1 lr=0.01 loss=1.7388'],
  'MMCV 1: <time>.log': ['step 658 epoch 1 lr=0.00005 loss=NaN'],
  'Ultralytics YOLO: runs/detect/train/results.csv': [
    'step 0 epoch 0 train/box_loss=0.10141 train/cls_loss=0.04851 metrics/mAP50(B)=0.1011 lr/pg0=0.007',
  ],
  'Ultralytics YOLO: console': [
    'step 2 epoch 2 box_loss=1.025 cls_loss=NaN dfl_loss=1.105',
    'step 2 epoch 2 Box/P=0.675 Box/R=0.5 Box/mAP50=0.625 Box/mAP50-95=0.5',
  ],
  'TensorFlow 2 object detection: console': [
    'step 6000 Loss/classification_loss=0.125 Loss/total_loss=NaN learning_rate=0.075',
  ],
  'timm: console': ['step 50 epoch 0 Loss=6.93 LR=0.0001 Data=0.001'],
  'timm: summary.csv': ['step 0 epoch 0 train_loss=6.9 eval_loss=6.8 eval_top1=0.5 lr=0.0001'],
  'fairseq, metaseq: train.log': ['step 100 epoch 1 loss=25.22 gnorm=131.281 loss_scale=1'],
  'Megatron-LM: console': [
    'step 3383 learning rate=0.00000668 lm loss=0.7334521 loss scale=1 grad norm=0.752 number of nan iterations=0',
  ],
  'llm.c: main.log': ['step 198 trl=6.3328 lr=0.000171 norm=1.14', 'step 250 tel=6.0092'],
  'llm.c: console': ['step 1 loss=11.0091 norm=15.37 lr=0.000001'],
  'nanoGPT: console': ['step 20 loss=10.1234', 'step 250 train loss=2.1 val loss=2.2'],
  'modded-nanogpt: logs/<uuid>.txt': ['step 0 val_loss=11.0149', 'step 129 train_loss=5.5463'],
  'torchtitan: console': ['step 1 loss=-1 tps=4'],
  'MaxText: console': ['step 30 seconds=0.449 TFLOP/s/device=1877.176 total_weights=131072 loss=NaN'],
  'OLMo-core: console': ['step 10 epoch 1 train/CE loss=11.03', 'step 10 epoch 1 optim/total grad norm=0.5'],
  'torchtune: log_<time>.txt': ['step 5 loss=1.23 lr=0.00002 tokens_per_second_per_gpu=1000.5'],
  'Composer: logs-rank0.txt': ['step 2 loss/train/total=2.3'],
  'DeepSpeed: Train_Samples_train_loss.csv': [
    'step 32 Train/Samples/train_loss=2.5',
    'step 64 Train/Samples/train_loss=NaN',
  ],
  'DeepSpeed: console': ['step 10 loss=2.3 iter time=0.512 samples/sec=62.5'],
  'XGBoost: console': ['step 0 train-logloss=0.6843 valid-logloss=0.685'],
  'LightGBM: console': ["step 10 valid_0's binary_logloss=0.61"],
  'CatBoost: catboost_info/learn_error.tsv': ['step 0 Logloss=0.5 AUC=0.75'],
  'CatBoost: console': ['step 12 learn=0.5234 test=0.5311'],
  'Vowpal Wabbit: console': ['step 2 average loss=0.513618 since last=0.027236'],
  'scikit-learn gradient boosting: console': ['step 1 Train Loss=1.2202'],
  'Stable-Baselines3: console': ['step 4096 train/learning_rate=0.0003 train/loss=5.12'],
  'RLlib, Ray Tune: console': [
    'step 2 episode_reward_mean=31.5 info/learner/default_policy/learner_stats/total_loss=NaN',
  ],
  'rsl_rl, Isaac Lab: console': [
    'step 7 Computation=1101',
    'step 7 Value function loss=Infinity',
    'step 7 Mean reward=-4.5',
    'step 7 Episode_Reward/track_lin_vel_xy_exp=1.25',
  ],
  'DeepXDE: console': [
    'step 1000 Train loss=0.375 Train loss/0=0.125 Train loss/1=0.25 Test loss=NaN Test loss/0=NaN Test loss/1=0.5',
  ],
  'VITS, RVC, so-vits-svc: train.log': [
    'step 200 epoch 1 loss_disc=2.5 loss_gen=NaN loss_mel=18.25 learning_rate=0.0000999',
  ],
  'JAX CLU, Flax: console': ['step 100 learning_rate=0.001 loss=2.301'],
  'PyTorch tutorials: console': ['step 64 epoch 1 loss=2.30275'],
  'PyTorch-GAN: console': ['step 5 epoch 0 D loss=0.693147 G loss=NaN'],
  'NVIDIA NeMo: console': ['step 99 epoch 0 reduced_train_loss=6.91'],
  'Marian: train.log': ['step 5 epoch 1 Sen=2304 Cost=838.97186279'],
  'MLPerf: console': ['step 7 train_loss=0.25'],
  'NVIDIA DLLogger: console': ['step 1787 epoch 0 average_loss=2.35 step_loss=3.14'],
  'DeePMD-kit: lcurve.out': ['step 0 rmse_val=29.8 rmse_trn=29.3 lr=0.001'],
  'absl, AlgoPerf: console': ['step 65 loss=0.696 grad_norm=1.5'],
  'InternEvo: console': ['step 5 tflops=5.33 loss=8.548 loss_scale=65536 inf_nan_skip_batches=0'],
  'spaCy: console': ['step 20 epoch 2 LOSS TEXTCAT=NaN SCORE=0.32'],
  'Coqui TTS: trainer_0_log.txt': ['step 1000025 loss_disc=3.01874'],
  'MLflow: mlruns/0/<run>/metrics/val_loss': ['step 2 val_loss=27.7'],
  'Darknet: console': ['step 810 loss=1.529053 avg loss=1.687512 learning rate=0.001'],
  'YOLACT: console': ['step 810 epoch 0 B=4.512 C=7.25 M=5.125 S=1.5 T=NaN'],
  'scikit-learn: console': ['step 1 loss=0.69314718'],
  'Katib, Guild: console': ['step 3 epoch 3 loss=0.8'],
  'tqdm: console': ['step 13 epoch 1 loss=1.68'],
  'loguru: console': ['step 5 loss=1.5 lr=0.05'],
  'structlog: console': ['step 5 epoch 0 loss=1.6 lr=0.05'],
  'PyTorch: console': ['step 3 loss=NaN'],
  'NumPy: losses.txt': ['step 1 losses=7.5', 'step 2 losses=NaN'],
  'predictions of any stack, a row for each sample: predictions.csv': ['batch 0 probs 1x2'],
}

/** Parts of an objective, and errors that are none: a NaN among them is seen, a rise is not judged. */
const WITHOUT_LOSS = [
  'Ultralytics YOLO: runs/detect/train/results.csv',
  'Ultralytics YOLO: console',
  'DeePMD-kit: lcurve.out',
  'rsl_rl, Isaac Lab: console',
  'VITS, RVC, so-vits-svc: train.log',
  'Coqui TTS: trainer_0_log.txt',
  'PyTorch-GAN: console',
  // The loss of its batches is recomputed.
  'predictions of any stack, a row for each sample: predictions.csv',
]

for (const dialect of DIALECTS) {
  const key = keyOf(dialect)
  test(`${key}: its lines are read`, () => {
    expect(readBriefly(dialect.lines, dialect.where)).toEqual({ format: dialect.readBy, results: expected[key] })
  })

  test(`${key}: of its metrics one is the loss, unless it has parts of one only`, () => {
    expect(rolesIn(dialect.lines, dialect.where).some(isLossRole)).toBe(!WITHOUT_LOSS.includes(key))
  })
}

test('each dialect is listed once', () => {
  expect(DIALECTS.map(keyOf).toSorted()).toEqual(Object.keys(expected).toSorted())
})
