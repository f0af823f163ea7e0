import { describe, expect, test } from 'vitest'
import type { Alert } from '../../../src/protocol/alert.ts'
import { jsonLines, WatchedRun } from './watched-run.ts'

function alertsOf(...records: readonly object[]): Alert[] {
  const log = jsonLines(...records.map((record, step) => ({ step, ...record })))
  return new WatchedRun().read('train.jsonl', log, true).alerts
}

function seriesOf(metric: string, ...records: readonly object[]) {
  const log = jsonLines(...records.map((record, step) => ({ step, ...record })))
  const { samples } = new WatchedRun().read('train.jsonl', log, true)
  return [...samples].filter((sample) => sample.metric === metric).map(({ step, value }) => [step, value])
}

/** Probabilities of three classes that are no round numbers, other ones at each step. */
function probsAt(step: number, rows: number): number[][] {
  return Array.from({ length: rows }, (_, row) => {
    const weights = [0, 1, 2].map((j) => 1.2 + Math.sin(7 * step + 3 * row + 2 * j + 1))
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    return weights.map((weight) => weight / total)
  })
}

function meanLoss(probs: readonly (readonly number[])[], labels: readonly number[], rows = labels): number {
  const losses = probs.flatMap((row, i) => (row[labels[i]!] === undefined ? [] : [-Math.log(row[labels[i]!]!)]))
  return losses.reduce((sum, loss) => sum + loss, 0) / (rows === labels ? losses.length : rows.length)
}

const bce = (p: number, y: number) => -Math.log(y === 1 ? p : 1 - p)

describe('several labels in a row', () => {
  const probs = [
    [0.15, 0.25, 0.6],
    [0.35, 0.05, 0.3],
  ]
  const lossOf = (labels: readonly (readonly number[])[]) =>
    probs.flatMap((row, i) => row.map((p, j) => bce(p, labels[i]![j]!))).reduce((sum, loss) => sum + loss, 0) / 6

  test('are read so in each batch, also where a rare label gives no row two or any', () => {
    const truths = [
      [
        [0, 0, 1],
        [0, 0, 0],
      ],
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
      [
        [0, 1, 0],
        [1, 0, 0],
      ],
    ]
    const records = truths.map((labels) => ({ loss: lossOf(labels), probs, labels }))
    expect(seriesOf('nanwatch/cross_entropy', ...records)).toEqual(
      truths.map((labels, step) => [step, expect.closeTo(lossOf(labels), 12)]),
    )
    expect(alertsOf(...records)).toEqual([])
  })

  test('are no labels that are ignored where a mask is empty', () => {
    const empty = [
      [0, 0, 0],
      [0, 0, 0],
    ]
    const alerts = alertsOf(
      {
        loss: 0.7,
        probs,
        labels: [
          [1, 0, 1],
          [0, 1, 0],
        ],
      },
      { loss: 'NaN', probs, labels: empty },
    )
    expect(alerts).toMatchObject([{ rule: 'non-finite', cause: { code: null, candidates: [] } }])
  })

  test('may hold a NaN, whose row is that of the log', () => {
    const whole = {
      loss: 0.7,
      probs,
      labels: [
        [1, 0, 1],
        [0, 1, 0],
      ],
    }
    const broken = {
      loss: 'NaN',
      probs,
      labels: [
        [1, 0, 1],
        [0, 'NaN', 0],
      ],
    }
    const [alert] = alertsOf(whole, broken)
    expect(alert).toMatchObject({ cause: { code: 'R30-nan-in-labels', confidence: 'likely' } })
    expect(alert!.why).toMatch(/^1 of 2 rows had a label that is NaN or infinite \(row 1\)/)
  })

  test('that are seen late are read so from there on, and a series says where', () => {
    const logits = probs
    const early = {
      logits,
      labels: [
        [0, 0, 1],
        [1, 0, 0],
      ],
    }
    const late = {
      logits,
      labels: [
        [1, 0, 1],
        [1, 0, 0],
      ],
    }
    expect(seriesOf('nanwatch/labels_of_a_row', early, early, late, early)).toEqual([[2, 3]])
    expect(seriesOf('nanwatch/labels_of_a_row', late, early, late)).toEqual([])
  })
})

