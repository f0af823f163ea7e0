import { describe, expect, test } from 'vitest'
import type { ClipFit } from '../../../src/core/detect/clip-fit.ts'
import type { Raise } from '../../../src/core/detect/finding.ts'
import { diagnose } from '../../../src/core/diagnose/diagnose.ts'
import type { BatchEvidence, Context } from '../../../src/core/diagnose/diagnosis.ts'
import type { PredictionBatch, PredictionKind } from '../../../src/core/measure/prediction-batch.ts'
import { messageOf } from '../../../src/protocol/alert.ts'
import { encodeJson } from '../../../src/protocol/json.ts'
import type { MetricValue } from '../../../src/protocol/value.ts'
import { batchOf, matrix } from '../measure/batches.ts'
import { contextOf, evidenceOf, explodingFinding, logZeroFinding, nonFiniteFinding, spikeFinding } from './findings.ts'

const UNKNOWN = { code: null, candidates: [] }
/** All that is known of a loss alone that is no number. */
const NAN_LOSS = { code: 'C29-nan-loss', confidence: 'weak' }

/** 64 rows of two classes; those named gave the true class nothing. */
function sixtyFour(zeroRows: readonly number[]): PredictionBatch {
  const rows = Array.from({ length: 64 }, (_, row) => (zeroRows.includes(row) ? [1, 0] : [0.25, 0.75]))
  return batchOf(
    'probs',
    rows,
    rows.map(() => 1),
  )
}

function batch(rows: string, labels: readonly number[], reportedLoss: MetricValue | null = null): BatchEvidence {
  return evidenceOf(batchOf('probs', matrix(rows), labels), { reportedLoss })
}

function batchOfKind(kind: PredictionKind, rows: string, labels: readonly number[]): BatchEvidence {
  return evidenceOf(batchOf(kind, matrix(rows), labels))
}

test('a log(0) is explained as the README says: step, rows, and what the loss would be when clipped', () => {
  const diagnosis = diagnose(nonFiniteFinding(), contextOf({}, evidenceOf(sixtyFour([5, 17, 40]))))
  const { cause } = diagnosis
  expect(messageOf(diagnosis)).toMatch(
    /^step 812: loss is NaN\. 3 of 64 rows gave the true class a probability of exactly 0 \(rows 5, 17, 40\), so −log\(0\) = ∞ and 0·∞ = NaN\. Clipped at 1e-10 this batch's loss is 1\.354\. Use the framework's loss on logits \(.*\), or clip the probabilities before the log/,
  )
  expect(cause).toMatchObject({ code: 'R1-log-zero', confidence: 'likely' })
  expect(evidence(cause)).toMatchObject({
    predictions: 'predictions.jsonl',
    step: 812,
    rows: 64,
    classes: 2,
    rowsWithZeroOnTruth: 3,
    firstRowsWithZeroOnTruth: [5, 17, 40],
    reportedLoss: 'NaN',
    crossEntropy: 'Infinity',
    crossEntropyClipped: expect.closeTo(1.354, 3),
    epsilon: 1e-10,
  })
})

function evidence(cause: ReturnType<typeof diagnose>['cause']): Record<string, unknown> {
  return Object.fromEntries((cause?.evidence ?? []).map(({ name, value }) => [name, value]))
}

const ZERO = batch('1 0 | 0.2 0.8', [1, 1])

interface Case {
  readonly name: string
  readonly finding: Raise
  readonly context: Context
  readonly cause: object
  readonly says?: RegExp
}

