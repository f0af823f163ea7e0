import { expect, test } from 'vitest'
import { WatchedRun } from '../pipeline/watched-run.ts'

interface Case {
  readonly line: (n: number) => string
  /** The series of the log, and the role of each. */
  readonly series: Readonly<Record<string, string>>
}

const value = (n: number, base: number) => (base * (1 + 0.04 * ((n * 7) % 5))).toFixed(3)

/** The name of a loss before several values: each is a part of it, whatever it is called. */
const PARTS: readonly Case[] = [
  {
    line: (n) => `Losses {'chunker': ${value(n, 31)}, 'lemma': ${value(n, 4)}}`,
    series: { 'Losses/chunker': 'loss_part', 'Losses/lemma': 'loss_part' },
  },
  {
    line: (n) => `epoch ${n} of 40, train losses: {"left": ${value(n, 2)}, "right": ${value(n, 1)}} lr=0.5`,
    series: { 'train losses/left': 'loss_part', 'train losses/right': 'loss_part' },
  },
  {
    line: (n) => `[${n}] Loss = {'a': ${value(n, 2)}, 'b': ${value(n, 3)}, 'total': ${value(n, 5)}}`,
    series: { 'Loss/a': 'loss_part', 'Loss/b': 'loss_part', 'Loss/total': 'train_loss' },
  },
  {
    line: (n) => `step ${n} Losses chunker=${value(n, 31)} lemma=${value(n, 4)} mem=7012 lemmas=3`,
    series: { 'Losses/chunker': 'loss_part', 'Losses/lemma': 'loss_part', mem: 'other', lemmas: 'other' },
  },
  {
    line: (n) => `update ${n} | losses: actor ${value(n, 0.3)}, value ${value(n, 2)}, tau ${value(n, 1)} | kappa 3`,
    series: {
      'losses/actor': 'loss_part',
      'losses/value': 'loss_part',
      'losses/tau': 'loss_part',
      kappa: 'other',
    },
  },
  {
    line: (n) => `iter ${n} losses=(mask=${value(n, 2)}, edge=${value(n, 3)}) teeth=5`,
    series: { 'losses/mask': 'loss_part', 'losses/edge': 'loss_part', teeth: 'other' },
  },
  {
    line: (n) => `epoch ${n} - loss: train ${value(n, 2)} valid ${value(n, 3)} - lr 0.1`,
    series: { 'loss/train': 'train_loss', 'loss/valid': 'val_loss', lr: 'learning_rate' },
  },
]

/** A name of a loss that is none of what follows it. */
const NO_PARTS: readonly Case[] = [
  {
    line: (n) => `step ${n} loss: ${value(n, 2)} dropout=0.1 depth=${n}`,
    series: { loss: 'train_loss', dropout: 'other', depth: 'other' },
  },
  {
    line: (n) => `step ${n} loss weights: {'near': ${value(n, 2)}, 'far': 2.0}`,
    series: {},
  },
  {
    line: (n) => `step ${n} loss: smooth, chunk=${value(n, 2)} depth=3`,
    series: { chunk: 'other', depth: 'other' },
  },
  {
    line: (n) => `step ${n} losses: actor=${value(n, 2)} reward=${value(n, 3)} chunk=${value(n, 1)}`,
    series: { 'losses/actor': 'loss_part', reward: 'reward', chunk: 'other' },
  },
  {
    line: (n) => `step ${n} losses went down, chunk=${value(n, 2)} depth=${value(n, 3)}`,
    series: { chunk: 'other', depth: 'other' },
  },
]

for (const { line, series } of [...PARTS, ...NO_PARTS]) {
  test(`what follows the name of a loss: ${line(3)}`, () => {
    const log = Array.from({ length: 60 }, (_, n) => `${line(n + 1)}\n`).join('')
    const run = new WatchedRun().read('train.log', log, true)
    expect(Object.fromEntries([...run.samples].map(({ metric, role }) => [metric, role]))).toEqual(series)
    expect(run.alerts.filter(({ severity }) => severity !== 'info')).toEqual([])
  })
}

test('one part that is NaN in each of the last lines has failed', () => {
  const lines = [1, 2, 3, 4, 5, 6].map((n) => `Losses {'chunker': ${value(n, 31)}, 'lemma': ${n > 3 ? 'nan' : 2}}\n`)
  const run = new WatchedRun().read('train.log', lines.join(''), true)
  expect(run.alerts.map(({ severity, metric }) => `${severity} ${metric}`)).toContain('critical Losses/lemma')
})
