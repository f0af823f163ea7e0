import { expect, test } from 'vitest'
import { fieldOf, phaseOf, roleOf } from '../../../src/core/records/fields.ts'
import type { Role } from '../../../src/protocol/sample.ts'

const ROLES: Readonly<Record<Role, readonly string[]>> = {
  train_loss: [
    ...['loss', 'Loss', 'train_loss', 'train/loss', 'training.loss', 'training loss', 'trainLoss', 'Loss/train', 'trl'],
    ...['lm loss', 'lm_loss', 'total_loss', 'loss/train/total', 'nll', 'nll_loss', 'cross_entropy', 'CrossEntropy'],
    ...['ce_loss', 'train/CE loss', 'train/ctc_loss', 'Logloss', 'train-logloss', "train's binary_logloss", 'Cost'],
    ...['epoch_loss', 'avg_loss', 'avg_train_loss', 'average loss', 'batch_loss', 'step_loss', 'mean_loss', 'loss_ema'],
    ...[
      'reduced_train_loss',
      'train-mlogloss',
      'train_loss_step',
      'train_loss_epoch',
      'loss_value',
      'running_loss',
      'Avg loss',
      'run-17 - lm_loss',
      'avr_loss',
      'trainloss',
      'tr_loss',
      'loss_tr',
      'Tr loss',
      'train_cost',
    ],
    ...['actor/loss', 'info/learner/default_policy/learner_stats/total_loss', 'Loss/total_loss', 'reward_model/loss'],
  ],
  val_loss: [
    ...['val_loss', 'valid_loss', 'eval_loss', 'eval/loss', 'validation_loss', 'validation/loss', 'dev loss', 'tel'],
    ...[
      'test_loss',
      'va_loss',
      'tst_loss',
      'Va Loss',
      'loss_va',
      'Test/Average loss',
      'valLoss',
      'val_loss_epoch',
      'Loss/val',
      'test/ctc_loss',
      'lm loss validation',
    ],
    ...["valid_0's binary_logloss", 'validation_0-logloss', 'val/CE loss', 'validation/lm loss value', 'eval_nll'],
  ],
  grad_norm: [
    ...['grad_norm', 'gnorm', 'grad norm', 'norm', 'gradient_norm', 'train/grad_norm', 'gradNorm', 'global_norm'],
    ...['optim/total grad norm', 'grad/norm', 'total_norm'],
  ],
  learning_rate: [
    'lr',
    'LR',
    'learning_rate',
    'learning rate',
    'learningRate',
    'lr-AdamW',
    'lr/pg0',
    'x/lr0',
    'train/lr',
    'L.r',
    'L.r.',
  ],
  loss_scale: ['loss_scale', 'loss scale', 'grad_scale', 'late/grad_scale', 'amp_scaler'],
  accuracy: ['acc', 'accuracy', 'val_acc', 'eval_accuracy', 'top1', 'eval_top1', 'Acc@1', 'mean_token_accuracy'],
  loss_part: [
    ...[
      'loss_cls',
      'train/box_loss',
      'val/cls_loss',
      'loss1',
      'loss_1',
      'value_loss',
      'policy_loss',
      'loss_ce',
      'aux_loss',
    ],
    ...[
      'loss_D',
      'D_loss',
      'dloss',
      'loss_disc',
      'l_g_pix',
      'l_d_fake',
      'Value function loss',
      'Loss/surrogate',
      'vf_loss',
    ],
    ...[
      'kl_loss',
      'mean_kl_loss',
      'actor/kl_loss',
      'Mean entropy loss',
      'train/entropy_loss',
      'train_loss_kl',
      'mask_loss',
    ],
    ...['clip_loss', 'start_loss', 'reward_loss', 'losses/policy', 'SmoothL1Loss', 'RPNLogLoss', 'act_loss', 'gloss'],
  ],
  perplexity: ['ppl', 'PPL', 'perplexity', 'train_ppl', 'valid/perplexity', 'dev ppl'],
  objective: ['objf', 'objective', 'global average objf', 'elbo', 'Train/ELBO', 'Objective'],
  reward: [
    ...[
      'reward',
      'Mean reward',
      'average reward score',
      'rollout/ep_rew_mean',
      'charts/episodic_return',
      'episode_reward',
    ],
    ...['critic/rewards/mean', 'critic/score/mean', 'objective/scores', 'objective/rlhf_reward', 'env/reward_mean'],
    ...[
      'env_runners/episode_return_mean',
      'episode_reward_mean',
      'Train/mean_reward',
      'averageReturn',
      'eval/mean_reward',
    ],
  ],
  entropy: [
    ...['entropy', 'Entropy', 'losses/entropy', 'actor/entropy'],
    ...['policy/entropy_avg', 'objective/entropy', 'info/learner/default_policy/entropy'],
  ],
  kl: [
    ...['kl', 'approx_kl', 'losses/old_approx_kl', 'objective/kl', 'policy/approxkl_avg', 'actor/ppo_kl'],
    ...['critic/kl', 'KL divergence'],
  ],
  response_length: [
    ...['completions/mean_length', 'response_length/mean', 'response_length', 'mean_response_length'],
    ...['completion_length', 'mean_gen_tokens_per_sample', 'avg_output_tokens'],
  ],
  clip_fraction: [
    ...['train/clip_fraction', 'losses/clipfrac', 'actor/pg_clipfrac', 'policy/clipfrac_avg', 'clip_frac'],
  ],
  zero_std_share: ['frac_reward_zero_std', 'zero_std_ratio'],
  other: [
    ...[
      'ent_coef',
      'entropy_coeff',
      'target_entropy',
      'alpha',
      'train/ent_coef_loss_2',
      'entropy_bonus',
      'router_entropy',
    ],
    ...['kl_coef', 'cur_kl_coeff', 'curr_kl_coeff', 'kl_target', 'kl_beta', 'critic/kl_coeff', 'reward_kl_penalty'],
    ...['reward_std', 'rewards/format_reward/mean', 'rewards/chosen', 'rewards/margins', 'Episode_Reward/air_time'],
    ...['critic/rewards/max', 'max_episode_reward', 'reward_scale', 'score', 'f1_score', 'critic/advantages/mean'],
    ...['rollout/ep_len_mean', 'Mean episode length', 'prompt_length/mean', 'response_length/max', 'clip_range'],
    ...['response_length/clip_ratio', 'completions/clipped_ratio', 'completions/mean_terminated_length', 'num_tokens'],
    ...['generation_tokens_per_sec', 'grad_clip_fraction'],
    ...['batch_cost', 'Time cost', 'losses/explained_variance', 'loss rate', 'loss_time'],
    ...['loss_fn', 'loss_weight', 'loss_std', 'loss__MIN', 'eval_error', 'mse', 'RpnL1', 'D_real', 'l_rate', 'bpb'],
    ...['best_loss', 'best_val_loss', 'target_loss', 'initial_loss', 'max_grad_norm', 'grad_clip_norm', 'weight_norm'],
    ...['min_lr', 'warmup_max_lr', 'base_learning_rate', 'reducing learning rate of group', 'initial_loss_scale'],
    ...['global batch size', 'number of nan iterations', 'elapsed time per iteration', 'total_steps', 'max_steps'],
    ...['epochs', 'num_epochs', 'warmup_steps', 'step_avg', 'train_time', 'batch_size', '', 'x'.repeat(1000)],
    ...['constructor', '__proto__', 'toString', 'glossary', 'normal', 'floss'],
  ],
}
for (const [role, names] of Object.entries(ROLES)) {
  for (const name of names) {
    test(`${JSON.stringify(name.slice(0, 40))} is ${role}`, () => {
      expect(roleOf(name)).toBe(role)
    })
  }
}

