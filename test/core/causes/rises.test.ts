import { describe, expect, test } from 'vitest'
import { jsonLines, WatchedRun } from '../pipeline/watched-run.ts'

/** The cause of a loss that is NaN at the end of these records. */
function causeAfter(records: readonly object[]): string | null {
  const log = jsonLines(...records.map((record, step) => ({ step, ...record })))
  return new WatchedRun().read('train.jsonl', log, true).alert('non-finite').cause?.code ?? null
}

const losses = (...values: number[]) => values.map((loss) => ({ loss }))
const BROKEN = { loss: 'NaN' }

describe('a rise before a NaN explains it by R24 where it leads above where the run began', () => {
  const cases: readonly { name: string; records: readonly object[]; isExplained: boolean }[] = [
    {
      name: 'a loss that has fallen to almost nothing is noise there',
      records: [...losses(1.9, 1.1, 0.6, 0.2, 0.07, 0.02, 0.008, 0.003, 0.0007, 0.0006, 0.03, 0.21), BROKEN],
      isExplained: false,
    },
    {
      name: 'where it began is remembered for longer than the newest values are',
      records: [...losses(1.9), ...losses(...Array.from({ length: 40 }, () => 0.002), 0.02, 0.3), BROKEN],
      isExplained: false,
    },
    {
      name: 'a gradient norm far below its first one is noise',
      records: [
        { loss: 1.3, grad_norm: 2.4 },
        { loss: 1.2, grad_norm: 0.3 },
        { loss: 1.25, grad_norm: 0.02 },
        { loss: 1.2, grad_norm: 4e-8 },
        { loss: 1.15, grad_norm: 0.4 },
        { loss: 1.2, grad_norm: 0.05 },
        { loss: 'Infinity', grad_norm: 'NaN' },
      ],
      isExplained: false,
    },
    {
      name: 'a loss that runs away',
      records: [...losses(1.9, 1.1, 0.6, 0.5, 4, 60), BROKEN],
      isExplained: true,
    },
    {
      name: 'a gradient norm that runs away',
      records: [
        ...[2, 1.5, 1.2, 9, 80].map((grad_norm, at) => ({ loss: 1.9 - at / 10, grad_norm })),
        { ...BROKEN, grad_norm: 'NaN' },
      ],
      isExplained: true,
    },
    {
      name: 'one low value among others is no level',
      records: [...losses(2.3, 2.2, 2.4, 0.2, 2.2, 2.3, 2.5), BROKEN],
      isExplained: false,
    },
    {
      name: 'a gradient norm after one that was small by chance',
      records: [
        ...[0.9, 1.4, 1.2, 0.06, 1.3, 1.1, 1.5].map((grad_norm, at) => ({ loss: 1.9 - at / 10, grad_norm })),
        { ...BROKEN, grad_norm: 'NaN' },
      ],
      isExplained: false,
    },
    {
      name: 'a loss that grows all the time',
      records: [...losses(1.2, 1.5, 1.9, 2.4, 3, 3.8, 4.8, 6, 7.6, 9.6, 12.1, 15.2), BROKEN],
      isExplained: true,
    },
    {
      name: 'the rate of a warm-up alone',
      records: [1, 2, 3, 4, 5, 6].map((at) => ({ loss: at < 6 ? 2.3 - at / 50 : 'NaN', lr: at * 1e-5 })),
      isExplained: false,
    },
    {
      name: 'a warm-up whose first step is a large one',
      records: [0, 1e-7, 1e-5, 2e-5, 3e-5].map((lr, at) => ({ loss: at < 4 ? 2.3 - at / 50 : 'NaN', lr })),
      isExplained: false,
    },
    {
      name: 'a rate that stood and was raised at once',
      records: [1e-4, 1e-4, 9e-5, 9e-5, 5e-3, 5e-3].map((lr, at) => ({ loss: at < 5 ? 2.3 - at / 50 : 'NaN', lr })),
      isExplained: true,
    },
  ]
  for (const { name, records, isExplained } of cases) {
    test(name, () => expect(causeAfter(records) === 'R24-exploding-weights').toBe(isExplained))
  }
})
