import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonLines } from '../../../src/core/formats/json-lines.ts'
import type { Claim } from '../../../src/core/records/format.ts'
import { briefly, parseAll } from './lines.ts'

const cases: readonly { readonly name: string; readonly text: string; readonly result: readonly string[] | string }[] =
  [
    {
      name: 'the metrics of a step',
      text: '{"epoch": 0, "step": 1, "loss": 1.5, "lr": 0.05, "grad_norm": 0.5, "acc": 0.125}',
      result: ['step 1 epoch 0 loss=1.5 lr=0.05 grad_norm=0.5 acc=0.125'],
    },
    { name: 'a bare NaN', text: '{"step": 3, "loss": NaN}', result: ['step 3 loss=NaN'] },
    { name: 'a negative infinity', text: '{"step": 3, "loss": -Infinity}', result: ['step 3 loss=-Infinity'] },
    { name: 'a number above every double', text: '{"step": 3, "loss": 1e400}', result: ['step 3 loss=Infinity'] },
    {
      name: 'the word NaN inside a string',
      text: '{"step": 3, "note": "no NaN here", "lr": 0.1}',
      result: ['step 3 lr=0.1'],
    },
    {
      name: 'numbers as strings',
      text: '{"step": "3", "loss": "25.22", "gnorm": "NaN"}',
      result: ['step 3 loss=25.22 gnorm=NaN'],
    },
    { name: 'null as missing', text: '{"step": 3, "loss": 1, "eval_loss": null}', result: ['step 3 loss=1'] },
    {
      name: 'neither booleans, words nor lists as metrics',
      text: '{"step": 3, "loss": 1, "ok": true, "percentage": "0.23%", "elapsed": "0:03:29", "betas": [0.9, 0.95]}',
      result: ['step 3 loss=1'],
    },
    {
      name: 'nested objects',
      text: '{"step": 3, "train": {"loss": 1, "deep": {"x": 2}}, "val": {"loss": 3}}',
      result: ['step 3 train/loss=1 train/deep/x=2 val/loss=3'],
    },
    {
      name: 'a step in a nested object',
      text: '{"loss": 1, "progress": {"global_step": 9}}',
      result: ['step 9 loss=1'],
    },
    {
      name: 'the global step before the step',
      text: '{"step": 1, "global_step": 105, "loss": 1}',
      result: ['step 105 loss=1'],
    },
    {
      name: 'a step of so many',
      text: '{"loss": 20.5, "global_step/max_steps": "10/438"}',
      result: ['step 10 loss=20.5'],
    },
    { name: 'a fraction of a step as none', text: '{"update": 0.001, "loss": 1}', result: ['loss=1'] },
    {
      name: 'a loss of another phase under its phase',
      text: '{"mode": "val", "step": 3, "loss": 1}',
      result: ['step 3 val/loss=1'],
    },
    {
      name: 'a record of one named value',
      text: '{"key": "train_loss", "value": 0.5, "metadata": {"step_num": 7}}',
      result: ['step 7 train_loss=0.5'],
    },
    {
      name: 'an object behind the prefix of a logger',
      text: '2021-03-08 12:34:45 | INFO | train_inner | {"epoch": 1, "loss": "25.22", "num_updates": "100"}',
      result: ['step 100 epoch 1 loss=25.22'],
    },
    {
      name: 'the step before an object',
      text: '[BATCH][step=2]: { "loss/train/total": 2.3 }',
      result: ['step 2 loss/train/total=2.3'],
    },
    { name: 'predictions', text: '{"step": 3, "probs": [[0.1, 0.9]], "labels": [1]}', result: ['batch 3 probs 1x2'] },
    {
      name: 'predictions beside metrics',
      text: '{"step": 3, "loss": 0.5, "probs": [[0.1, 0.9]], "labels": [1], "acc": 1}',
      result: ['step 3 loss=0.5 acc=1', 'batch 3 probs 1x2'],
    },
    {
      name: 'a sample as the first of a batch, without its label as a metric',
      text: '{"step": 3, "loss": 0.5, "p": 0.5, "y": 1}',
      result: ['step 3 loss=0.5'],
    },
    {
      name: 'the loss of a batch of no samples',
      text: '{"step": 3, "loss": NaN, "probs": [], "labels": []}',
      result: ['step 3 loss=NaN'],
    },
    {
      name: 'predictions that do not fit their labels as a bad batch',
      text: '{"step": 3, "loss": 0.5, "probs": [[0.1, 0.9]], "labels": [1, 0]}',
      result: 'bad-batch: labels of shape [2] do not fit probs of shape [1, 2]',
    },
    {
      name: 'half an object as broken',
      text: '{"step": 3, "loss": 0.',
      result: 'broken-json: character 20: expected a value, found "0"',
    },
    { name: 'an object without numbers as nothing', text: '{"event": "start", "config": {}}', result: 'skip' },
    { name: 'prose as nothing', text: 'Loaded {config} in 3 s', result: 'skip' },
    { name: 'Python as nothing', text: "{'loss': 0.5}", result: 'skip' },
    { name: 'the brace of a printed config as nothing', text: '{', result: 'skip' },
    { name: 'a list as nothing', text: '[{"loss": 1}]', result: 'skip' },
  ]
