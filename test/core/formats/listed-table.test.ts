import { expect, test } from 'vitest'
import { listedTable } from '../../../src/core/formats/listed-table.ts'
import { briefly, parseAll, readBriefly } from './lines.ts'

const RULE = '-'.repeat(34)
const table = (...rows: readonly string[]) => [RULE, ...rows, RULE]
const step = (steps: number, loss: string) =>
  table(
    '| time/              |          |',
    `|    total_timesteps | ${steps}     |`,
    '| train/             |          |',
    `|    loss            | ${loss}     |`,
  )

test('a table is one record, under the names of its sections, told at its end', () => {
  expect(parseAll(listedTable, step(2048, '5.12')).map(briefly)).toEqual([
    ...Array(5).fill('skip'),
    ['step 2048 train/loss=5.12'],
  ])
})

test('tables follow one another, with a NaN and with what others print between', () => {
  const lines = [...step(2048, '5.12'), 'Eval num_timesteps=2048', ...step(4096, 'nan'), ...step(6144, 'nan')]
  expect(readBriefly(lines)).toEqual({
    format: 'listed-table',
    results: ['step 2048 train/loss=5.12', 'step 4096 train/loss=NaN', 'step 6144 train/loss=NaN'],
  })
})

test('a table that is cut off is told when the writer has left', () => {
  const lines = [...step(2048, '5.12'), ...step(4096, '4.5').slice(0, -1)]
  expect(readBriefly(lines).results).toEqual(['step 2048 train/loss=5.12', 'step 4096 train/loss=4.5'])
})

test('a table without anything of training, and one of other columns, are no record', () => {
  const rollout = table('| rollout/       |      |', '|    ep_len_mean | 22.5 |')
  expect(parseAll(listedTable, rollout).map(briefly)).toEqual(Array(4).fill('skip'))
  expect(parseAll(listedTable, table('| loss | 0.5 | 0.25 |', '| 1 | 2 |')).map(briefly)).toEqual(Array(4).fill('skip'))
})
