import { expect, test } from 'vitest'
import { readBriefly } from './lines.ts'

const joined: readonly (readonly [line: string, read: string])[] = [
  ['step 3 loss -> nan', 'step 3 loss=NaN'],
  ['step 3 loss => 0.5', 'step 3 loss=0.5'],
  ['step 3 loss → 0.5', 'step 3 loss=0.5'],
  ['step 3 loss＝nan', 'step 3 loss=NaN'],
  ['step 3 loss:: 0.5', 'step 3 loss=0.5'],
  ['step ..... 3 loss ........ nan', 'step 3 loss=NaN'],
  ['step | 3 | loss | nan', 'step 3 loss=NaN'],
  ['step 3 D_loss -> 0.5 aux loss => nan', 'step 3 D_loss=0.5 aux loss=NaN'],
  ['step 3 total loss ....... 0.5 box loss ....... nan', 'step 3 total loss=0.5 box loss=NaN'],
  ['train loss (epoch 3): 0.5', 'step 3 epoch 3 train loss=0.5'],
  ['Mean loss [epoch 3, batch 40] = nan', 'step 40 epoch 3 Mean loss=NaN'],
  ['step 3 loss (averaged over 10): 0.5', 'step 3 loss=0.5'],
  ['step 3 D_loss [31-40]: nan', 'step 3 D_loss=NaN'],
  ['step 3 loss (train set): 0.5, loss (val set): nan', 'step 3 loss=0.5 val/loss=NaN'],
  ['│ loss │ 0.5 │', 'loss=0.5'],
  ['step `3` loss `nan`', 'step 3 loss=NaN'],
  ['`step`: 3, `loss`: nan', 'step 3 loss=NaN'],
  ['step 3 loss: [[nan]]', 'step 3 loss=NaN'],
  ['step 3 loss <nan>', 'step 3 loss=NaN'],
  ['step: 3, loss: .nan', 'step 3 loss=NaN'],
  ['step: 3, loss: -.inf', 'step 3 loss=-Infinity'],
  ['D loss 0.5 G loss nan', 'D loss=0.5 G loss=NaN'],
  ['step 3 loss 0.5 held-out loss 0.75', 'step 3 loss=0.5 held-out loss=0.75'],
  ['step 3 loss 0.5 ETA 3:12 h lr 0.25', 'step 3 loss=0.5 lr=0.25'],
  ["OrderedDict([('step', 3), ('loss', nan)])", 'step 3 loss=NaN'],
  ["Epoch 3: OrderedDict([('loss', np.float64(0.5))])", 'step 3 epoch 3 loss=0.5'],
]

for (const [line, read] of joined) {
  test(`a name and a number are joined in ${line}`, () => {
    expect(readBriefly([line, line, line]).results).toEqual([read, read, read])
  })
}

const apart = [
  'the loss is low -> 3 files were written',
  'loss::forward 3',
  'assert loss == nan',
  'Saving.... 5 files',
  'aux_loss_coeff ........ 0.5',
  'a low box loss is better -> 3 files were written',
  'the loss (see page 3) of 5 files',
  '| loss | how far the model is off | 3',
  "pairs [('mse', 'ce'), ('l1', 'l2')]",
]

for (const line of apart) {
  test(`nothing is measured in ${line}`, () => {
    expect(readBriefly([line, line, line]).results).toEqual([])
  })
}

test('where a loss of decimals stood at a place the next whole number there is one, and no step', () => {
  const { results } = readBriefly(['loss 2.5 2.75', 'loss 2 2.5', 'loss 1.5 2.25'])
  expect(results).toEqual(['loss=2.5', 'loss=2', 'loss=1.5'])
})

test('the names of a table go over two rows', () => {
  const { format, results } = readBriefly([
    '|  Epoch  |  Iteration  |  Elapsed  |  Mini-batch  |  Mini-batch  |',
    '|         |             |   (h:mm)  |   Accuracy   |     Loss     |',
    '|=====================================================|',
    '|       1 |          50 |      0:01 |       37.50% |       2.5000 |',
    '|       2 |         100 |      0:02 |       10.00% |          NaN |',
  ])
  expect(format).toBe('ruled-table')
  expect(results).toEqual([
    'step 50 epoch 1 Mini-batch Accuracy=37.5 Mini-batch Loss=2.5',
    'step 100 epoch 2 Mini-batch Accuracy=10 Mini-batch Loss=NaN',
  ])
})
