import { expect, test } from 'vitest'
import { chartGroups, chosenGroups } from '../../dashboard/chart-groups.ts'
import { infoOf } from './samples.ts'

const list = [
  infoOf(1, 1, 'throughput', 'other'),
  infoOf(2, 1, 'nanwatch/kl', 'other', 'preds.jsonl'),
  infoOf(3, 1, 'lr', 'learning_rate'),
  infoOf(4, 1, 'nanwatch/cross_entropy_clipped', 'other', 'preds.jsonl'),
  infoOf(5, 1, 'val/loss', 'val_loss'),
  infoOf(6, 1, 'nanwatch/accuracy', 'accuracy', 'preds.jsonl'),
  infoOf(7, 1, 'train/loss', 'train_loss'),
  infoOf(8, 1, 'nanwatch/cross_entropy', 'other', 'preds.jsonl'),
  infoOf(9, 1, 'nanwatch/entropy', 'other', 'preds.jsonl'),
  infoOf(10, 1, 'grad_norm', 'grad_norm'),
]

test('the charts that tell most come first', () => {
  expect(chartGroups(list).map(({ key }) => key)).toEqual([
    'loss',
    'nanwatch/entropy',
    'nanwatch/kl',
    'grad_norm',
    'lr',
    'throughput',
    'nanwatch/accuracy',
  ])
})

test('reported and recomputed losses share a chart, each with a line of its own kind', () => {
  const [loss] = chartGroups(list)
  expect(loss?.lines.map(({ label, dash, colour }) => [label, dash, colour])).toEqual([
    ['train/loss', 'solid', 0],
    ['val/loss', 'dashed', 1],
    ['cross-entropy, recomputed', 'dashed', 2],
    ['cross-entropy, clipped', 'dotted', 3],
  ])
})

for (const { name, files, tails } of [
  { name: 'its name', files: ['/runs/a/rank0.log', '/runs/a/rank1.log'], tails: ['rank0.log', 'rank1.log'] },
  {
    name: 'as much of its path as it takes',
    files: ['/runs/a/0/x.log', '/runs/a/1/x.log'],
    tails: ['0/x.log', '1/x.log'],
  },
  {
    name: 'its whole path where one ends like the other',
    files: ['b/x.log', 'a/b/x.log'],
    tails: ['b/x.log', 'a/b/x.log'],
  },
]) {
  test(`a metric that several files hold is told apart by the file: by ${name}`, () => {
    const [chart] = chartGroups(files.map((file, id) => infoOf(id, 1, 'lr', 'learning_rate', file)))
    expect(chart?.lines.map(({ label }) => label).sort()).toEqual(tails.map((tail) => `lr · ${tail}`).sort())
  })
}

test('a view shows the charts that it names, and all of them when none of those exists', () => {
  const groups = chartGroups(list)
  expect(chosenGroups(groups, ['lr', 'gone']).map(({ key }) => key)).toEqual(['lr'])
  expect(chosenGroups(groups, ['gone'])).toBe(groups)
})
