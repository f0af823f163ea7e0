import { expect, test } from 'vitest'
import { keyValue } from '../../../src/core/formats/key-value.ts'
import type { Claim } from '../../../src/core/records/format.ts'
import { briefly, parseAll } from './lines.ts'

const lines: readonly { readonly text: string; readonly record: string }[] = [
  { text: 'step 12 loss 0.5', record: 'step 12 loss=0.5' },
  { text: 'step=12, loss=0.5', record: 'step 12 loss=0.5' },
  { text: 'step: 12 | loss: 0.5 | grad norm: 0.75', record: 'step 12 loss=0.5 grad norm=0.75' },
  { text: 'step 12 loss nan', record: 'step 12 loss=NaN' },
  { text: 'step=12 loss=-inf|', record: 'step 12 loss=-Infinity' },
  { text: 'step=12 loss=1e400', record: 'step 12 loss=Infinity' },
  { text: 'step 4: the trainer diverged with train_loss = nan', record: 'step 4 train_loss=NaN' },
  { text: 'step 4: monitored quantity val_loss: inf', record: 'step 4 val_loss=Infinity' },
  { text: 'step 4 got a loss: nan', record: 'step 4 loss=NaN' },
  { text: 'step 4 loss.item()=2.5', record: 'step 4 loss=2.5' },
  { text: 'step 4 train_loss.item(): nan', record: 'step 4 train_loss=NaN' },
  { text: 'step 4 loss.detach().cpu().numpy() = 0.25', record: 'step 4 loss=0.25' },
  { text: 'epoch 4 d_loss.mean().item()=0.5 g_loss.item()=0.25', record: 'epoch 4 d_loss=0.5 g_loss=0.25' },
  { text: 'step 4 loss=0.5 sum() = 3.5', record: 'step 4 loss=0.5' },
  { text: 'EPOCH[4/90] lossnan-|', record: 'epoch 4 loss=NaN' },
  { text: 'step 4 train_loss0.75, val_lossinf', record: 'step 4 train_loss=0.75 val_loss=Infinity' },
  { text: 'step 4 loss2: 0.75 loss3 0.5', record: 'step 4 loss2=0.75 loss3=0.5' },
  { text: 'step 4 lossnan: 3 loss 0.5', record: 'step 4 lossnan=3 loss=0.5' },
  { text: 'batch 40: trn: mae = 0.5, mae_q = 0.25, lr = 0.125', record: 'step 40 mae=0.5 mae_q=0.25 lr=0.125' },
  { text: 'batch 40: val: mae = 0.5, mae_q = 0.25', record: 'step 40 val/mae=0.5 val/mae_q=0.25' },
  {
    text: "Average objective function for 'output' at iteration 7 is -0.5 over 960 frames",
    record: 'step 7 output/Average objective=-0.5',
  },
  {
    text: "Mean cost for 'out-b' for minibatches 30-39 is nan over 96 rows",
    record: 'step 39 out-b/Mean cost=NaN',
  },
  { text: 'The training loss at epoch 4 is 0.5', record: 'epoch 4 training loss=0.5' },
  { text: 'the loss is 0.5 at step 4', record: 'step 4 loss=0.5' },
  { text: 'step 4: the loss function for step 5 is set, loss=0.5', record: 'step 4 loss=0.5' },
  { text: 'step 4 Loss - total: 0.5, box: 0.25, lr: 0.125', record: 'step 4 Loss/total=0.5 Loss/box=0.25 lr=0.125' },
  { text: 'epoch 4 train loss — mean: 0.5 time: 3.5', record: 'epoch 4 train loss/mean=0.5 time=3.5' },
  { text: 'step 4 loss: 0.5 - acc: 0.75 - total: 3.5', record: 'step 4 loss=0.5 acc=0.75 total=3.5' },
  { text: 'loss: tensor(nan)', record: 'loss=NaN' },
  { text: "step 3 loss tensor(1.5, device='cuda:0')", record: 'step 3 loss=1.5' },
  { text: 'iter 20: loss 10.1234, time 12.00ms, mfu 1.00%', record: 'step 20 loss=10.1234' },
  { text: 'step 250: train loss 2.1, val loss 2.2', record: 'step 250 train loss=2.1 val loss=2.2' },
  { text: '[epoch 1/10] step 5/100 loss: 0.5', record: 'step 5 epoch 1 loss=0.5' },
  { text: 'Epoch [1/3], Step [5/30], Loss: 1.5532', record: 'step 5 epoch 1 Loss=1.5532' },
  { text: 'Epoch: [0][  5/30]\tTime  0.012 ( 0.013)\tLoss nan (nan)', record: 'step 5 epoch 0 Time=0.012 Loss=NaN' },
  { text: 'Train Epoch: 1 [160/960 (17%)]\tLoss: 1.553240', record: 'step 160 epoch 1 Loss=1.55324' },
  { text: 'Train: 3 [  50/1000 (  5%)]  Loss: 6.93 (6.95)  Time: 0.050s', record: 'step 50 epoch 3 Loss=6.93' },
  { text: '[1,  2000] loss: 1.628', record: 'step 2000 epoch 1 loss=1.628' },
  { text: 'epoch=3 loss=0.8', record: 'epoch 3 loss=0.8' },
  { text: 'loss: 0.8 (step 10)', record: 'step 10 loss=0.8' },
  { text: 'loss at 402 3.40625', record: 'step 402 loss=3.40625' },
  { text: 'loss atloss at 402  3.40625', record: 'step 402 loss=3.40625' },
  { text: 'loss loss: 0.5', record: 'loss=0.5' },
  { text: 'C1: quant_bpb=1.147 sliding_bpb=nan size=97 bytes', record: 'quant_bpb=1.147 sliding_bpb=NaN size=97' },
  {
    text: 'Eval loss at step 7000: 7.05,tokens_seen: 700029429',
    record: 'step 7000 Eval loss=7.05 tokens_seen=700029429',
  },
  { text: 'Step 1,000 | loss 2.5', record: 'step 1000 loss=2.5' },
  { text: 'Iteration 1, loss = 175707745154501541888.00000000', record: 'step 1 loss=175707745154501540000' },
  { text: 's:198 trl:6.3328 lr:0.000171 norm:1.14', record: 'step 198 trl=6.3328 lr=0.000171 norm=1.14' },
  { text: 's:0 tel:11.0092', record: 'step 0 tel=11.0092' },
  { text: '65s:loss:0.3645:acc:0.8954:val_loss:2.2813', record: 'loss=0.3645 acc=0.8954 val_loss=2.2813' },
  { text: "[5]\ttrain's nll: nan\tvalid's nll: 0.5", record: "step 5 train's nll=NaN valid's nll=0.5" },
  { text: '[0]\ttrain-auc:0.68430\tvalid-auc:0.68500', record: 'step 0 train-auc=0.6843 valid-auc=0.685' },
  { text: 'Ep. 1 : Up. 5 : Sen. 2,304 : Cost 838.97186279 :', record: 'step 5 epoch 1 Sen=2304 Cost=838.97186279' },
  { text: '18/18 ━━━ 0s 2ms/step - accuracy: 0.1701 - loss: nan', record: 'step 18 accuracy=0.1701 loss=NaN' },
  {
    text: 'Epoch 1/3:   0%|    | 0/30 [00:00<?, ?it/s, acc=0.125, loss=1.68]',
    record: 'step 0 epoch 1 acc=0.125 loss=1.68',
  },
  { text: '000120 loss=0.5 (3.2 it/s) eta=0:00:10', record: 'step 120 loss=0.5' },
  { text: ' 7: train_loss 0.5, val_loss 0.25', record: 'step 7 train_loss=0.5 val_loss=0.25' },
  { text: 'Étape 3 · loss : 0.5', record: 'step 3 loss=0.5' },
  { text: 'I0101 00:00:00.123456 140 logging_writer.py:48] [100] loss=2.5', record: 'step 100 loss=2.5' },
  { text: 'INFO: Finished STEP 20/50000, loss = 4.5 (0.3 sec/batch)', record: 'step 20 loss=4.5' },
  { text: 'saved the best model of epoch 3, val loss 0.5', record: 'step 3 val loss=0.5' },
  { text: '[Epoch 1/5] [Batch 2/9] [D loss: 0.5] [G loss: nan]', record: 'step 2 epoch 1 D loss=0.5 G loss=NaN' },
  // Two values of one name are told apart by what stands beside it.
  { text: 'step 7 sem loss=0.5 | inst loss=nan', record: 'step 7 sem loss=0.5 inst loss=NaN' },
  { text: 'iter 9: loss(pde)=0.5, loss(bc)=0.25', record: 'step 9 pde loss=0.5 bc loss=0.25' },
  { text: 'iter 9: loss[pde]=0.5, loss[bc]=0.25', record: 'step 9 pde loss=0.5 bc loss=0.25' },
  {
    text: 'epoch 4 [enc: loss=0.5 acc=0.1] [dec: loss=0.75 acc=0.2]',
    record: 'epoch 4 enc loss=0.5 enc acc=0.1 dec loss=0.75 dec acc=0.2',
  },
  { text: 'step 7 text -> loss=0.5 | audio -> loss=0.25', record: 'step 7 text loss=0.5 audio loss=0.25' },
  { text: 'epoch 4 Val: gen loss=0.5, disc loss=0.25', record: 'epoch 4 Val/gen loss=0.5 Val/disc loss=0.25' },
  {
    text: 'Époque 2 | perte (entraînement) : 3.5 | perte (validation) : 0.5',
    record: 'epoch 2 perte=3.5 validation/perte=0.5',
  },
  // What a counter goes up to, in words of other languages.
  { text: 'Epoche 4 von 90 - Verlust: 2.5', record: 'epoch 4 Verlust=2.5' },
  { text: 'Époque 4 sur 90 - perte : 2.5', record: 'epoch 4 perte=2.5' },
  { text: 'Época 4 de 90 - pérdida: 2.5', record: 'epoch 4 pérdida=2.5' },
  { text: 'Эпоха 4 из 90, потери: nan', record: 'epoch 4 потери=NaN' },
  { text: 'Epoca 4 di 90 - loss: 2.5', record: 'epoch 4 loss=2.5' },
  { text: 'Epoch 4 van 90 - loss: 2.5', record: 'epoch 4 loss=2.5' },
  { text: '第 4 轮 共90轮 损失: 2.5', record: 'epoch 4 损失=2.5' },
  { text: '轮次 4 共 90 损失值为: 2.5', record: 'epoch 4 损失值=2.5' },
  { text: '第 4 步 损失为：nan', record: 'step 4 损失=NaN' },
  // The unit that hangs on to the number of a loss, finite or not.
  { text: 'iter 41 loss: 1.25k, acc: 0.5', record: 'step 41 loss=1250 acc=0.5' },
  { text: 'iter 42 loss: nank, acc: 0.5', record: 'step 42 loss=NaN acc=0.5' },
  { text: 'iter 42 loss nank lr 0.125', record: 'step 42 loss=NaN lr=0.125' },
  { text: 'iter 42 loss: -infM, acc: 0.5', record: 'step 42 loss=-Infinity acc=0.5' },
  { text: 'iter 43 loss: 2.5M, acc: 0.5', record: 'step 43 loss=2500000 acc=0.5' },
  { text: 'loss=3.5nats lr=0.25', record: 'loss=3.5 lr=0.25' },
  { text: 'loss=nannats lr=0.25', record: 'loss=NaN lr=0.25' },
  { text: 'iter 43 bpb: nanbpb, loss: 0.75bits/dim', record: 'step 43 bpb=NaN loss=0.75' },
  // An epoch and a step of so many, by a letter or behind the phase.
  { text: 'E 002/100 I 0007/5000 loss 0.5', record: 'step 7 epoch 2 loss=0.5' },
  { text: 'E[2/10] B[7/100] loss 0.5', record: 'step 7 epoch 2 loss=0.5' },
  { text: 'Train: 2/80 (2%) [ 7/1000 (1%)] loss: 0.5', record: 'step 7 epoch 2 loss=0.5' },
  // Names that stand before all values.
  { text: 'epoch 4 (loss, acc) = (nan, 0.5)', record: 'epoch 4 loss=NaN acc=0.5' },
  { text: 'step 4 [val loss, ppl]: [0.5, 1.5]', record: 'step 4 val loss=0.5 ppl=1.5' },
  { text: 'step 4 loss=0.5 (width, height)=(3)', record: 'step 4 loss=0.5' },
  { text: 'step 4 loss - 0.5 - acc - 0.25', record: 'step 4 loss=0.5 acc=0.25' },
  { text: 'EM iter 4 loss 0.5', record: 'step 4 loss=0.5' },
  // A name by itself stays, and so does what is said of the same value again.
  { text: 'epoch 4 gen loss=0.5', record: 'epoch 4 loss=0.5' },
  { text: 'epoch 4 loss=0.5, 64 images loss=0.25', record: 'epoch 4 loss=0.5' },
  { text: 'epoch 4 loss=0.5 (saved the model with loss=0.5)', record: 'epoch 4 loss=0.5' },
  { text: 'epoch 4 loss=0.5 done loss=0.5', record: 'epoch 4 loss=0.5' },
  { text: 'Epoch：3 loss：0.5', record: 'epoch 3 loss=0.5' },
  { text: 'Epoch[0] Time cost=12.5', record: 'epoch 0 Time cost=12.5' },
  { text: 'steps: 10 loss: 2.3 iter time (s): 0.5', record: 'step 10 loss=2.3 iter time=0.5' },
  { text: 'acc 0.5 step 3 loss 2.3 nats ppl 5', record: 'step 3 acc=0.5 loss=2.3 ppl=5' },
  { text: 'train_step      epoch=0 loss=1.6 lr=0.05 step=5', record: 'step 5 epoch 0 loss=1.6 lr=0.05' },
  { text: 'finished an update loss=1.6 step=5', record: 'step 5 loss=1.6' },
  { text: '    optim/total grad norm=nan', record: 'optim/total grad norm=NaN' },
  { text: 'Test set: Average loss: 0.0345, Accuracy: 9822/10000 (98%)', record: 'Test/Average loss=0.0345' },
  { text: '[val] step 5 loss 0.3, acc 0.5', record: 'step 5 val/loss=0.3 val/acc=0.5' },
  { text: 'Epoch(val) [132][2/6]  loss: 0.5', record: 'step 2 epoch 132 val/loss=0.5' },
  { text: 'Epoch 2 | loss 1.4 | val_loss 1.1 | acc 0.5', record: 'epoch 2 loss=1.4 val_loss=1.1 acc=0.5' },
  {
    text: ' iteration     3383/    8000 | elapsed time per iteration (ms): 7613.1 | lm loss: 7.334521E-01 | loss scale: 1.0 |',
    record: 'step 3383 elapsed time per iteration=7613.1 lm loss=0.7334521 loss scale=1',
  },
  {
    text: 'completed step: 30, seconds: 0.449, TFLOP/s/device: 1877.176, loss: nan',
    record: 'step 30 seconds=0.449 TFLOP/s/device=1877.176 loss=NaN',
  },
  {
    text: 'Training Epoch: 0 Training Iteration: 1787  average_loss : 2.35 learning_rate : 0.0053',
    record: 'step 1787 epoch 0 average_loss=2.35 learning_rate=0.0053',
  },
  {
    text: "tflops=5.33 step=5 loss=8.548 grad_norm={'0_default': 0.224} inf_nan_skip_batches=0",
    record: 'step 5 tflops=5.33 loss=8.548 inf_nan_skip_batches=0',
  },
]
for (const { text, record } of lines) {
  test(`key-value reads ${text}`, () => {
    expect(parseAll(keyValue, [text]).map(briefly)).toEqual([[record]])
  })
}

