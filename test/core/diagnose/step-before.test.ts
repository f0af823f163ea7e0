import { describe, expect, test } from 'vitest'
import { jsonLines, WatchedRun } from '../pipeline/watched-run.ts'

type Row = Readonly<Record<string, unknown>>

interface Case {
  readonly name: string
  readonly records: readonly Row[]
  /** The cause of the loss that is not finite, with how sure it is; null where another one, or none, is named. */
  readonly cause: string | null
  readonly firstSign: RegExp | null
}

const NAN = 'NaN'
const INF = 'Infinity'
const numbered = (...rows: readonly Row[]) => rows.map((row, step) => ({ step: 10 * step, ...row }))
const norms = (...values: readonly (number | string)[]) =>
  values.map((grad_norm, at) => ({ loss: 1.5 - at / 20, grad_norm }))
const LABELS = [0, 1, 2]
const LOGITS = [
  [1.25, -0.5, 0.75],
  [0.25, 1.5, -1.25],
  [-0.75, 0.5, 1.125],
]
const BROKEN = { loss: NAN, logits: LOGITS.map((row) => row.map(() => NAN)), labels: LABELS }
const CLOSED = ['-Infinity', '-Infinity', '-Infinity']

const CASES: readonly Case[] = [
  {
    name: 'a gradient norm that is NaN at the step before',
    records: numbered(...norms(2.5, 3.1, NAN), { loss: NAN, grad_norm: NAN }),
    cause: 'R28-nan-gradient strong',
    firstSign: /^grad_norm was NaN at step 20, beside a loss of 1\.4 that was still finite\.$/,
  },
  {
    name: 'one that is infinite',
    records: numbered(...norms(2.5, 3.1, INF), { loss: NAN, grad_norm: NAN }),
    cause: 'R28-nan-gradient likely',
    firstSign: /^grad_norm was Infinity at step 20/,
  },
  {
    name: 'in a log without steps',
    records: [...norms(2.5, 3.1, NAN), { loss: NAN, grad_norm: NAN }],
    cause: 'R28-nan-gradient strong',
    firstSign: /^grad_norm was NaN in the record before, beside a loss of 1\.4/,
  },
  {
    name: 'in records of their own',
    records: [
      { step: 1, loss: 0.75 },
      { step: 1, grad_norm: 1.5 },
      { step: 2, loss: 0.7 },
      { step: 2, grad_norm: NAN },
      { step: 3, loss: NAN },
    ],
    cause: 'R28-nan-gradient strong',
    firstSign: /^grad_norm was NaN at step 2, beside a loss of 0\.7/,
  },
  {
    name: 'several in a row, of which the first is named',
    records: numbered(...norms(2.5, NAN, NAN), { loss: NAN, grad_norm: NAN }),
    cause: 'R28-nan-gradient likely',
    firstSign: /^grad_norm was not finite 2 times in a row before, from step 10 on, beside losses that were\.$/,
  },
  {
    name: 'of two norms the one that broke',
    records: numbered(
      { loss: 1.4, 'encoder/grad_norm': 1.5, 'decoder/grad_norm': 0.5 },
      { loss: 1.3, 'encoder/grad_norm': NAN, 'decoder/grad_norm': 0.5 },
      { loss: NAN, 'encoder/grad_norm': NAN, 'decoder/grad_norm': NAN },
    ),
    cause: 'R28-nan-gradient strong',
    firstSign: /^encoder\/grad_norm was NaN at step 10/,
  },
  {
    name: 'norms that a mixed precision looked for its scale with are long past',
    records: numbered(...norms(INF, INF, 1.5, 1.2, 1.1), { loss: NAN, grad_norm: NAN }),
    cause: null,
    firstSign: null,
  },
  {
    name: 'infinite norms whose steps were skipped',
    records: numbered(...norms(INF, INF, INF), { loss: NAN, grad_norm: NAN }),
    cause: null,
    firstSign: /^grad_norm was not finite 3 times in a row/,
  },
  {
    name: 'a norm that ran away before it overflowed',
    records: numbered(...norms(1.5, 30, 4e5, INF), { loss: NAN, grad_norm: NAN }),
    cause: null,
    firstSign: /^grad_norm was Infinity at step 30/,
  },
  {
    name: 'a loss that broke at the same step as its gradient',
    records: numbered(...norms(1.5, 1.4, 1.6), { loss: NAN, grad_norm: NAN }),
    cause: null,
    firstSign: null,
  },
  {
    name: 'a loss of 0 that stands for a NaN',
    records: numbered({ loss: 1.4, grad_norm: 2 }, { loss: 0, grad_norm: NAN }, { loss: NAN, grad_norm: NAN }),
    cause: null,
    firstSign: null,
  },
  {
    name: 'predictions that the gradient broke',
    records: numbered(
      { loss: 0.6, grad_norm: 1.5, logits: LOGITS, labels: LABELS },
      { loss: 0.6, grad_norm: NAN, logits: LOGITS, labels: LABELS },
      { ...BROKEN, grad_norm: NAN },
    ),
    cause: 'R28-nan-gradient strong',
    firstSign: /^grad_norm was NaN at step 10, beside a loss of 0\.6 that was still finite\.$/,
  },
  {
    name: 'predictions that it did not break',
    records: numbered(
      { loss: 0.6, grad_norm: NAN, logits: LOGITS, labels: LABELS },
      { loss: NAN, grad_norm: NAN, logits: LOGITS, labels: LABELS },
    ),
    cause: null,
    firstSign: /^grad_norm was NaN at step 0/,
  },
  {
    name: 'without a norm, an ignored row of −∞ in the batch before',
    records: numbered(
      { loss: 0.6, logits: LOGITS, labels: LABELS },
      { loss: 0.6, logits: [...LOGITS, CLOSED], labels: [...LABELS, -100] },
      BROKEN,
    ),
    cause: 'R9-nan-in-model strong',
    firstSign: /^In the batch before, of step 10, 1 of 4 rows \(row 3\) had only −∞ for logits, whose softmax is 0\/0/,
  },
  {
    name: 'a logit of exactly 0 in it',
    records: numbered(
      { loss: 0.6, logits: LOGITS.map((row, at) => (at === 1 ? [-2.5, 0, -1.5] : row)), labels: LABELS },
      BROKEN,
    ),
    cause: 'R9-nan-in-model strong',
    firstSign: /^In the batch before, of step 0, 1 of 3 rows \(row 1\) had a logit of exactly 0 for the true class/,
  },
  {
    name: 'a head that begins with zeros says nothing',
    records: numbered({ loss: Math.log(3), logits: LOGITS.map((row) => row.map(() => 0)), labels: LABELS }, BROKEN),
    cause: 'R9-nan-in-model strong',
    firstSign: null,
  },
  {
    name: 'a probability of exactly 1 in it',
    records: numbered(
      { loss: 0.4, probs: [0.5512345678901234, 1, 0.3312345678901234], labels: [1, 1, 0] },
      { loss: NAN, probs: [NAN, NAN, NAN], labels: [1, 1, 0] },
    ),
    cause: 'R9-nan-in-model strong',
    firstSign:
      /^In the batch before, of step 0, 1 of 3 rows \(row 1\) had a probability of exactly 1 for the true class\.$/,
  },
  {
    name: 'one that is printed so in a log of few decimals',
    records: numbered(
      { loss: 0.4, probs: [0.5512, 1, 0.3312], labels: [1, 1, 0] },
      { loss: NAN, probs: [NAN, NAN, NAN], labels: [1, 1, 0] },
    ),
    cause: 'R9-nan-in-model strong',
    firstSign: null,
  },
]

