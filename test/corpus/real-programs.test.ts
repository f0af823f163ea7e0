import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ReadCounts } from '../../src/cli/read-counts.ts'
import { fileReads } from '../../src/cli/replay/file-reads.ts'
import { Replay } from '../../src/cli/replay/replay.ts'
import { BUILT_IN } from '../../src/core/formats/format-set.ts'
import { isLossRole } from '../../src/core/records/fields.ts'

/** Written by the programs that they are named after; make.py beside them says how. */
const LOGS = join(import.meta.dirname, '../fixtures/logs')

/** The losses of each log: metric, steps, and the first and the last value. */
const cases: Readonly<
  Record<string, Readonly<Record<string, readonly [steps: string, first: number, last: number | string]>>>
> = {
  'keras-absl.log': { loss: ['1 2', 0.7442, 0.736] },
  'keras-warnings.log': { loss: ['1 2 3', 0.7434, 0.7135], val_loss: ['2', 0.7258, 0.7258] },
  'lightgbm-regression.log': { "valid_0's l2": ['1 2 3 4 5 6', 0.841956, 0.344102] },
  'lightning-bar.log': { loss: ['1 2 2 3 3 4 4 4 0 0 1 1 2 2 3 3 4 4 4 4', 1.02, 'NaN'] },
  'pandas-columns.json': { loss: ['0 1 2 3', 0.9, 0.6] },
  'pandas-index.csv': { loss: ['0 1 2 3', 0.9, 0.6] },
  'pandas-lines.jsonl': { loss: ['0 1 2 3', 0.9, 0.6] },
  'pytorch-quickstart.log': {
    loss: ['8 88 168 8 88 168 8 88 168', 0.867053, 0.424508],
    'Test/Avg loss': ['- - -', 0.630194, 0.339838],
  },
  'pytorch-transfer.log': { 'train Loss': ['0 1 2', 0.3398, 0.3398], 'val Loss': ['0 1 2', 0.3398, 0.3398] },
  'sklearn-gradient-boosting.log': { 'Train Loss': ['1 2 3 4 5 6 7 8 9 10 11 12', 1.2175, 0.5532] },
  'sklearn-sgd.log': { 'Avg loss': ['1 2 3 4 5', 3.661475, 2.032573] },
}

for (const [name, losses] of Object.entries(cases)) {
  test(`${name} gives its losses at their steps, in one attempt`, async () => {
    expect(await lossesIn(join(LOGS, name))).toEqual(losses)
  })
}

test.each(['pandas-columns.json', 'pandas-index.csv', 'pandas-lines.jsonl'])(
  '%s hides a NaN as an empty loss',
  async (name) => {
    const file = { path: join(LOGS, name), run: 'run' }
    const counts = new ReadCounts()
    for await (const _ of new Replay({ epsilon: 1e-10, detectors: {}, formats: BUILT_IN }).read(
      file,
      fileReads,
      counts,
    ));
    const hidden = counts.takeHidden().map(({ step, metric, reason }) => `step ${step} ${metric} ${reason}`)
    expect(hidden).toEqual(['step 4 loss missing-loss', 'step 5 loss missing-loss'])
  },
)

async function lossesIn(path: string) {
  const series = new Map<string, { steps: string[]; values: unknown[] }>()
  const replay = new Replay({ epsilon: 1e-10, detectors: {}, formats: BUILT_IN })
  for await (const { samples } of replay.read({ path, run: 'run' }, fileReads)) {
    for (const { metric, role, step, value, attempt } of samples) {
      if (!isLossRole(role)) continue
      expect(attempt).toBe(0)
      const known = series.get(metric) ?? { steps: [], values: [] }
      known.steps.push(step === null ? '-' : `${step}`)
      known.values.push(value)
      series.set(metric, known)
    }
  }
  return Object.fromEntries(
    [...series].map(([metric, { steps, values }]) => [metric, [steps.join(' '), values[0], values.at(-1)]]),
  )
}