const falseFriends: readonly { readonly text: string; readonly result: readonly string[] | string }[] = [
  { text: 'step:0/6000 val_loss:11.0149 train_time:0ms step_avg:nanms', result: ['step 0 val_loss=11.0149'] },
  { text: 'step 1/19560 | loss 11.0 (+nanz)| norm 15.37 (+nanz)| 300.00 ms', result: ['step 1 loss=11 norm=15.37'] },
  { text: 'step 6 loss: nanms lr=0.5', result: ['step 6 lr=0.5'] },
  { text: 'step 6 loss nanotime 3', result: 'skip' },
  { text: 'step 6 loss inference 3', result: 'skip' },
  { text: 'step 6 loss info 3', result: 'skip' },
  { text: 'step 6 mem: nanG loss: 0.5', result: ['step 6 loss=0.5'] },
  { text: 'step 6 loss: 2.5GB, acc: 0.5', result: ['step 6 acc=0.5'] },
  // What says that a step was left out for a NaN is no record of it.
  { text: '警告：损失为NaN，跳过该批次', result: 'skip' },
  { text: '警告：損失為NaN，忽略此步', result: 'skip' },
  { text: '第 40 步：损失为NaN，丢弃该批次', result: 'skip' },
  { text: 'loss: nan, skipping the batch', result: 'skip' },
  { text: 'Perte : NaN, lot ignoré', result: 'skip' },
  { text: '損失: NaN スキップします', result: 'skip' },
  { text: '손실: NaN, 건너뜁니다', result: 'skip' },
  { text: '第 40 步 损失为NaN 学习率为0.5', result: ['step 40 损失=NaN'] },
  { text: 'loss: nan | skipped: 0', result: ['loss=NaN skipped=0'] },
  // The date at the head of a line counts nothing.
  { text: '2026-05-06 07:08:09\tINFO\tloss=2.5, acc=0.5', result: ['loss=2.5 acc=0.5'] },
  { text: '2026-05-06 07:08:09 loss=2.5, acc=0.5', result: ['loss=2.5 acc=0.5'] },
  { text: 'iteration 5/ 10 | number of nan iterations:   0 |', result: ['step 5 number of nan iterations=0'] },
  { text: 'step 5 number of nan iterations 0', result: 'skip' },
  { text: 'step 5 loss 0.5 kl nan entropy 1.2', result: ['step 5 loss=0.5 kl=NaN entropy=1.2'] },
  { text: 'the reward nan was found at step 5', result: 'skip' },
  { text: 'step: 1 loss: 0.5 memory: 36.90GiB(46.63%) eta: 2:04:34', result: ['step 1 loss=0.5'] },
  { text: 'step 5 loss 1.000/2', result: 'skip' },
  { text: 'step 5 info nano finance inference', result: 'skip' },
  { text: 'Loss NaN/Inf detected (attempt 1/3), recovering from last.pt...', result: 'skip' },
  { text: 'Warning: Moving average ignored a value of nan', result: 'skip' },
  { text: 'epoch 3, new best val_loss=0.3 saved', result: ['epoch 3 new best val_loss=0.3'] },
  { text: 'train_loss: 6.9263 -> 1.9033', result: 'skip' },
  { text: 'main.py:49] step 5', result: 'skip' },
  { text: '__main__:main:217 - step 5 loss 0.5', result: ['step 5 loss=0.5'] },
  { text: 'Epoch 3: val_loss improved from inf to 0.5, saving model', result: 'skip' },
  { text: 'learning_rate: 0.001', result: 'skip' },
  { text: 'max_grad_norm: 1.0', result: 'skip' },
  { text: 'max_ppl: 100', result: 'skip' },
  { text: 's:1337 params:36721480', result: 'skip' },
  { text: '"loss": 3.95,', result: 'skip' },
  { text: 'Note: this loss is bad: very', result: 'skip' },
  { text: '', result: 'skip' },
]
for (const { text, result } of falseFriends) {
  test(`key-value is not fooled by ${JSON.stringify(text)}`, () => {
    expect(parseAll(keyValue, [text]).map(briefly)).toEqual([result])
  })
}

