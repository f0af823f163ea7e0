import { expect, test } from 'vitest'
import { bySeverity } from '../../../src/protocol/alert.ts'
import { WatchedRun } from './watched-run.ts'

interface Case {
  readonly about: string
  readonly log: string
  /** The series that are losses, and the role of each. */
  readonly losses: Readonly<Record<string, string>>
  readonly gravest: 'critical' | 'warning' | 'info' | null
}

const rows = (count: number, row: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => row(n + 1)).join('\n')
const wavy = (n: number, base: number) => (base * (1 + 0.04 * ((n * 7) % 5))).toFixed(4)

const CASES: readonly Case[] = [
  {
    about: 'the players of a GAN, the loss first in the name',
    log: 'epoch 3 step 20 loss_D: 0.61 loss_G: 1.22\nepoch 3 step 40 loss_D: nan loss_G: nan',
    losses: { loss_D: 'loss_part', loss_G: 'loss_part' },
    gravest: 'critical',
  },
  {
    about: 'their letters as suffixes of a discriminator that is written out',
    log: 'iter 7 loss_disc=0.4 loss_gen=2.1 loss_mel=30.2\niter 8 loss_disc=inf loss_gen=inf loss_mel=inf',
    losses: { loss_disc: 'loss_part', loss_gen: 'loss_part', loss_mel: 'loss_part' },
    gravest: 'critical',
  },
  {
    about: 'players without the word loss',
    log: 'epoch 1 step 50 D_real: 0.4 D_fake: 0.3 G_adv: 1.9\nepoch 1 step 60 D_real: nan D_fake: nan G_adv: nan',
    losses: { D_real: 'train_loss', D_fake: 'train_loss', G_adv: 'train_loss' },
    gravest: 'critical',
  },
  {
    about: 'players by one word each',
    log: 'epoch 1 errD 0.4 errG 1.9\nepoch 2 errD nan errG 1.8',
    losses: { errD: 'train_loss', errG: 'train_loss' },
    gravest: 'critical',
  },
  {
    about: 'players by a letter each',
    log: 'iter 40; d: 0.4; g: 1.9; r1: 0.02\niter 60; d: nan; g: nan; r1: 0.02',
    losses: { d: 'train_loss', g: 'train_loss' },
    gravest: 'critical',
  },
  {
    about: 'a policy and its values by one word each',
    log: 'iter 4 pg 0.21 vf 3.1 ent 0.9\niter 5 pg nan vf nan ent 0.9',
    losses: { pg: 'train_loss', vf: 'train_loss' },
    gravest: 'critical',
  },
  {
    about: 'the same in cells, healthy, with values that grow as the return does',
    log: rows(90, (n) => `| update ${n} | pi ${wavy(n, 0.2)} | v ${wavy(n, 1.06 ** n)} | ret ${wavy(n, n)} |`),
    losses: { pi: 'train_loss', v: 'train_loss' },
    gravest: null,
  },
  {
    about: 'values without a policy are no loss',
    log: 'step 4 q 0.5 depth 3\nstep 5 q nan depth 3',
    losses: {},
    gravest: 'info',
  },
  {
    about: 'one letter without the other is no player',
    log: 'step 1 loss 0.4 d: 3 fps 20\nstep 2 loss 0.3 d: nan fps 20',
    losses: { loss: 'train_loss' },
    gravest: 'info',
  },
  {
    about: 'a kind of error that is written out',
    log: 'epoch 4 mean_squared_error=0.83 r2=0.1\nepoch 5 mean_squared_error=nan r2=0.1',
    losses: { mean_squared_error: 'train_loss' },
    gravest: 'critical',
  },
  {
    about: 'the losses of two networks in one word each',
    log: 'step 9 ALOSS 0.5 CLOSS 1.5\nstep 10 ALOSS nan CLOSS nan',
    losses: { ALOSS: 'loss_part', CLOSS: 'loss_part' },
    gravest: 'critical',
  },
  {
    about: 'a value of no known name and its divergence, most of which are lost',
    log: `${rows(5, (n) => `epoch ${n} Rebuild: ${wavy(n, 3)} KLD: 0.83`)}\nepoch 6 Rebuild: nan KLD: nan`,
    losses: {},
    gravest: 'critical',
  },
  {
    about: 'a divergence that is lost alone',
    log: `${rows(5, (n) => `epoch ${n} Rebuild: ${wavy(n, 3)} KLD: 0.83`)}\nepoch 6 Rebuild: 3.0 KLD: nan`,
    losses: {},
    gravest: 'info',
  },
  {
    about: 'values that are named by their phase alone',
    log: `${rows(5, (n) => `epoch ${n} Train: ${wavy(n, 3)} Test: 0.94`)}\nepoch 6 Train: nan Test: nan`,
    losses: { Train: 'train_loss', Test: 'val_loss' },
    gravest: 'critical',
  },
  {
    about: 'the prefix l_',
    log: 'iter 500, lr:1.0e-04, l_pix: 3.1e-02, l_percep: 0.91\niter 600, lr:1.0e-04, l_pix: nan, l_percep: nan',
    losses: { l_pix: 'loss_part', l_percep: 'loss_part' },
    gravest: 'critical',
  },
  {
    about: 'an error of regression, of training and of held-out data',
    log: 'epoch 4 train_rmse=0.83 valid_rmse=0.94\nepoch 5 train_rmse=nan valid_rmse=nan',
    losses: { train_rmse: 'train_loss', valid_rmse: 'val_loss' },
    gravest: 'critical',
  },
  {
    about: 'an error of regression, of training and of held-out data',
    log: 'epoch 4 rmse_train=0.83 rmse_valid=0.94\nepoch 5 rmse_train=nan rmse_valid=nan',
    losses: { rmse_train: 'train_loss', rmse_valid: 'val_loss' },
    gravest: 'critical',
  },
  {
    about: 'an error of regression alone, in a table',
    log: 'epoch,mae\n1,0.9\n2,0.8\n3,nan\n',
    losses: { mae: 'train_loss' },
    gravest: 'critical',
  },
  {
    about: 'an error that is called by its kind',
    log: 'Epoch[2] Batch [40]\tTrain-Acc=0.71\tTrain-Huber=0.31\nEpoch[2] Batch [60]\tTrain-Acc=0.70\tTrain-Huber=nan',
    losses: { 'Train-Huber': 'train_loss' },
    gravest: 'critical',
  },
  {
    about: 'an error beside a loss is a measure',
    log: 'epoch 4 loss: 0.83 mae: 0.4 val_loss: 0.9 val_mae: 0.5\nepoch 5 loss: 0.82 mae: nan val_loss: 0.91 val_mae: nan',
    losses: { loss: 'train_loss', val_loss: 'val_loss' },
    gravest: 'info',
  },
  {
    about: 'a mean by a short word, in a bar of progress',
    log: 'steps:  40%|████      | 40/100 [00:50<01:06, 1.24s/it, avr_loss=0.11]\nsteps:  41%|████      | 41/100 [00:51<01:05, 1.24s/it, avr_loss=nan]',
    losses: { avr_loss: 'train_loss' },
    gravest: 'critical',
  },
  {
    about: 'a path whose end is a whole loss',
    log: '{"step": 4, "learner": {"main": {"stats": {"total_loss": 2.5}}}}\n{"step": 5, "learner": {"main": {"stats": {"total_loss": NaN}}}}',
    losses: { 'learner/main/stats/total_loss': 'train_loss' },
    gravest: 'critical',
  },
  {
    about: 'parts of a detector in a table',
    log: 'epoch,train/box,train/box_loss,train/cls_loss,val/box_loss,val/cls_loss\n1,0,1.2,2.3,1.3,2.2\n2,0,nan,nan,nan,nan\n',
    losses: {
      'train/box_loss': 'loss_part',
      'train/cls_loss': 'loss_part',
      'val/box_loss': 'loss_part',
      'val/cls_loss': 'loss_part',
    },
    gravest: 'critical',
  },
  {
    about: 'one part of three for one batch',
    log: rows(
      60,
      (n) => `step ${n} box_loss ${wavy(n, 1)} cls_loss ${n === 40 ? 'nan' : wavy(n, 2)} dfl_loss ${wavy(n, 3)}`,
    ),
    losses: { box_loss: 'loss_part', cls_loss: 'loss_part', dfl_loss: 'loss_part' },
    gravest: 'warning',
  },
  {
    about: 'one part of three that stays broken',
    log: rows(
      60,
      (n) => `step ${n} box_loss ${wavy(n, 1)} cls_loss ${n > 40 ? 'nan' : wavy(n, 2)} dfl_loss ${wavy(n, 3)}`,
    ),
    losses: { box_loss: 'loss_part', cls_loss: 'loss_part', dfl_loss: 'loss_part' },
    gravest: 'critical',
  },
  {
    about: 'one part of three beside a gradient norm that is NaN',
    log: 'step 8 aux_loss 0.1 rnnt_loss 9.1 att_loss 4.2 grad_norm 2.1\nstep 9 aux_loss 0.1 rnnt_loss nan att_loss 4.2 grad_norm nan',
    losses: { aux_loss: 'loss_part', rnnt_loss: 'loss_part', att_loss: 'loss_part' },
    gravest: 'critical',
  },
  {
    about: 'a part beside a whole loss that goes on',
    log: 'step 8 loss 4.1 aux_loss 0.1\nstep 9 loss 4.0 aux_loss nan\nstep 10 loss 3.9 aux_loss nan',
    losses: { loss: 'train_loss', aux_loss: 'loss_part' },
    gravest: 'warning',
  },
  {
    about: 'the losses of a policy',
    log: 'iteration 5 policy_loss: 0.02 value_loss: 1.1 entropy_loss: 2.2\niteration 6 policy_loss: nan value_loss: nan entropy_loss: nan',
    losses: { policy_loss: 'loss_part', value_loss: 'loss_part', entropy_loss: 'loss_part' },
    gravest: 'critical',
  },
  {
    about: 'a value loss that runs away over several records',
    log: rows(120, (n) => {
      const value = n < 100 ? wavy(n, 1.2) : (1.2 * 10 ** (n - 99)).toPrecision(5)
      return `iteration ${n} policy_loss: ${wavy(n, -0.01)} value_loss: ${value}`
    }),
    losses: { policy_loss: 'loss_part', value_loss: 'loss_part' },
    gravest: 'critical',
  },
  {
    about: 'a perplexity alone',
    log: 'global step 100 lr 1 ppl 812.5 bleu 0.00\nglobal step 200 lr 1 ppl 401.1 bleu 0.10\nglobal step 300 lr 1 ppl nan bleu 0.00',
    losses: { ppl: 'perplexity' },
    gravest: 'critical',
  },
  {
    about: 'a perplexity beside the loss',
    log: 'step 10 loss 4.1 ppl 60.3\nstep 20 loss 4.0 ppl inf',
    losses: { loss: 'train_loss', ppl: 'perplexity' },
    gravest: 'info',
  },
  {
    about: 'an objective alone',
    log: 'epoch 1 step 10 objf: -1.2 lr: 0.1\nepoch 1 step 20 objf: -0.9 lr: 0.1\nepoch 1 step 30 objf: nan lr: 0.1',
    losses: { objf: 'objective' },
    gravest: 'critical',
  },
  {
    about: 'bits alone',
    log: '{"step": 1, "train_bpc": 2.1}\n{"step": 2, "train_bpc": NaN}',
    losses: { train_bpc: 'train_loss' },
    gravest: 'critical',
  },
  {
    about: 'names that nobody knows, beside a counter',
    log: rows(6, (n) => `epoch ${n} foo: ${n < 5 ? wavy(n, 1) : 'nan'} bar: ${n < 5 ? wavy(n, 2) : 'nan'} baz: 0.5`),
    losses: {},
    gravest: 'critical',
  },
  {
    about: 'a loss that a bar shows and the job never sets',
    log: rows(30, (n) => `step ${n} loss: nan reduced_train_loss: ${wavy(n, 3)} grad_norm: 1.1`),
    losses: { loss: 'train_loss', reduced_train_loss: 'train_loss' },
    gravest: 'info',
  },
  {
    about: 'a loss by the name of its kind',
    log: rows(9, (n) => `step=${n} InfoNCE=${n < 9 ? wavy(n, 1.4) : 'nan'} lr=1e-3`),
    losses: { InfoNCE: 'train_loss' },
    gravest: 'critical',
  },
  {
    about: 'one name that nobody knows, beside a learning rate',
    log: rows(9, (n) => `step=${n} gizmo=${n < 9 ? wavy(n, 1.4) : 'nan'} lr=1e-3`),
    losses: {},
    gravest: 'critical',
  },
  {
    about: 'a measure beside a learning rate is NaN where there is nothing to measure',
    log: rows(9, (n) => `step=${n} recall=${n < 9 ? wavy(n, 0.4) : 'nan'} lr=1e-3`),
    losses: {},
    gravest: 'info',
  },
  {
    about: 'the divergence of a policy beside a gradient norm that is NaN',
    log: 'step 2 kl_loss 0.1 pg_loss 0.2 grad_norm 1\nstep 3 kl_loss nan pg_loss 0.2 grad_norm nan',
    losses: { kl_loss: 'loss_part', pg_loss: 'loss_part' },
    gravest: 'critical',
  },
  {
    about: 'an objective that is raised, as it should',
    log: rows(280, (n) => `step ${n} elbo=${(-7 * Math.exp(-n / 40) - 0.1 * ((n * 7) % 5)).toFixed(3)} lr=0.1`),
    losses: { elbo: 'objective' },
    gravest: null,
  },
  {
    about: 'an objective that falls out of all bounds',
    log: rows(12, (n) => `after ${n * 100} utterances objf=${n < 12 ? -30 - (n % 3) : '-3.1e29'} lr=0.1`),
    losses: { objf: 'objective' },
    gravest: 'critical',
  },
  {
    about: 'what a loss was taken over',
    log: 'epoch 3 loss on the train split: 0.6, loss on the dev split: 0.8\nepoch 4 loss on the train split: nan, loss on the dev split: 0.9',
    losses: { 'loss on the train split': 'train_loss', 'loss on the dev split': 'val_loss' },
    gravest: 'critical',
  },
  {
    about: 'an error of both phases in lines that do not count',
    log: 'trn: mae = 0.41, dev: mae = 0.47\ntrn: mae = nan, dev: mae = nan',
    losses: { mae: 'train_loss', 'dev/mae': 'val_loss' },
    gravest: 'critical',
  },
  {
    about: 'the two domains of an adaptation',
    log: 'step 3 source loss: 0.7, target loss: 0.9\nstep 4 source loss: nan, target loss: nan',
    losses: { 'source loss': 'loss_part', 'target loss': 'loss_part' },
    gravest: 'critical',
  },
  {
    about: 'a healthy loss beside the one that it shall come to',
    log: rows(90, (n) => `step ${n} loss ${wavy(n, 3 * 0.97 ** n)} target_loss 0.02`),
    losses: { loss: 'train_loss' },
    gravest: null,
  },
  {
    about: 'an error of no kind, in a line that names levels as well',
    log: '2026-02-03 11:00:00 ERROR none\npass epoch=2, rate=0.1, error=5.31\npass epoch=3, rate=0.1, error=nan',
    losses: { error: 'train_loss' },
    gravest: 'critical',
  },
  {
    about: 'an error in other languages, of both phases',
    log: 'Эпоха 2: ошибка 0.91, ошибка на валидации=0.95\nЭпоха 3: ошибка nan, ошибка на валидации=0.97',
    losses: { ошибка: 'train_loss', 'ошибка на валидации': 'val_loss' },
    gravest: 'critical',
  },
  {
    about: 'an error behind a phase, with and without a mark',
    log: 'epoch 2 train mae=0.6 valid mae=0.7\nepoch 3 train mae=nan valid mae=nan',
    losses: { mae: 'train_loss', 'valid mae': 'val_loss' },
    gravest: 'critical',
  },
  {
    about: 'a share of wrong answers that comes to nothing',
    log: rows(90, (n) => `epoch ${n} error ${n < 40 ? ((40 - n) / 50).toFixed(2) : '0.00'}`),
    losses: { error: 'train_loss' },
    gravest: null,
  },
  {
    about: 'a healthy loss beside errors that are counted',
    log: rows(90, (n) => `epoch ${n} loss ${wavy(n, 3 * 0.97 ** n)} read errors: ${n % 3} error 404 at file 7`),
    losses: { loss: 'train_loss' },
    gravest: null,
  },
  {
    about: 'a healthy GAN',
    log: rows(90, (n) => `[${n}/90] Loss_D: ${wavy(n, 0.6)} Loss_G: ${wavy(n, 1.5)} D(x): ${wavy(n, 0.7)}`),
    losses: { Loss_D: 'loss_part', Loss_G: 'loss_part' },
    gravest: null,
  },
  {
    about: 'parts of which one is 0 and one stands still',
    log: rows(90, (n) => `step ${n} loss_mask: 0.0000 loss_box: ${wavy(n, 1.5)} loss_reg: 0.3`),
    losses: { loss_mask: 'loss_part', loss_box: 'loss_part', loss_reg: 'loss_part' },
    gravest: null,
  },
  {
    about: 'values that are named by a phase, beside what is finite whatever becomes of them',
    log: `${rows(9, (n) => `epoch: ${n}  train: ${wavy(n, 3 / n)}  test: ${wavy(n, 4 / n)}  best: 0.7  patience: 5  eta: 12`)}
epoch: 10  train: nan  test: nan  best: 0.7  patience: 5  eta: 12`,
    losses: { train: 'train_loss', test: 'val_loss' },
    gravest: 'critical',
  },
  {
    about: 'the same by short names, healthy',
    log: rows(30, (n) => `step ${n}  tr: ${wavy(n, 3 / n)}  va: ${wavy(n, 4 / n)}`),
    losses: { tr: 'train_loss', va: 'val_loss' },
    gravest: null,
  },
  {
    about: 'such values that rise, as shares of right answers do',
    log: rows(30, (n) => `epoch: ${n}  train: ${wavy(n, 0.02 * n)}  test: ${wavy(n, 0.01 * n)}`),
    losses: {},
    gravest: null,
  },
  {
    about: 'such values beside a value of another name',
    log: rows(30, (n) => `epoch: ${n}  train: ${wavy(n, 3 / n)}  test: ${wavy(n, 4 / n)}  hosts: ${wavy(n, 3)}`),
    losses: {},
    gravest: null,
  },
  {
    about: 'players by names of their own, behind a batch of so many',
    log: `${rows(9, (n) => `batch ${n}/90 maker ${wavy(n, 3)} judge ${wavy(n, 2)}`)}\nbatch 10/90 maker nan judge nan`,
    losses: {},
    gravest: 'critical',
  },
  {
    about: 'such values beside a loss',
    log: rows(30, (n) => `epoch: ${n}  loss: ${wavy(n, 3 / n)}  train: ${wavy(n, 4 / n)}  test: ${wavy(n, 3)}`),
    losses: { loss: 'train_loss' },
    gravest: null,
  },
]

for (const { about, log, losses, gravest } of CASES) {
  test(about, () => {
    const run = new WatchedRun().read('train.log', `${log}\n`, true)
    const found = [...run.samples].filter(({ role, actsAs }) => /loss|perplexity|objective/.test(`${role} ${actsAs}`))
    expect(Object.fromEntries(found.map(({ metric, role }) => [metric, role]))).toEqual(losses)
    const [worst] = run.alerts.map(({ severity }) => severity).sort(bySeverity)
    expect(worst ?? null).toBe(gravest)
  })
}

test('a failure of several parts is one alert', () => {
  const log = 'iter 7 loss_a=0.4 loss_b=2.1 loss_c=30.2\niter 8 loss_a=nan loss_b=nan loss_c=nan\n'
  const run = new WatchedRun().read('train.log', log, true)
  expect(run.alerts.filter(({ partOf }) => partOf === null)).toHaveLength(1)
})
