import { expect, test } from 'vitest'
import { keras } from '../../../src/core/formats/keras.ts'
import { briefly, parseAll, readBriefly } from './lines.ts'

const BAR = '━━━━━━━━━━━━━━━━━━━━'

test('the last state of a bar is the record of its epoch', () => {
  const lines = [
    'Epoch 1/2',
    ` 1/18 ${BAR} 4s 242ms/step - accuracy: 0.4688 - loss: 0.9`,
    `17/18 ${BAR} 0s 2ms/step - accuracy: 0.5 - loss: 0.8`,
    `18/18 ${BAR} 0s 2ms/step - accuracy: 0.5 - loss: 0.7`,
    `18/18 ${BAR} 0s 4ms/step - accuracy: 0.5 - loss: 0.7 - val_accuracy: 0.6 - val_loss: 0.75`,
    'Epoch 2/2',
    `18/18 ${BAR} 0s 4ms/step - accuracy: 0.5 - loss: 0.6 - val_loss: 0.65`,
  ]
  expect(readBriefly(lines)).toEqual({
    format: 'keras',
    results: [
      'step 1 epoch 1 accuracy=0.5 loss=0.7',
      'step 1 epoch 1 val_accuracy=0.6 val_loss=0.75',
      'step 2 epoch 2 accuracy=0.5 loss=0.6 val_loss=0.65',
    ],
  })
})

test('an average that turns NaN within an epoch is told at once, and once', () => {
  const lines = ['Epoch 3/6', '  1/18 [>.....] - ETA: 0s - loss: 1.2', '  2/18 [=>....] - ETA: 0s - loss: nan']
  const rest = ['  3/18 [=>....] - ETA: 0s - loss: nan', '18/18 [======] - 0s 4ms/step - loss: nan - acc: 0.1']
  expect(readBriefly([...lines, ...rest]).results).toEqual(['step 3 epoch 3 loss=NaN', 'step 3 epoch 3 acc=0.1'])
})

test('one line for each epoch is read alike', () => {
  expect(
    readBriefly(['Epoch 1/6', '18/18 - 0s - 3ms/step - accuracy: 0.49 - loss: nan - val_loss: nan']).results,
  ).toEqual(['step 1 epoch 1 accuracy=0.49 loss=NaN val_loss=NaN'])
})

test('without lines for the epochs each bar that begins anew is a record', () => {
  const bar = [`1/2 ${BAR} 0s 2ms/step - loss: 0.9`, `2/2 ${BAR} 0s 2ms/step - loss: 0.8`]
  expect(parseAll(keras, [...bar, ...bar]).map(briefly)).toEqual(['skip', ['loss=0.8'], 'skip', ['loss=0.8']])
})

test('a bar cut short and other lines with a fraction are none', () => {
  for (const line of ['18/18 ━━━━ 0s 2ms/step - accura', '3/10 files - loss: 0.5', 'Epoch 1/6 done - loss: 0.5']) {
    expect(keras.claim(line, null)).toBe('no')
  }
})