describe('the step before a loss that is not finite', () => {
  for (const { name, records, cause, firstSign } of CASES) {
    test(name, () => {
      const alert = new WatchedRun().read('train.jsonl', jsonLines(...records), true).alert('non-finite')
      const told = alert.cause?.code == null ? null : `${alert.cause.code} ${alert.cause.confidence}`
      if (cause === null) expect(told ?? '').not.toMatch(/^R28/)
      else expect(told).toBe(cause)
      if (firstSign === null) expect(alert.firstSign).toBeNull()
      else expect(alert.firstSign).toMatch(firstSign)
    })
  }

  test('a loss whose NaN is hidden behind a 0', () => {
    const records = [...norms(2.5, 3.1, NAN), ...Array.from({ length: 12 }, () => ({ loss: 0, grad_norm: NAN }))]
    const alert = new WatchedRun().read('train.jsonl', jsonLines(...numbered(...records)), true).alert('masked-nan')
    expect(alert).toMatchObject({
      severity: 'critical',
      firstSign:
        'The first sign was at step 20: non-finite, grad_norm at NaN. It began before: step 30: the log hides a NaN in loss. ' +
        'grad_norm was NaN at step 20, beside a loss of 1.4 that was still finite.',
      cause: { code: 'R28-nan-gradient', confidence: 'strong' },
    })
  })

  test('norms of a mixed precision that looks for its scale break nothing', () => {
    const records = numbered(...norms(INF, INF, INF, 1.5, 1.4, 1.3, 1.2, 1.3, 1.4, 1.3, 1.2, 1.3, 1.2, 1.4))
    const { alerts } = new WatchedRun().read('train.jsonl', jsonLines(...records), true)
    expect(alerts.map(({ severity, cause }) => [severity, cause?.code])).toEqual([['info', null]])
  })
})