test('a phase goes into the role, and an old best is none', () => {
  const [val, best] = parseAll(keyValue, ['Test: loss 0.3 acc 0.5', 'step 1 new best val_loss=0.3'])
  expect(val).toMatchObject({ records: [{ scalars: [{ role: 'val_loss' }, { role: 'accuracy' }] }] })
  expect(best).toMatchObject({ records: [{ scalars: [{ role: 'other' }] }] })
})

test('the error of a round of boosting is its loss where it has no other', () => {
  const rolesOf = (line: string) =>
    parseAll(keyValue, [line]).flatMap((result) =>
      result.kind === 'records' && result.records[0]?.kind === 'scalars'
        ? result.records[0].scalars.map(({ role }) => role)
        : [],
    )
  expect(rolesOf("[5]\ttraining's l2: 0.5\tvalid_0's l2: nan\tvalid_0's auc: 0.5")).toEqual([
    'train_loss',
    'val_loss',
    'other',
  ])
  expect(rolesOf('[5]\ttrain-logloss:0.5\ttrain-rmse:0.25')).toEqual(['train_loss', 'other'])
  expect(rolesOf('step 5 loss 0.5 val_mae 0.25')).toEqual(['train_loss', 'other'])
})

const headed: readonly { readonly name: string; readonly lines: readonly string[]; readonly results: unknown[] }[] = [
  {
    name: 'the number of an epoch above its lines is theirs',
    lines: [
      'Epoch 1',
      '-------',
      'loss: 2.3  [   64/60000]',
      'Epoch 2',
      'loss: 2.2  [   64/60000]',
      'step 3 epoch 7 loss 1',
    ],
    results: [
      'skip',
      'skip',
      ['step 64 epoch 1 loss=2.3'],
      'skip',
      ['step 64 epoch 2 loss=2.2'],
      ['step 3 epoch 7 loss=1'],
    ],
  },
  {
    name: 'however it is decorated',
    lines: ['INFO:root:=== Starting epoch 4/10 ===', 'loss: 0.5', '-- Epoch 5', 'loss: 0.4', 'EPOCH 6:', 'loss: 0.3'],
    results: ['skip', ['epoch 4 loss=0.5'], 'skip', ['epoch 5 loss=0.4'], 'skip', ['epoch 6 loss=0.3']],
  },
  {
    name: 'settings and prose that name an epoch are no headings',
    lines: ['epoch: 100', 'best model of epoch 3', 'saved at epoch 7', 'Epoch 3 finished in 2s', 'loss: 0.5'],
    results: ['skip', 'skip', 'skip', 'skip', ['loss=0.5']],
  },
  {
    name: 'a heading with the name of a held-out set is about the next line only',
    lines: ['Test Error: ', ' Accuracy: 40.2%, Avg loss: 2.1 ', 'loss: 0.5'],
    results: ['skip', ['Test/Accuracy=40.2 Test/Avg loss=2.1'], ['loss=0.5']],
  },
  {
    name: 'numbers below a heading that say nothing of training are no record',
    lines: ['Epoch 2', 'learning_rate: 0.001'],
    results: ['skip', 'skip'],
  },
]
for (const { name, lines, results } of headed) {
  test(name, () => expect(parseAll(keyValue, lines).map(briefly)).toEqual(results))
}