const cases: readonly Case[] = [
  {
    name: 'an infinite loss of a zero is likely, where no finite loss shows how the job computes it',
    finding: nonFiniteFinding({ value: 'Infinity' }),
    context: contextOf({}, ZERO),
    cause: { code: 'R1-log-zero', confidence: 'likely' },
    says: /1 of 2 rows gave the true class a probability of exactly 0 \(row 0\), so −log\(0\) = ∞ and its gradient/,
  },
  {
    name: 'the loss that was logged with the batch decides, not the one that was found later',
    finding: nonFiniteFinding({ value: 'NaN' }),
    context: contextOf({}, batch('1 0', [1], 'Infinity')),
    cause: { code: 'R1-log-zero', confidence: 'likely' },
  },
  {
    name: 'a zero before any loss is known is likely',
    finding: logZeroFinding(ZERO),
    context: contextOf({}, ZERO),
    cause: { code: 'R1-log-zero', confidence: 'likely' },
    says: /^step 812: the unclipped cross-entropy of the predictions is Infinity\. 1 of 2 rows gave/,
  },
  {
    name: 'a zero that the job survives is the cause of nothing yet',
    finding: logZeroFinding(batch('1 0', [1], 2.5 as MetricValue)),
    context: contextOf({}, batch('1 0', [1], 2.5 as MetricValue)),
    cause: { code: null, candidates: ['R1-log-zero'] },
    says: /the job itself reports 2\.5, so it clips or computes from logits/,
  },
  {
    name: 'a zero among predictions that are NaN is still a log(0)',
    finding: logZeroFinding(batch('1 0 | nan nan', [1, 1])),
    context: contextOf({}, batch('1 0 | nan nan', [1, 1])),
    cause: { code: 'R1-log-zero' },
    says: /predictions is NaN\. 1 of 2 rows/,
  },
  {
    name: 'a gradient norm that fails beside a finite loss met no log(0)',
    finding: nonFiniteFinding({ metric: 'grad_norm', role: 'grad_norm' }),
    context: contextOf({}, batch('1 0', [1], 2.5 as MetricValue)),
    cause: UNKNOWN,
  },
  {
    name: 'a gradient norm that fails while the loss is not known',
    finding: nonFiniteFinding({ metric: 'grad_norm', role: 'grad_norm' }),
    context: contextOf({}, ZERO),
    cause: { code: 'R1-log-zero', confidence: 'likely' },
    says: /so −log\(0\) = ∞\. Clipped/,
  },
  {
    name: 'a NaN of zeros on the wrong classes is 0·log(0)',
    finding: nonFiniteFinding(),
    context: contextOf({}, batch('1 0 | 0.2 0.8', [0, 1])),
    cause: { code: 'R2-zero-times-log-zero', confidence: 'likely' },
    says: /1 of 2 rows gave a class with target 0 a probability of exactly 0 \(row 0\), and 0·log\(0\) = 0·\(−∞\) = NaN/,
  },
  {
    name: 'an infinite loss is no 0·log(0)',
    finding: nonFiniteFinding({ value: 'Infinity' }),
    context: contextOf({}, batch('1 0', [0])),
    cause: UNKNOWN,
  },
  {
    name: 'predictions of NaN were broken before, and their zeros explain nothing',
    finding: nonFiniteFinding(),
    context: contextOf({}, batch('nan nan | 1 0', [1, 1])),
    cause: { code: null, candidates: ['R26-nan-in-input', 'R23-zero-over-zero'] },
  },
  {
    name: 'predictions that are NaN altogether',
    finding: nonFiniteFinding(),
    context: contextOf({}, batch('nan nan | nan nan', [1, 1])),
    cause: { code: 'R9-nan-in-model', confidence: 'strong' },
  },
  {
    name: 'logits of Infinity in all rows',
    finding: nonFiniteFinding(),
    context: contextOf({}, batchOfKind('logits', 'Infinity 0 | 1 Infinity', [0, 1])),
    cause: { code: 'R9-nan-in-model', confidence: 'likely' },
    says: /already hold Infinity in 2 of 2 rows/,
  },
  {
    name: 'logits of Infinity in some rows, whose weights are sound',
    finding: nonFiniteFinding(),
    context: contextOf({}, batchOfKind('logits', 'Infinity 0 | 1 2', [0, 1])),
    cause: { code: null, candidates: ['R7-float16-overflow', 'R24-exploding-weights', 'R26-nan-in-input'] },
    says: /fit several causes/,
  },
  {
    name: 'logits that were taken for probabilities',
    finding: nonFiniteFinding(),
    context: contextOf({}, batch('-1.5 2.5 | 0.2 0.8', [0, 1])),
    cause: { code: 'R13-logits-as-probabilities', confidence: 'likely' },
    says: /1 of 2 rows held a "probability" below 0 or above 1 \(row 0\)/,
  },
  {
    name: 'labels that are no class',
    finding: nonFiniteFinding(),
    context: contextOf({}, batch('0.5 0.5 | 0.5 0.5', [0, 2])),
    cause: { code: 'R11-label-out-of-range', confidence: 'likely' },
    says: /1 of 2 rows had a label that is no class index from 0 to 1 \(row 1\)/,
  },
  {
    name: 'a batch without a label that counts',
    finding: nonFiniteFinding(),
    context: contextOf({}, batch('0.5 0.5 | 0.5 0.5', [-100, -100])),
    cause: { code: 'R10-nothing-to-average', confidence: 'likely' },
    says: /No row of this batch has a label that counts \(2 rows, all ignored\)/,
  },
  {
    name: 'a gradient that overflowed where the loss did not',
    finding: nonFiniteFinding({ metric: 'grad_norm', role: 'grad_norm' }),
    context: contextOf({}, batch('0.5 0.5 | 1 1e-40', [0, 1], 46.4 as MetricValue)),
    cause: { code: 'R28-nan-gradient', confidence: 'strong' },
    says: /^step 812: grad_norm is NaN\. Row 1 gave the true class a probability of 1e-40: its logarithm is still finite/,
  },
  {
    name: 'the surest of two causes that recognise themselves: a gradient that overflowed, and had grown',
    finding: nonFiniteFinding({ metric: 'grad_norm', role: 'grad_norm' }),
    context: contextOf({ gradNorm: [1, 2, 400] }, batch('0.5 0.5 | 1 1e-40', [0, 1], 46.4 as MetricValue)),
    cause: { code: 'R28-nan-gradient', confidence: 'strong' },
  },
  {
    name: 'a gradient of a small probability that float32 can divide by',
    finding: nonFiniteFinding({ metric: 'grad_norm', role: 'grad_norm' }),
    context: contextOf({}, batch('0.5 0.5 | 1 1e-37', [0, 1], 46.4 as MetricValue)),
    cause: UNKNOWN,
  },
  {
    name: 'a loss that failed is no gradient',
    finding: nonFiniteFinding(),
    context: contextOf({}, batch('0.5 0.5 | 1 1e-40', [0, 1])),
    cause: UNKNOWN,
  },
  {
    name: 'a batch with nothing wrong in it',
    finding: nonFiniteFinding(),
    context: contextOf({}, batch('0.5 0.5', [1])),
    cause: UNKNOWN,
    says: /The last finite value was 2\.25 at step 811\. The predictions of this batch do not explain it: recomputed from them, its loss is 0\.6931\./,
  },
  {
    name: 'nothing but a loss',
    finding: nonFiniteFinding(),
    context: contextOf({ loss: [2.3, 2.2, 2.25, Number.NaN] }),
    cause: NAN_LOSS,
    says: /^step 812: loss is NaN\. The last finite value was 2\.25 at step 811\. The log does not say why; with the predictions/,
  },
  {
    name: 'a loss beside others of its record',
    finding: besideOthers({ lost: ['policy_loss', 'value_loss'], kept: ['entropy_loss'], isOfPredictions: true }),
    context: contextOf({}),
    cause: NAN_LOSS,
    says: /In the same record policy_loss and value_loss are not finite either\. But entropy_loss is finite\. The log does not say why; with/,
  },
  {
    name: 'a loss that no predictions explain',
    finding: besideOthers({ lost: [], kept: ['reduced_train_loss'], isOfPredictions: false }),
    context: contextOf({}),
    cause: NAN_LOSS,
    says: /at step 811\. In the same record reduced_train_loss is finite\. The log does not say why\.(?! Resume.*predictions)/,
  },
  {
    name: 'a log without steps',
    finding: nonFiniteFinding({ step: null }),
    context: contextOf({}),
    cause: NAN_LOSS,
    says: /^loss is NaN\./,
  },
  {
    name: 'a gradient norm that had grown',
    finding: nonFiniteFinding(),
    context: contextOf({ gradNorm: [1, 2, 400], loss: [2.3, 2.3, 2.4, Number.NaN] }),
    cause: {
      code: 'R24-exploding-weights',
      confidence: 'likely',
      evidence: [{ name: 'gradient norm rise', value: 400 }],
    },
    says: /Before it, the gradient norm rose from 1 at step 1 to 400 at step 3\./,
  },
  {
    name: 'a loss and a learning rate that had grown',
    finding: nonFiniteFinding(),
    context: contextOf({ loss: [2, 5, 60, Number.NaN], learningRate: [0.001, 0.01] }),
    cause: { code: 'R24-exploding-weights' },
    says: /Before it, the loss rose from 2 at step 1 to 60 at step 3 and the learning rate rose from 0\.001 at step 1 to 0\.01 at step 2\./,
  },
  {
    name: 'a learning rate that warms up slowly is no sign',
    finding: nonFiniteFinding(),
    context: contextOf({ learningRate: [0.001, 0.0011, 0.0012, 0.0013] }),
    cause: NAN_LOSS,
  },
  {
    name: 'a loss that rose from 0, or from below it, which no factor measures',
    finding: nonFiniteFinding(),
    context: contextOf({ loss: [0, 5], gradNorm: [-1, 5], learningRate: [0, 0.001] }),
    cause: NAN_LOSS,
  },
  {
    name: 'a zero explains a NaN better than what had grown before',
    finding: nonFiniteFinding(),
    context: contextOf({ gradNorm: [1, 1000] }, ZERO),
    cause: { code: 'R1-log-zero' },
  },
  {
    name: 'an explosion',
    finding: explodingFinding(50, { level: 2, risesInARow: 3 }),
    context: contextOf({ gradNorm: [1, 30], loss: [2, 50] }),
    cause: { code: 'R24-exploding-weights', confidence: 'likely' },
    says: /^step 812: loss is 50\. Its level was 2; it stands at 25 times that and has risen 3 times in a row\. The gradient norm rose from 1 at step 1 to 30 at step 2\. Divide the learning rate/,
  },
  {
    name: 'an explosion from below zero',
    finding: explodingFinding(500, { level: -5, risesInARow: 4 }),
    context: contextOf({}),
    cause: { code: 'R24-exploding-weights' },
    says: /Its level was -5; it has risen 4 times in a row\./,
  },
  {
    name: 'a spike, of which the loss alone does not tell the cause',
    finding: spikeFinding(4.6, { level: 2.3, z: 14.32 }),
    context: contextOf({}),
    cause: {
      code: null,
      candidates: ['R25-bad-batch', 'R24-exploding-weights'],
      choices: [
        { code: 'R25-bad-batch', title: 'A bad batch', confirm: expect.stringContaining('without that batch') },
        { code: 'R24-exploding-weights', confirm: expect.stringContaining('learning rate') },
      ],
    },
    says: /^step 812: loss jumped to 4\.6\. Its recent level was 2\.3; it stands at 2 times that, 14\.32 spreads above it: a bad batch/,
  },
  {
    name: 'a loss that stands at a clip',
    finding: clippedFinding({ nats: -Math.log(1e-7), rows: 1, tolerance: 5e-4, distinct: 1 }, 16.118),
    context: contextOf({}),
    cause: { code: 'R16-clipped-gradient', confidence: 'likely' },
    says: /^step 812: loss is 16\.12\. It stands there for ten values in a row, and is 16\.12 \(−ln 1e-7: the clip of Keras\)\. All rows lie beyond the clip/,
  },
  {
    name: 'a loss that stands at a share of a clip',
    finding: clippedFinding({ nats: -Math.log(1e-7), rows: 10, tolerance: 5e-5, distinct: 1 }, 14.5063),
    context: contextOf({}),
    cause: { code: 'R16-clipped-gradient', confidence: 'likely' },
    says: /It stands there for ten values in a row, and is 9\/10 of 16\.12 \(−ln 1e-7: the clip of Keras\)\. That share/,
  },
  {
    name: 'a loss that goes from one share of a clip to another',
    finding: clippedFinding({ nats: 100, rows: 64, tolerance: 5e-5, distinct: 7 }, 53.125),
    context: contextOf({}),
    cause: { code: 'R16-clipped-gradient', confidence: 'strong' },
    says: /Its newest ten values are all multiples of 1\/64 of 100 \(the most that BCELoss of PyTorch lets a row cost\); this one has 34 of them/,
  },
]