describe('a label that is NaN', () => {
  const probs = probsAt(0, 3)
  const targets = [
    [0.9, 0.05, 0.05],
    ['NaN', 'NaN', 'NaN'],
    [0, 1, 0],
  ]
  for (const [name, labels] of [
    ['a soft one', targets],
    ['a class', [0, 'NaN', 2]],
  ] as const) {
    test(`is the cause of a loss of NaN: ${name}`, () => {
      expect(alertsOf({ loss: 'NaN', probs, labels })).toMatchObject([
        { rule: 'non-finite', cause: { code: 'R30-nan-in-labels', confidence: 'likely' } },
      ])
    })
  }

  test('is the cause of a loss of NaN that another file tells later', () => {
    const dump = [0, 1, 2].map((step) => ({
      step,
      probs: probsAt(step, 3),
      labels: step === 1 ? [0, 'NaN', 2] : [0, 1, 2],
    }))
    const losses = [0.5, 'NaN', 0.4].map((loss, step) => ({ step, loss }))
    const run = new WatchedRun().read('preds.jsonl', jsonLines(...dump), true)
    run.read('train.jsonl', jsonLines(...losses), true)
    expect(run.alert('non-finite')).toMatchObject({ step: 1, cause: { code: 'R30-nan-in-labels' } })
  })

  test('is the cause of a binary loss of NaN', () => {
    expect(alertsOf({ loss: 'NaN', probs: [0.2, 0.7, 0.9], labels: [0, 'NaN', 1] })).toMatchObject([
      { cause: { code: 'R30-nan-in-labels' } },
    ])
  })

  test('is nothing to a job that leaves its row out', () => {
    const labels = [0, 'NaN', 2]
    const loss = (-Math.log(probs[0]![0]!) - Math.log(probs[2]![2]!)) / 2
    expect(alertsOf(...Array.from({ length: 8 }, () => ({ loss, probs, labels })))).toEqual([])
  })
})