const STEPS = ['step', 'Step', 'global_step', 'globalStep', 'trainer/global_step', 'train/global_step', '_step', 'iter']
const MORE_STEPS = [
  'iteration',
  'Training Iteration',
  'current_steps',
  'num_updates',
  'update',
  'completed step',
  'step_num',
]
for (const name of [...STEPS, ...MORE_STEPS]) {
  test(`${name} is a step, and of a training log for certain`, () => {
    expect(fieldOf(name)).toMatchObject({ kind: 'step', isCertain: true })
  })
}

for (const name of ['s', 'batch', 'batch_idx', 'steps', 'Up', 'env_steps']) {
  test(`${name} may be a step`, () => {
    expect(fieldOf(name)).toMatchObject({ kind: 'step', isCertain: false })
  })
}

for (const name of ['epoch', 'Epoch', 'Training Epoch', 'current_epoch', 'epoch_num', 'Ep']) {
  test(`${name} is the epoch`, () => {
    expect(fieldOf(name)).toEqual({ kind: 'epoch' })
  })
}

for (const name of ['time', 'timestamp', '_timestamp', 'Wall time', 'ts', 'time_ms']) {
  test(`${name} may be the time`, () => {
    expect(fieldOf(name)).toEqual({ kind: 'time' })
  })
}

test('a global step goes before one that may begin again with each epoch', () => {
  const ranks = ['global_step', 'step', 'iter', 'update', 'batch'].map((name) => {
    const field = fieldOf(name)
    return field.kind === 'step' ? field.rank : null
  })
  expect(ranks).toEqual([...ranks].sort((a, b) => Number(a) - Number(b)))
})

test('a phase is told by its word', () => {
  expect(phaseOf('Test set')).toBe('validation')
  expect(phaseOf('val')).toBe('validation')
  expect(phaseOf('Train')).toBe('training')
  expect(phaseOf('latest')).toBeNull()
})

test('more names than are remembered change nothing', () => {
  for (let i = 0; i < 10_000; i++) expect(roleOf(`metric_${i}`)).toBe('other')
  expect(roleOf('loss')).toBe('train_loss')
})

test.each([
  ['misc/total_timesteps', 'step'],
  ['rollout/num_timesteps', 'step'],
  ['config/total_timesteps', 'metric'],
  ['misc/timesteps_per_second', 'metric'],
])('in a table %s is a %s', (name, kind) => {
  expect(fieldOf(name).kind).toBe(kind)
})

test.each(['avg_reader_cost', 'reader_cost', 'data cost', 'avg_batch_cost', 'io_cost', 'infer_cost'])(
  '%s is what takes time, and no loss',
  (name) => {
    expect(fieldOf(name)).toEqual({ kind: 'metric', role: 'other' })
  },
)