describe('the diagnosis', () => {
  for (const { name, finding, context, cause, says } of cases) {
    test(name, () => {
      const diagnosis = diagnose(finding, context)
      expect(diagnosis.cause).toMatchObject(cause)
      if (says !== undefined) expect(messageOf(diagnosis)).toMatch(says)
      expect(() => encodeJson(diagnosis)).not.toThrow()
    })
  }

  test('rows are named to the eighth, and then there are more', () => {
    const zeros = Array.from({ length: 12 }, (_, row) => row)
    const { why } = diagnose(nonFiniteFinding(), contextOf({}, evidenceOf(sixtyFour(zeros))))
    expect(why).toContain(
      '12 of 64 rows gave the true class a probability of exactly 0 (rows 0, 1, 2, 3, 4, 5, 6, 7, …)',
    )
  })

  test('two metrics in one role are not compared with each other', () => {
    const { trend } = contextOf({})
    const gradNorm = [
      { metric: 'grad_norm/head', step: 1, value: 0.01 as MetricValue },
      { metric: 'grad_norm/body', step: 1, value: 90 as MetricValue },
      { metric: 'grad_norm/head', step: 2, value: 0.01 as MetricValue },
      { metric: 'grad_norm/body', step: 2, value: 91 as MetricValue },
    ]
    expect(diagnose(nonFiniteFinding(), { trend: { ...trend, gradNorm }, batch: null }).cause).toMatchObject(NAN_LOSS)
  })

  test('a rise beyond all doubles can still be written down', () => {
    const { cause } = diagnose(nonFiniteFinding(), contextOf({ loss: [5e-324, 1.7e308] }))
    expect(cause).toMatchObject({ evidence: [{ name: 'loss rise', value: Number.MAX_VALUE }] })
  })
})

function clippedFinding(fit: ClipFit, value: number): Raise {
  const { at } = nonFiniteFinding({ value: value as MetricValue })
  return { kind: 'raise', rule: 'clipped-loss', severity: 'warning', at, facts: { ...fit, samples: 10 } }
}

function besideOthers(beside: { lost: string[]; kept: string[]; isOfPredictions: boolean }): Raise {
  const finding = nonFiniteFinding()
  return { ...finding, facts: { ...finding.facts, beside } } as Raise
}
