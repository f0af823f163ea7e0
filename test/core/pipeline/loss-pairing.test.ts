import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { measureBatch } from '../../../src/core/measure/batch-measure.ts'
import type { PredictionBatch } from '../../../src/core/measure/prediction-batch.ts'
import { Pairing } from '../../../src/core/pipeline/loss-pairing.ts'
import type { Alert } from '../../../src/protocol/alert.ts'
import { encodeJson } from '../../../src/protocol/json.ts'
import { jsonLines, WatchedRun } from './watched-run.ts'

const ROWS = 8
const CLASSES = 3

/** Probabilities that are no round numbers, other ones at each step. */
function probsAt(step: number): number[][] {
  return Array.from({ length: ROWS }, (_, row) => {
    const weights = Array.from({ length: CLASSES }, (_, j) => 1.2 + Math.sin(7 * step + 3 * row + 2 * j + 1))
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    return weights.map((weight) => weight / total)
  })
}

const LABELS = Array.from({ length: ROWS }, (_, row) => row % CLASSES)

function meanOf(surprise: (row: readonly number[], label: number) => number, step: number): number {
  const rows = probsAt(step)
  return rows.reduce((sum, row, index) => sum + surprise(row, LABELS[index]!), 0) / rows.length
}

const WAYS = {
  right: (step: number) => meanOf((row, label) => -Math.log(row[label]!), step),
  summed: (step: number) => ROWS * WAYS.right(step),
  bits: (step: number) => WAYS.right(step) / Math.LN2,
  twice: (step: number) =>
    meanOf((row, label) => Math.log(row.reduce((sum, p) => sum + Math.exp(p), 0)) - row[label]!, step),
  smoothed: (step: number) =>
    0.9 * WAYS.right(step) + (0.1 / CLASSES) * meanOf((row) => -row.reduce((sum, p) => sum + Math.log(p), 0), step),
  squared: (step: number) =>
    meanOf((row, label) => row.reduce((sum, p, j) => sum + (p - (j === label ? 1 : 0)) ** 2, 0), step),
}

function lossLines(loss: (step: number) => number | string, steps: readonly number[], more: object = {}): string {
  return jsonLines(...steps.map((step) => ({ step, loss: loss(step), ...more })))
}

function batchLines(steps: readonly number[]): string {
  return jsonLines(...steps.map((step) => ({ step, probs: probsAt(step), labels: LABELS })))
}

function upTo(count: number, from = 0): number[] {
  return Array.from({ length: count }, (_, i) => from + i)
}

/** The alerts in both orders of reading, which must be the same. */
function alertsOf(losses: string, batches: string, lossFile = 'loss.jsonl'): Alert[] {
  const lossFirst = new WatchedRun().read(lossFile, losses, true).read('preds.jsonl', batches, true)
  const batchFirst = new WatchedRun().read('preds.jsonl', batches, true).read(lossFile, losses, true)
  expect(byRule(batchFirst.alerts)).toEqual(byRule(lossFirst.alerts))
  return lossFirst.alerts
}

/** The alerts without those about a loss that rises. */
function mismatchesIn(alerts: readonly Alert[]): readonly Alert[] {
  return alerts.filter(({ rule }) => rule === 'mismatch')
}

function byRule(alerts: readonly Alert[]): Alert[] {
  return [...alerts].sort((a, b) => a.rule.localeCompare(b.rule))
}

