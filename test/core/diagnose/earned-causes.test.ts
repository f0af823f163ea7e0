import { describe, expect, test } from 'vitest'
import { jsonLines, WatchedRun } from '../pipeline/watched-run.ts'

/** What may be said of a NaN, of a zero, or of a number just above 1. */
interface Case {
  readonly name: string
  readonly records: readonly object[]
  /** The losses, where they stand in a file of their own. */
  readonly losses?: readonly object[]
  /** The rule of each alert with its cause and how sure that is; `none` without one, before the candidates. */
  readonly told: readonly string[]
  readonly says?: RegExp
}

/** Probabilities in full, which a right loss follows: −ln 0.6180339887 and so on. */
const FULL = [
  [0.6180339887498949, 0.2360679774997897, 0.1458980337503154],
  [0.1458980337503154, 0.6180339887498949, 0.2360679774997897],
]
const RIGHT = -Math.log(0.6180339887498949)
const SURE = [[1, 0, 0], FULL[1]]
const healthy = (step: number) => ({ step, loss: RIGHT, probs: FULL, labels: [0, 1] })
const printed = (step: number, loss: number | string) => ({
  step,
  loss,
  probs: [
    [0.8413, 0.1587, 0],
    [0.0228, 0.9772, 0],
  ],
  labels: [0, 1],
})
const LOG_OF_PRINTED = -(Math.log(0.8413) + Math.log(0.9772)) / 2
const steps = (count: number) => Array.from({ length: count }, (_, step) => step)
const masked = (loss: number | string) => ({
  loss,
  logits: [
    [0.25, 1.75, '-Infinity'],
    [1.5, -0.75, '-Infinity'],
  ],
  labels: [1, 0],
})
/** Its cross-entropy is ln(1 + e^z). */
const exponential = (step: number, z: number, times = 1) => ({
  step,
  loss: (1 + Math.exp(z)) ** times,
  logits: [[0, z]],
  labels: [0],
})