describe('an ignored label', () => {
  for (const ignored of [-1, 255, 3]) {
    test(`is learned from the losses that leave it out: ${ignored}`, () => {
      const records = Array.from({ length: 4 }, (_, step) => {
        const labels = [0, ignored, step % 3, ignored]
        const probs = probsAt(step, 4)
        return { loss: meanLoss(probs, labels), probs, labels }
      })
      const empty = { loss: 'NaN', probs: probsAt(9, 4), labels: [ignored, ignored, ignored, ignored] }
      expect(alertsOf(...records)).toEqual([])
      expect(alertsOf(...records, empty)).toMatchObject([
        { rule: 'non-finite', step: 4, cause: { code: 'R10-nothing-to-average', confidence: 'strong' } },
      ])
      expect(alertsOf(empty)).toMatchObject([{ cause: { code: null } }])
    })
  }

  test('is none where its rows are counted as 0: those are labels that are no class', () => {
    const records = Array.from({ length: 6 }, (_, step) => {
      const labels = [0, 1, 3, step % 3]
      const probs = probsAt(step, 4)
      return { loss: meanLoss(probs, labels, [1, 2, 3, 4]), probs, labels }
    })
    expect(alertsOf(...records)).toMatchObject([
      { rule: 'mismatch', severity: 'warning', cause: { code: 'R11-label-out-of-range' } },
    ])
  })

  describe('may be a class of the predictions as well', () => {
    /** Ten rows of which three or four have this label, and what they cost without them. */
    function leaving(label: number, step: number) {
      const probs = probsAt(step, 10)
      const labels = probs.map((_, row) => (row % 3 === 0 ? label : (label + 1 + ((row + step) % 2)) % 3))
      const counted = labels.map((one) => (one === label ? -1 : one))
      return { probs, labels, loss: meanLoss(probs, counted) }
    }
    const logs = (probs: readonly number[][]) => probs.map((row) => row.map((p) => Math.log(p) + 1.5))
    const steps = (count: number) => Array.from({ length: count }, (_, step) => step)

    for (const label of [0, 2]) {
      test(`and is learned from several losses: ${label}`, () => {
        const records = steps(9).map((step) => leaving(label, step))
        expect(alertsOf(...records)).toEqual([])
        const recomputed = seriesOf('nanwatch/cross_entropy', ...records).slice(4)
        expect(recomputed).toEqual(records.slice(4).map(({ loss }, at) => [at + 4, expect.closeTo(loss, 9)]))
        const empty = { loss: 'NaN', probs: probsAt(30, 4), labels: [label, label, label, label] }
        expect(alertsOf(...records, empty)).toMatchObject([{ step: 9, cause: { code: 'R10-nothing-to-average' } }])
      })

      test(`also of logits, and where the losses stand in another file: ${label}`, () => {
        const records = steps(9).map((step) => ({ step, ...leaving(label, step) }))
        const dump = records.map(({ step, probs, labels }) => ({ step, logits: logs(probs), labels }))
        const losses = records.map(({ step, loss }) => ({ step, loss: Number(loss.toFixed(4)) }))
        expect(alertsOf(...dump.map((one, step) => ({ ...one, loss: losses[step]!.loss })))).toEqual([])
        const run = new WatchedRun().read('preds.jsonl', jsonLines(...dump), true)
        expect(run.read('train.jsonl', jsonLines(...losses), true).alerts).toEqual([])
      })
    }

    test('and is none that counts less, or whose rows count in the number of rows', () => {
      const half = steps(9).map((step) => {
        const { probs, labels } = leaving(1, step)
        const weights = labels.map((label) => (label === 1 ? 0.5 : 1))
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        return {
          probs,
          labels,
          loss: probs.reduce((sum, row, i) => sum - weights[i]! * Math.log(row[labels[i]!]!), 0) / total,
        }
      })
      const overAll = steps(9).map((step) => {
        const { probs, labels, loss } = leaving(1, step)
        return { probs, labels, loss: (loss * labels.filter((label) => label !== 1).length) / labels.length }
      })
      for (const records of [half, overAll])
        expect(alertsOf(...records)).toMatchObject([{ severity: 'info', cause: { code: 'R21-weights-or-mask' } }])
    })
  })

  test('may stand at rows that are NaN: padding has no predictions', () => {
    const records = Array.from({ length: 6 }, (_, step) => {
      const probs = probsAt(step, 4)
      const labels = [0, 1, 2, -100]
      const logits = [...probs.slice(0, 3).map((row) => row.map(Math.log)), ['NaN', 'NaN', 'NaN']]
      return { loss: meanLoss(probs, labels), logits, labels }
    })
    expect(alertsOf(...records)).toEqual([])
  })
})

test('predictions of whole numbers are those of a model that has become sure, where it was not before', () => {
  const y_true = [1, 0, 1, 1]
  const lossOf = (y_pred: readonly number[]) => y_pred.reduce((sum, p, i) => sum + bce(p, y_true[i]!), 0) / 4
  const unsure = [0.7, 0.3, 0.6, 0.9]
  const surer = [0.9, 0.2, 0.8, 0.95]
  const alerts = alertsOf(
    { loss: lossOf(unsure), y_pred: unsure, y_true },
    { loss: lossOf(surer), y_pred: surer, y_true },
    { loss: 'Infinity', y_pred: [1, 0, 0, 1], y_true },
  )
  expect(alerts[0]).toMatchObject({ step: 2, cause: { code: 'R1-log-zero' } })
  const classes = [1, 0, 0, 1]
  const { batches } = new WatchedRun().read('a.jsonl', jsonLines({ step: 1, loss: 0.4, y_pred: classes, y_true }), true)
  expect(batches).toEqual([])
})