describe('a loss in another file than its predictions', () => {
  const told: readonly { readonly way: keyof typeof WAYS; readonly code: string; readonly severity: string }[] = [
    { way: 'summed', code: 'R17-wrong-reduction', severity: 'warning' },
    { way: 'twice', code: 'R14-double-softmax', severity: 'warning' },
    { way: 'bits', code: 'R18-unit-of-the-logarithm', severity: 'info' },
    { way: 'smoothed', code: 'R19-label-smoothing', severity: 'info' },
  ]
  for (const { way, code, severity } of told) {
    test(`that is computed wrongly (${way}) is told at the fifth step, whichever file is read first`, () => {
      const alerts = alertsOf(lossLines(WAYS[way], upTo(20)), batchLines(upTo(20)))
      expect(alerts).toMatchObject([
        { rule: 'mismatch', severity, step: 4, file: 'preds.jsonl', cause: { code }, state: 'firing' },
      ])
    })
  }

  describe('beside predictions of four decimals', () => {
    const short = (value: number) => Number(value.toFixed(4))
    const dump = jsonLines(
      ...upTo(20).map((step) => ({ step, probs: probsAt(step).map((row) => row.map(short)), labels: LABELS })),
    )
    test.each([
      ['divided by the steps of one update', (step: number) => WAYS.right(step) / 10, 'R17-wrong-reduction'],
      ['the mean of −p', (step: number) => meanOf((row, label) => -row[label]!, step), 'R32-missing-log'],
    ])('is told where it is %s', (_, loss, code) => {
      expect(
        mismatchesIn(
          alertsOf(
            lossLines((step) => short(loss(step)), upTo(20)),
            dump,
          ),
        ),
      ).toMatchObject([{ severity: 'warning', cause: { code } }])
    })
    test('is right where it is', () => {
      expect(
        alertsOf(
          lossLines((step) => short(WAYS.right(step)), upTo(20)),
          dump,
        ),
      ).toEqual([])
    })
  })

  test('that is a divergence over rows and classes is told, and that of the rows is right', () => {
    const divergence = (step: number) =>
      meanOf(
        (row, label) =>
          Math.log(0.8) * 0.8 +
          Math.log(0.1) * 0.2 -
          row.reduce((sum, p, c) => sum + (c === label ? 0.8 : 0.1) * Math.log(p), 0),
        step,
      )
    const labels = LABELS.map((label) => [0, 1, 2].map((c) => (c === label ? 0.8 : 0.1)))
    const dump = jsonLines(...upTo(12).map((step) => ({ step, probs: probsAt(step), labels })))
    expect(
      alertsOf(
        lossLines((step) => divergence(step) / CLASSES, upTo(12)),
        dump,
      ),
    ).toMatchObject([{ rule: 'mismatch', severity: 'warning', cause: { code: 'R17-wrong-reduction' } }])
    expect(alertsOf(lossLines(divergence, upTo(12)), dump)).toEqual([])
  })

  test('that takes the logarithm of rows which are no distributions is told', () => {
    const odd = (step: number) => probsAt(step).map((row) => row.map((p) => 0.3 + p / 2))
    const dump = jsonLines(...upTo(12).map((step) => ({ step, probs: odd(step), labels: LABELS })))
    const loss = (step: number) => -odd(step).reduce((sum, row, i) => sum + Math.log(row[LABELS[i]!]!), 0) / ROWS
    expect(alertsOf(lossLines(loss, upTo(12)), dump)).toMatchObject([
      { rule: 'mismatch', severity: 'warning', cause: { code: 'R15-not-normalised' } },
    ])
  })

  test('that is of the batch before is noted, in full and in four decimals', () => {
    const before = (step: number) => WAYS.right(Math.max(0, step - 1))
    for (const written of [before, (step: number) => Number(before(step).toFixed(4))])
      expect(mismatchesIn(alertsOf(lossLines(written, upTo(15)), batchLines(upTo(15))))).toMatchObject([
        { severity: 'info', cause: { code: 'R22-stale-loss', confidence: 'likely' } },
      ])
  })

  test.each([
    ['of two batches before', (step: number) => WAYS.right(Math.max(0, step - 2))],
    [
      'the mean of four',
      (step: number) => [0, 1, 2, 3].reduce((sum, at) => sum + WAYS.right(Math.max(0, step - at)), 0) / 4,
    ],
    ['of the batch before, in one digit', (step: number) => Number(WAYS.right(Math.max(0, step - 1)).toFixed(1))],
  ])('that is %s shows nothing', (_, loss) => {
    expect(mismatchesIn(alertsOf(lossLines(loss, upTo(15)), batchLines(upTo(15))))).toEqual([])
  })

  test('of a PyTorch job that gives cross_entropy probabilities is told', () => {
    const fixture = (name: string) => readFileSync(new URL(`../../fixtures/pairs/${name}`, import.meta.url), 'utf8')
    expect(alertsOf(fixture('loss.csv'), fixture('predictions.jsonl'), 'loss.csv')).toMatchObject([
      { rule: 'mismatch', step: 4, cause: { code: 'R14-double-softmax', confidence: 'proven' } },
    ])
  })

  test('that is right clears its predictions of a log(0) that is none', () => {
    const probs = [
      [0.6371122334455, 0.3628877665545],
      [1, 0],
    ]
    const batches = jsonLines(...upTo(6).map((step) => ({ step, probs, labels: [0, 1] })))
    // The squared error: the job takes no logarithm.
    expect(
      alertsOf(
        lossLines(() => 0.3628877665545 ** 2 + 1, upTo(6)),
        batches,
      ),
    ).toMatchObject([{ rule: 'log-zero', severity: 'warning', cause: { code: null, candidates: ['R1-log-zero'] } }])
  })

  test('is paired where the predictions are logged less often', () => {
    const alerts = alertsOf(lossLines(WAYS.summed, upTo(64)), batchLines(upTo(7).map((i) => 10 * i)))
    expect(alerts).toMatchObject([{ rule: 'mismatch', step: 40 }])
  })

  test('tells a clip from a log(0)', () => {
    const stuck = jsonLines(
      ...upTo(10).map((step) => ({
        step,
        probs: upTo(ROWS).map((i) => Number(i % 4 > 1)),
        labels: upTo(ROWS).map((i) => i % 2),
      })),
    )
    const alerts = alertsOf(
      lossLines(() => 50, upTo(10)),
      stuck,
    )
    expect(byRule(alerts)).toMatchObject([
      { rule: 'log-zero', step: 0, cause: { code: 'R16-clipped-gradient' } },
      { rule: 'mismatch', step: 4, cause: { code: 'R16-clipped-gradient' } },
    ])
  })

  test('is compared with the batches before it, for what only several of them show', () => {
    const alerts = alertsOf(
      lossLines((step) => WAYS.right(step) + 0.1, upTo(40)),
      batchLines(upTo(40)),
    )
    expect(alerts).toMatchObject([{ rule: 'mismatch', severity: 'info', cause: { code: 'R20-added-term' } }])
  })

  const quiet: readonly { readonly name: string; readonly losses: string; readonly file?: string }[] = [
    { name: 'is right', losses: lossLines(WAYS.right, upTo(40)) },
    { name: 'is right to its few digits', losses: lossLines((step) => Number(WAYS.right(step).toFixed(3)), upTo(40)) },
    { name: 'is another one that is meant as it is', losses: lossLines(WAYS.squared, upTo(40)) },
    { name: 'has too few digits to tell', losses: lossLines((step) => Number(WAYS.bits(step).toFixed(1)), upTo(40)) },
    {
      name: 'is a mean over all steps so far',
      losses: lossLines((step) => upTo(step + 1).reduce((sum, s) => sum + WAYS.right(s), 0) / (step + 1), upTo(40)),
    },
    {
      name: 'is a mean over ten steps',
      losses: lossLines(
        (step) => upTo(10, step - 9).reduce((sum, s) => sum + WAYS.right(s), 0) / 10,
        upTo(40).map((i) => 9 + 10 * i),
      ),
    },
    { name: 'is counted from another step', losses: lossLines((step) => WAYS.summed(step + 1), upTo(40)) },
    { name: 'is not of these steps', losses: lossLines(WAYS.summed, upTo(40, 1000)) },
    { name: 'has no steps', losses: jsonLines(...upTo(40).map((step) => ({ loss: WAYS.summed(step) }))) },
    { name: 'is of validation', losses: jsonLines(...upTo(40).map((step) => ({ step, val_loss: 20 - step / 9 }))) },
    {
      name: 'differs in another way each time',
      losses: lossLines((step) => (step % 2 === 0 ? WAYS.bits : WAYS.summed)(step), upTo(40)),
    },
  ]
  for (const { name, losses } of quiet) {
    test(`raises nothing where it ${name}`, () => {
      expect(alertsOf(losses, batchLines(upTo(40)))).toEqual([])
    })
  }

  test('is right again after the job was mended and resumed, which ends the alert', () => {
    const steps = [...upTo(20), ...upTo(20, 10)]
    const losses = lossLines(WAYS.summed, upTo(20)) + lossLines(WAYS.right, upTo(20, 10))
    expect(alertsOf(losses, batchLines(steps))).toMatchObject([
      { rule: 'mismatch', step: 4, state: 'resolved', resolvedStep: 20 },
    ])
  })

  test('of a later epoch is not taken for that of the first, whose steps had the same numbers', () => {
    const losses =
      lossLines(WAYS.right, upTo(20), { epoch: 0 }) + lossLines((step) => WAYS.right(step) * 3, upTo(20), { epoch: 1 })
    expect(mismatchesIn(alertsOf(losses, batchLines(upTo(20))))).toEqual([])
  })

  test('is that of its batch in one log, whatever another log says', () => {
    const run = new WatchedRun()
      .read(
        'smooth.jsonl',
        lossLines((step) => 1 + step / 7, upTo(20)),
      )
      .read('preds.jsonl', batchLines(upTo(20)))
      .read('loss.jsonl', lossLines(WAYS.summed, upTo(20)))
    expect(mismatchesIn(run.alerts)).toMatchObject([{ cause: { code: 'R17-wrong-reduction' } }])
  })

  test('leaves alone a batch that came with its own', () => {
    const batches = jsonLines(
      ...upTo(20).map((step) => ({ step, probs: probsAt(step), labels: LABELS, loss: WAYS.right(step) })),
    )
    expect(alertsOf(lossLines(WAYS.summed, upTo(20)), batches)).toEqual([])
  })

  test('is compared with no batch of more than a million numbers', () => {
    const dumpsAfter = (rows: number) => {
      const values = new Float64Array(rows).fill(0.75)
      const classes = new Float64Array(rows).fill(1)
      const batch: PredictionBatch = {
        step: 1,
        kind: 'probs',
        n: rows,
        k: 1,
        values,
        labels: { kind: 'hard', classes },
        reportedLoss: null,
      }
      const measure = measureBatch(batch)
      const evidence = { file: 'preds', step: 1, attempt: 0, offset: 0, measure, reportedLoss: null, lossSearch: null }
      const pairing = new Pairing(undefined, {}, () => undefined)
      pairing.batch(evidence, batch, measure)
      return pairing.pairs.dumps.length
    }
    expect([dumpsAfter(1000), dumpsAfter(2 ** 20 + 1)]).toEqual([1, 0])
  })

  test('is not compared where the rule is switched off', () => {
    const run = new WatchedRun({ detectors: { mismatch: false } })
      .read('loss.jsonl', lossLines(WAYS.summed, upTo(20)))
      .read('preds.jsonl', batchLines(upTo(20)))
    expect(run.alerts).toEqual([])
  })

  test('is kept, and its batch, in a memory that a long run does not make longer', () => {
    const lengthAfter = (count: number) =>
      encodeJson(
        new WatchedRun().read('loss.jsonl', lossLines(WAYS.right, upTo(count))).read('p', batchLines(upTo(count)))
          .memory,
      ).length
    expect(lengthAfter(1600)).toBeLessThan(1.02 * lengthAfter(800))
  })
})