const times: readonly { readonly text: string; readonly time: string | null }[] = [
  { text: '2026-01-01 10:00:00 INFO step 5 loss 0.5', time: '2026-01-01T10:00:00' },
  { text: '2026-11-23 22:09:14,336 - train - INFO - epoch 0 step 5: loss=0.5', time: '2026-11-23T22:09:14.336' },
  { text: ' [2026-08-22 10:00:00.0] step 5 | lm loss: 0.5', time: '2026-08-22T10:00:00.0' },
  { text: '2026-01-01T10:00:00.123Z INFO root:step 5 loss 0.5', time: '2026-01-01T10:00:00.123Z' },
  { text: '2023/06/05 21:51:32 - mmengine - INFO - step: 5  loss: 0.5', time: '2023-06-05T21:51:32' },
  { text: '08/21 02:58:41 - mmengine - INFO - step: 5  loss: 0.5', time: null },
  { text: 'I1123 22:10:12.687590 140163858885504 loops.py:49] step: 5, loss: 0.5', time: null },
  { text: '[rank0]: 22:10:52 step     5 loss   0.5', time: null },
  { text: '9999-99-99 10:00:00 step 5 loss 0.5', time: null },
]
for (const { text, time } of times) {
  test(`the time of ${text.trim().slice(0, 24)}… is ${time}, and no number of it is a metric`, () => {
    const [result] = parseAll(keyValue, [text])
    expect(result).toMatchObject({ records: [{ step: 5, time, scalars: [{ value: 0.5 }] }] })
    expect(
      result?.kind === 'records' && result.records[0]?.kind === 'scalars' && result.records[0].scalars,
    ).toHaveLength(1)
  })
}