const CASES: readonly Case[] = [
  {
    name: 'zeros of four decimals beside a NaN, for the first time',
    records: [healthy(0), printed(1, 'NaN')],
    told: ['non-finite R2 weak'],
    says: /that is printed as 0 .* printed with 4 decimals, so that any number below 0\.00005 is a 0 there/,
  },
  {
    name: 'zeros of four decimals beside a NaN, after such zeros beside a right loss',
    records: [...steps(3).map((step) => printed(step, LOG_OF_PRINTED)), printed(3, 'NaN')],
    told: ['non-finite none'],
    says: /But 3 batches before had such numbers too, and another loss .* nobody can tell/,
  },
  {
    name: 'a true class that four decimals have rounded to 0',
    records: steps(6).map((step) => ({ ...printed(step, 0), loss: undefined, labels: [0, step === 3 ? 2 : 1] })),
    told: [],
  },
  {
    name: 'nothing but zeros and ones in a log of four decimals',
    records: [
      { step: 0, probs: FULL.map((row) => row.map((p) => Number(p.toFixed(4)))), labels: [0, 1] },
      { step: 1, probs: [[1, 0, 0]], labels: [1] },
    ],
    told: [],
  },
  {
    name: 'zeros in full beside a NaN, in a log of one batch',
    records: [{ step: 7, loss: 'NaN', probs: SURE, labels: [0, 1] }],
    told: ['non-finite R2 likely'],
  },
  {
    name: 'zeros in full beside a NaN, after losses that are right',
    records: [...steps(4).map(healthy), { step: 4, loss: 'NaN', probs: SURE, labels: [0, 1] }],
    told: ['non-finite R2 strong'],
  },
  {
    name: 'zeros in full beside a NaN, after such zeros beside losses that are right',
    records: [
      ...steps(4).map((step) => ({ step, loss: RIGHT / 2, probs: SURE, labels: [0, 1] })),
      { step: 4, loss: 'NaN', probs: SURE, labels: [0, 1] },
    ],
    told: ['non-finite none'],
    says: /But at least 4 batches before/,
  },
  {
    name: 'the same with the losses in another file',
    records: [...steps(4), 4].map((step) => ({ step, probs: SURE, labels: [0, 1] })),
    losses: [...steps(4).map((step) => ({ step, loss: RIGHT / 2 })), { step: 4, loss: 'NaN' }],
    told: ['non-finite none'],
    says: /But at least 4 batches before/,
  },
  {
    name: 'zeros in full for the first time, with the losses in another file',
    records: [
      ...steps(4).map((step) => ({ step, probs: FULL, labels: [0, 1] })),
      { step: 4, probs: SURE, labels: [0, 1] },
    ],
    losses: [...steps(4).map((step) => ({ step, loss: RIGHT })), { step: 4, loss: 'NaN' }],
    told: ['non-finite R2 strong'],
  },
  {
    name: 'an exponential of the loss that overflows',
    records: [exponential(0, 2.25), { step: 1, loss: 'Infinity', logits: [[0, 117]], labels: [0] }],
    told: ['non-finite R34 strong'],
    says: /which is: exp of the mean/,
  },
  {
    name: 'an exponential of twice the loss that overflows',
    records: [exponential(0, 2.25, 2), { step: 1, loss: 'Infinity', logits: [[0, 117]], labels: [0] }],
    told: ['non-finite R34 strong'],
  },
  {
    name: 'an exponential of the loss that does not overflow',
    records: steps(8).map((step) => exponential(step, 2.25 - step / 10)),
    told: [],
  },
  {
    name: 'an infinite loss after one that nothing known gives',
    records: [
      { ...exponential(0, 2.25), loss: 7.65 },
      { step: 1, loss: 'Infinity', logits: [[0, 117]], labels: [0] },
    ],
    told: ['non-finite none R5 R13 R6 R34'],
    says: /But the loss of a batch before is another than that way gives/,
  },
  {
    name: 'a logit of −∞ at a class with target 0',
    records: [{ step: 0, ...masked('NaN') }],
    told: ['non-finite R2 likely'],
    says: /2 of 2 rows gave a class with target 0 a probability of exactly 0/,
  },
  {
    name: 'a logit of −∞ at the true class',
    records: [{ step: 0, ...masked('Infinity'), labels: [1, 2] }],
    told: ['non-finite R1 weak', 'log-zero R1 weak'],
  },
  {
    name: 'logits that overflow exp, and no NaN among them',
    records: [
      {
        step: 0,
        loss: 'NaN',
        logits: [
          [93, 2],
          [1, 3],
        ],
        labels: [0, 1],
      },
    ],
    told: ['non-finite R5 weak'],
    says: /The largest logit here is 93 in size/,
  },
  {
    name: 'a sum of probabilities that is one unit above 1',
    records: steps(8).map((step) => ({
      step,
      loss: RIGHT / 2,
      probs: [[1.0000001192092896, 0, 0], FULL[1]],
      labels: [0, 1],
    })),
    told: [],
  },
  {
    name: 'one column a unit above 1, and wrong',
    records: [{ step: 0, loss: 'NaN', probs: [1.0000001192092896, 0.41], labels: [0, 1] }],
    told: ['non-finite R1 likely', 'log-zero R1 likely'],
  },
  {
    name: 'a NaN in the targets, and no zero',
    records: [
      {
        step: 0,
        loss: 'NaN',
        probs: FULL,
        labels: [
          [0.8, 0.1, 0.1],
          ['NaN', 'NaN', 'NaN'],
        ],
      },
    ],
    told: ['non-finite R30 likely'],
  },
  {
    name: 'a NaN in rows that are ignored',
    records: steps(8).map((step) => ({
      step,
      loss: RIGHT,
      probs: [...FULL, ['NaN', 'NaN', 'NaN']],
      labels: [0, 1, -100],
    })),
    told: [],
  },
]

function toldOf({ records, losses = [] }: Case, isLossFirst: boolean) {
  const run = new WatchedRun()
  const files = [
    { name: 'preds.jsonl', lines: records },
    { name: 'loss.jsonl', lines: losses },
  ].filter(({ lines }) => lines.length > 0)
  for (const { name, lines } of isLossFirst ? files.toReversed() : files) run.read(name, jsonLines(...lines), true)
  return run.alerts
}

const brief = (code: string) => code.split('-', 1)[0]!

describe('a cause is named no surer than its evidence is', () => {
  for (const one of CASES) {
    test(one.name, () => {
      for (const isLossFirst of [false, true]) {
        const alerts = toldOf(one, isLossFirst)
        const told = alerts.map(({ rule, cause }) =>
          cause?.code == null
            ? [rule, 'none', ...(cause?.candidates ?? []).map(brief)].join(' ')
            : `${rule} ${brief(cause.code)} ${cause.confidence}`,
        )
        expect(told.toSorted()).toEqual(one.told.toSorted())
        if (one.says !== undefined) expect(alerts[0]!.why).toMatch(one.says)
      }
    })
  }
})