describe('losses and batches of two files', () => {
  const way = fc.constantFrom<keyof typeof WAYS | 'NaN' | 'other' | null>(
    'right',
    'summed',
    'summed',
    'summed',
    'bits',
    'NaN',
    'other',
    null,
  )
  const row = fc.record({ way, hasBatch: fc.boolean(), isResumed: fc.integer({ min: 0, max: 20 }) })

  test('come to the same alerts, however far the one is read before the other', () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 200 }),
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 60 })), { maxLength: 30 }),
        (rows, turns) => {
          let step = 0
          const losses: string[] = []
          const batches: string[] = []
          for (const { way, hasBatch, isResumed } of rows) {
            step = isResumed === 0 ? Math.max(0, step - 5) : step + 1
            if (way !== null) losses.push(lossLines((at) => lossOf(way, at), [step]))
            if (hasBatch) batches.push(batchLines([step]))
          }
          const finish = (run: WatchedRun) =>
            run.read('loss.jsonl', losses.join('')).read('preds.jsonl', batches.join('')).alerts
          const inTurns = new WatchedRun()
          const read = { losses: 0, batches: 0 }
          for (const [isLoss, count] of turns) {
            read[isLoss ? 'losses' : 'batches'] += count
            if (isLoss) inTurns.read('loss.jsonl', losses.slice(0, read.losses).join(''))
            else inTurns.read('preds.jsonl', batches.slice(0, read.batches).join(''))
          }
          const mismatches = (alerts: readonly Alert[]) => alerts.filter(({ rule }) => rule === 'mismatch')
          expect(mismatches(finish(inTurns))).toEqual(mismatches(finish(new WatchedRun())))
        },
      ),
      { numRuns: 150 },
    )
  }, 120_000)

  function lossOf(way: keyof typeof WAYS | 'NaN' | 'other', step: number): number | string {
    if (way === 'NaN') return 'NaN'
    return way === 'other' ? 0.1234567 * (step + 1) : WAYS[way](step)
  }
})
