import { describe, expect, test } from 'vitest'
import { longestTarget } from '../../../src/core/measure/aligned-sequences.ts'
import { jsonLines, WatchedRun } from './watched-run.ts'

const FRAMES = 6

/** The same for each frame: [row, frame, class], or with the frames first. */
function logProbs(rows: number, frames = FRAMES, isFrameFirst = false): number[][][] {
  const row = [-1.609, -1.609, -1.609, -1.609, -1.609]
  const [first, second] = isFrameFirst ? [frames, rows] : [rows, frames]
  return Array.from({ length: first }, () => Array.from({ length: second }, () => row))
}

const FITS = [
  [1, 2, 3, 0],
  [4, 4, 2, 1],
]
/** Four labels and three pairs: seven frames. */
const TOO_LONG = [
  [1, 2, 3, 0],
  [2, 2, 2, 3],
  [3, 3, 3, 4],
]

function told(...records: readonly object[]): WatchedRun {
  return new WatchedRun().read('train.jsonl', jsonLines(...records), true)
}

describe('sequences that the loss aligns', () => {
  const healthy = [0, 1, 2].map((step) => ({ step, loss: 3 - step / 10, log_probs: logProbs(2), labels: FITS }))
  const failing = (about: object) => ({
    step: 3,
    loss: 'Infinity',
    log_probs: logProbs(3, 5),
    labels: TOO_LONG,
    ...about,
  })

  test('are said to be that once, and their losses are read', () => {
    const { alerts, rejects, samples } = told(...healthy)
    expect(rejects.map(({ detail }) => detail)).toEqual([
      'labels of shape [2, 4] beside log_probs of shape [2, 6, 5]: sequences that the loss aligns, as CTC does; it is not computed anew',
    ])
    expect([...samples].map(({ value }) => value)).toEqual([3, 2.9, 2.8])
    expect(alerts).toEqual([])
  })

  test('a target that does not fit explains an infinite loss, with its row and its frames', () => {
    const { alerts } = told(...healthy, failing({}))
    expect(alerts).toMatchObject([
      {
        rule: 'non-finite',
        why: 'Row 1 has a target of 4 labels, which needs 4 frames, and 2 more between equal neighbours, and the predictions have 5: no alignment fits, and −log(0) = ∞.',
        cause: { code: 'R31-target-too-long', confidence: 'strong' },
      },
    ])
  })

  test('with the frames first as well, and the loss in another file, whichever is read first', () => {
    const dump = jsonLines({ step: 3, log_probs: logProbs(3, 5, true), labels: TOO_LONG })
    const log = jsonLines(...[1, 2].map((step) => ({ step, ctc_loss: 3 })), { step: 3, ctc_loss: 'Infinity' })
    for (const run of [
      new WatchedRun().read('preds.jsonl', dump, true).read('train.jsonl', log, true),
      new WatchedRun().read('train.jsonl', log, true).read('preds.jsonl', dump, true),
    ]) {
      expect(run.alerts).toMatchObject([{ cause: { code: 'R31-target-too-long' } }])
    }
  })

  const others: readonly (readonly [name: string, about: object])[] = [
    ['all targets fit', { log_probs: logProbs(3, 7) }],
    ['the loss is finite', { loss: 3.1 }],
    [
      'the predictions hold a NaN',
      { loss: 'NaN', log_probs: [...logProbs(2, 5), [['NaN', 0, 0, 0, 0], ...logProbs(1, 4)[0]!]] },
    ],
    ['the targets have one label more, as those of the next token', { log_probs: logProbs(3, 3) }],
  ]
  for (const [name, about] of others) {
    test(`nothing is said of targets where ${name}`, () => {
      const codes = told(...healthy, failing(about)).alerts.map(({ cause }) => cause?.code)
      expect(codes).not.toContain('R31-target-too-long')
    })
  }

  test('labels of a class for each row, or of none, are none', () => {
    for (const labels of [
      [
        [0, 1, 0, 0, 0],
        [1, 0, 0, 0, 0],
      ],
      [
        [0.5, 1],
        [2, 3],
      ],
      [
        [1, 9],
        [2, 3],
      ],
    ]) {
      const { rejects } = told({ step: 0, loss: 1, log_probs: logProbs(2), labels })
      expect(rejects[0]?.detail).toContain('do not fit')
    }
  })
})

describe('the longest target', () => {
  const cases: readonly (readonly [
    name: string,
    targets: readonly number[][],
    frames: number,
    found: object | null,
  ])[] = [
    ['has more labels than frames', [[1, 2, 3, 4]], 3, { row: 0, length: 4, repeats: 0, frames: 3 }],
    ['has as many', [[1, 2, 3, 4]], 4, null],
    ['has a blank between equal neighbours', [[1, 1, 3, 4]], 4, { row: 0, length: 4, repeats: 1, frames: 4 }],
    ['is padded with 0', [[1, 2, 0, 0]], 2, null],
    [
      'is padded with −1 and −100',
      [
        [1, 2, -1, -1],
        [1, 2, -100, -100],
      ],
      2,
      null,
    ],
    [
      'is padded with another label in several rows',
      [
        [1, 2, 7, 7],
        [3, 7, 7, 7],
      ],
      2,
      null,
    ],
    [
      'lacks most',
      [
        [1, 2, 3, 0],
        [1, 1, 3, 3],
        [1, 2, 3, 4],
      ],
      3,
      { row: 1, length: 4, repeats: 2, frames: 3 },
    ],
  ]
  for (const [name, targets, frames, found] of cases) {
    test(name, () => expect(longestTarget(Float64Array.from(targets.flat()), targets.length, frames)).toEqual(found))
  }
})