for (const { name, text, result } of cases) {
  test(`json-lines reads ${name}`, () => {
    expect(parseAll(jsonLines, [text]).map(briefly)).toEqual([result])
  })
}

test('a record keeps where it began, its roles, its time, and the text of what is not finite', () => {
  const [, result] = parseAll(jsonLines, [
    '{"x": 1}',
    '{"step": 2, "loss": nan, "timestamp": "2026-11-23T22:09:50.539508Z"}',
  ])
  expect(result).toEqual({
    kind: 'records',
    records: [
      {
        kind: 'scalars',
        offset: 9,
        step: 2,
        epoch: null,
        time: '2026-11-23T22:09:50.539508Z',
        scalars: [{ metric: 'loss', role: 'train_loss', value: 'NaN', raw: 'nan' }],
      },
    ],
  })
})

test('the time since 1970 is a time, and a duration is a metric', () => {
  const [epoch, duration] = parseAll(jsonLines, [
    '{"loss": 1, "_timestamp": 1736856973.5}',
    '{"loss": 1, "time": 9.97}',
  ])
  expect(epoch).toMatchObject({ records: [{ time: '2025-01-14T12:16:13.500Z', scalars: [{ metric: 'loss' }] }] })
  expect(duration).toMatchObject({ records: [{ time: null, scalars: [{ metric: 'loss' }, { metric: 'time' }] }] })
})

test('a reported loss goes with the batch', () => {
  const [result] = parseAll(jsonLines, ['{"step": 3, "loss": NaN, "probs": [[0.1, 0.9]], "labels": [1]}'])
  expect(result).toMatchObject({ records: [{ kind: 'scalars' }, { kind: 'batch', batch: { reportedLoss: 'NaN' } }] })
})

const claims: readonly { readonly text: string; readonly claim: Claim }[] = [
  { text: '{"step": 3, "loss": 0.5}', claim: 'sure' },
  { text: '{"loss": NaN}', claim: 'sure' },
  { text: '{"step": 3, "reward": 0.5}', claim: 'sure' },
  { text: '{"probs": [[0.1, 0.9]], "labels": [1]}', claim: 'sure' },
  { text: '{"lr": 0.1, "hidden": 128}', claim: 'hint' },
  { text: '{"steps": 1000, "lr": 0.1, "loss": "cross_entropy"}', claim: 'hint' },
  { text: '{"event": "start"}', claim: 'no' },
  { text: '{"step": 3, "loss": 0.', claim: 'no' },
  { text: "{'step': 3, 'loss': 0.5}", claim: 'no' },
  { text: 'step=3 loss=0.5', claim: 'no' },
  { text: '{', claim: 'no' },
  { text: '[1, 2]', claim: 'no' },
]
for (const { text, claim } of claims) {
  test(`${text} is claimed: ${claim}`, () => {
    expect(jsonLines.claim(text, null)).toBe(claim)
  })
}

test('what Python writes for a value is read as that value', () => {
  const asPython = (value: number) => {
    if (Number.isNaN(value)) return 'NaN'
    return Object.is(value, -0) ? '-0.0' : String(value)
  }
  fc.assert(
    fc.property(fc.double(), fc.nat(), (loss, step) => {
      const [result] = parseAll(jsonLines, [`{"step": ${step}, "loss": ${asPython(loss)}}`])
      const value = Number.isFinite(loss) ? loss : String(loss)
      expect(result).toMatchObject({ records: [{ step, scalars: [{ metric: 'loss', value }] }] })
    }),
  )
})
