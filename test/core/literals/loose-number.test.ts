import { describe, expect, test } from 'vitest'
import { readBriefly } from '../formats/lines.ts'

/** How a loss is printed, and what it is. */
const VALUES: Readonly<Record<string, number | string>> = {
  nanxx: 'NaN',
  '3.25xxx': 3.25,
  '[nan]': 'NaN',
  '[ 3.25 ]': 3.25,
  '(nan)': 'NaN',
  '{3.25}': 3.25,
  '"nan"': 'NaN',
  "'-inf'": '-Infinity',
  'nan%': 'NaN',
  '32.5%': 32.5,
  '∞': 'Infinity',
  '-∞': '-Infinity',
  'nan+nanj': 'NaN',
  '*****': 'NaN',
  '**3.25**': 3.25,
  '~3.25': 3.25,
  '3.25k': 3250,
  '3,25': 3.25,
  '0,325': 0.325,
  '1 234,5': 1234.5,
  '1\u00a0234,5': 1234.5,
  '1\u202f234,5': 1234.5,
  '1.234,5': 1234.5,
  '3.25d-2': 0.0325,
  "1'234.5": 1234.5,
  "-12'345": -12345,
  '-3,25': -3.25,
  '1’234’567.5': 1234567.5,
  '1_234.5': 1234.5,
  '1\u00a0234.5': 1234.5,
  '３．２５': 3.25,
  '３.25': 3.25,
  '－0．5': -0.5,
  '\u22123.25': -3.25,
  '3.25e\u22122': 0.0325,
  '3.25×10^-2': 0.0325,
  '3.25 x 10^-2': 0.0325,
  '3.25*10**2': 325,
  '3.25 · 10^{-2}': 0.0325,
  '3.25×10⁻²': 0.0325,
  '3.25 x 10 ^ -2': 0.0325,
  '-3 × 10^(2)': -300,
  '3.25/4.5': 3.25,
  '[3.25/4.5]': 3.25,
  'nan/nan': 'NaN',
  '[nan/4.5]': 'NaN',
  '3.25/nan': 3.25,
}

describe('behind the name of a loss a value is read as it is printed', () => {
  test.each(Object.entries(VALUES))('%s', (text, value) => {
    expect(readBriefly([`step 7 loss: ${text} lr: 0.5`]).results).toEqual([`step 7 loss=${value} lr=0.5`])
  })
})

describe('what only looks like a value is none', () => {
  test.each([
    'nanms',
    'NaN/Inf',
    'inf/nan',
    '3.25/4.5/5.25',
    '3/4',
    'nanosec',
    'info',
    'inference',
    '12.5ms',
    '12:30',
    '(see below)',
    '3.25GB',
    '3·25',
    '3.25^2',
    "3'25",
    '3.25²',
    '3_25_1',
    '3 x 10^n',
    '10⁻²',
    '3 250.5',
    '3.25±0.5×10^-2',
    '3.25×10^2.5',
  ])('%s', (text) => {
    expect(readBriefly([`step 7 loss: ${text} | val_loss: 0.5`]).results).toEqual(['step 7 val_loss=0.5'])
  })
})

describe('a name may stand in quotes or brackets', () => {
  const lines = {
    "epoch: 3, iter: 7, 'loss': nan, 'lr': 0.5": ['step 7 epoch 3 loss=NaN lr=0.5'],
    '[step] 7 | [Loss] nan | [lr] 0.5': ['step 7 Loss=NaN lr=0.5'],
    'step 7 \'train_loss\'=3.25 "val_loss"=1.5': ['step 7 train_loss=3.25 val_loss=1.5'],
  }
  test.each(Object.entries(lines))('%s', (line, read) => {
    expect(readBriefly([line]).results).toEqual(read)
  })
})

test('a bare nan counts behind the name of a part of a loss, or of its exponential', () => {
  expect(readBriefly(['step 6 d_loss 0.5 g_loss 0.75', 'step 7 d_loss nan g_loss nan']).results).toEqual([
    'step 6 d_loss=0.5 g_loss=0.75',
    'step 7 d_loss=NaN g_loss=NaN',
  ])
  expect(readBriefly(['step 7 lr 0.5 ppl nan bleu 0.25']).results).toEqual(['step 7 lr=0.5 ppl=NaN bleu=0.25'])
})