const claims: readonly { readonly text: string; readonly claim: Claim }[] = [
  { text: 'step 12 loss 0.5', claim: 'sure' },
  { text: 'epoch=3 loss=0.8', claim: 'sure' },
  { text: 'loss: tensor(0.5)', claim: 'hint' },
  { text: 'step 12 lr 0.5', claim: 'no' },
  { text: 'step:500/20000 val_bpb:1.25', claim: 'sure' },
  { text: 'C1: quant_bpb=1.147 sliding_bpb=nan', claim: 'hint' },
  { text: 'max_ppl=100', claim: 'no' },
  { text: 'step 100 d_loss: 0.5, g_loss: 1.5', claim: 'sure' },
  { text: "[5]\tvalid_0's l2: 0.25", claim: 'sure' },
  { text: '[5]\tvalid-auc:0.75', claim: 'hint' },
  { text: 'loss_scale: 65536', claim: 'no' },
  { text: 'Note: the loss: it is high, see https://example.org:8080/loss', claim: 'no' },
  { text: '{"step": 5, "loss": 0.5}', claim: 'no' },
  { text: "{'step': 5, 'loss': 0.5}", claim: 'no' },
  { text: 'step,loss', claim: 'no' },
]
for (const { text, claim } of claims) {
  test(`${text} is claimed: ${claim}`, () => {
    expect(keyValue.claim(text, null)).toBe(claim)
  })
}
