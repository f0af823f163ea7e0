import { expect, test } from 'vitest'
import { pythonDict } from '../../../src/core/formats/python-dict.ts'
import type { Claim } from '../../../src/core/records/format.ts'
import { briefly, parseAll } from './lines.ts'

const cases: readonly { readonly name: string; readonly text: string; readonly result: readonly string[] | string }[] =
  [
    {
      name: 'the Hugging Face Trainer with a NaN',
      text: "{'loss': 0.1474, 'grad_norm': nan, 'learning_rate': 0.0001, 'epoch': 0.04}   ",
      result: ['epoch 0.04 loss=0.1474 grad_norm=NaN learning_rate=0.0001'],
    },
    {
      name: 'numbers in quotes, as newer Trainers write them',
      text: "{'loss': '14.88', 'grad_norm': 'nan', 'learning_rate': '0.000156', 'epoch': '0.00748'}",
      result: ['epoch 0.00748 loss=14.88 grad_norm=NaN learning_rate=0.000156'],
    },
    {
      name: 'a dict behind a progress bar',
      text: "  8%|█▌  | 5/60 [00:00<00:00, 61it/s]{'loss': 1.5}",
      result: ['loss=1.5'],
    },
    {
      name: 'a dict behind its step',
      text: "I1123 22:10:12.6 4 a.py:469] Step: 1, \t{'epoch': 2, 'train/loss': nan}",
      result: ['step 1 epoch 2 train/loss=NaN'],
    },
    { name: 'a dict before a progress bar', text: "{'loss': 1.5}  8%|█▌  | 5/60", result: ['loss=1.5'] },
    { name: 'None as missing', text: "{'step': 5, 'loss': 1.5, 'eval_loss': None}", result: ['step 5 loss=1.5'] },
    {
      name: 'nested dicts',
      text: "{'step': 5, 'train': {'loss': np.float64(inf)}}",
      result: ['step 5 train/loss=Infinity'],
    },
    { name: 'settings as nothing', text: "{'lr': 5e-05, 'betas': (0.9, 0.999), 'eps': 1e-08}", result: 'skip' },
    {
      name: 'a broken dict as broken',
      text: "{'loss': 0.5, 'lr'}",
      result: 'broken-json: character 18: expected ":", found "}"',
    },
    { name: 'half a dict as nothing', text: "{'optimizer': {'type': 'Adam',", result: 'skip' },
    { name: 'a set of names in prose as nothing', text: "unexpected keys {'a', 'b'} found", result: 'skip' },
  ]
for (const { name, text, result } of cases) {
  test(`python-dict reads ${name}`, () => {
    expect(parseAll(pythonDict, [text]).map(briefly)).toEqual([result])
  })
}

const claims: readonly { readonly text: string; readonly claim: Claim }[] = [
  { text: "{'loss': nan, 'epoch': 0.04}", claim: 'sure' },
  { text: "{'eval_loss': '1.33'}", claim: 'sure' },
  { text: "{'step': 5, 'reward': 0.5}", claim: 'sure' },
  { text: "{'reward': 0.5, 'epoch': 0.04}", claim: 'hint' },
  { text: "{'lr': 0.1, 'hidden': 128}", claim: 'no' },
  { text: 'step 5 loss 0.5', claim: 'no' },
  { text: `{'loss': ${'1'.repeat(300_000)}}`, claim: 'no' },
]
for (const { text, claim } of claims) {
  test(`${text.slice(0, 60)} is claimed: ${claim}`, () => {
    expect(pythonDict.claim(text, null)).toBe(claim)
  })
}
