import { describe, expect, test } from 'vitest'
import { jsonLines, WatchedRun } from '../pipeline/watched-run.ts'

type Row = Readonly<Record<string, unknown>>

interface Case {
  readonly name: string
  readonly records: readonly Row[]
  /** The cause of the loss with how sure it is; null where no term is named. */
  readonly cause: string | null
  readonly firstSign: string | null
}

const NAN = 'NaN'
const INF = 'Infinity'
/** The record three times with steps, and then as it is at the end. */
const ending = (usual: Row, end: Row) => [0, 1, 2].map((step): Row => ({ step, ...usual })).concat({ step: 3, ...end })
const SUM = { loss: 1.75, ce_loss: 1.5, kl: 0.25 }
const PROBS = [
  [0.7310585786300049, 0.2689414213699951],
  [0.2689414213699951, 0.7310585786300049],
]
const CE = -Math.log(0.7310585786300049)
const PREDICTED = { probs: PROBS, labels: [0, 1] }
const POLICY = { loss: 0.5, policy_loss: 0.125, value_loss: 0.75, approx_kl: 0.03125, entropy: 1.25, reward: 2 }

const CASES: readonly Case[] = [
  {
    name: 'a divergence beside a cross-entropy',
    records: ending(SUM, { ...SUM, loss: NAN, kl: NAN }),
    cause: 'R33-other-term likely',
    firstSign: 'kl is NaN, ce_loss is still 1.5: the term to look at is kl.',
  },
  {
    name: 'a dice loss that is 0/0, where the file logs two more',
    records: ending(
      { loss: 2, seg_loss: 1, dice_loss: 0.5, edge_loss: 0.5 },
      { loss: NAN, seg_loss: 1, dice_loss: NAN, edge_loss: 0.5 },
    ),
    cause: 'R33-other-term likely',
    firstSign: 'dice_loss is NaN, seg_loss is still 1, edge_loss is still 0.5: the term to look at is dice_loss.',
  },
  {
    name: 'a loss of masked words that is a part beside another',
    records: ending({ loss: 7, mlm_loss: 6.5, order_loss: 0.5 }, { loss: INF, mlm_loss: 6.5, order_loss: INF }),
    cause: 'R33-other-term likely',
    firstSign: 'order_loss is Infinity, mlm_loss is still 6.5: the term to look at is order_loss.',
  },
  {
    name: 'an entropy, with predictions that give the cross-entropy',
    records: ending(
      { loss: 0.25, ce_loss: CE, entropy: 0.5, ...PREDICTED },
      { loss: NAN, ce_loss: CE, entropy: NAN, ...PREDICTED },
    ),
    cause: 'R33-other-term strong',
    firstSign: 'entropy is NaN, ce_loss is still 0.3133: the term to look at is entropy.',
  },
  {
    name: 'an entropy beside sound predictions alone',
    records: ending({ loss: 0.25, entropy: 0.5, ...PREDICTED }, { loss: NAN, entropy: NAN, ...PREDICTED }),
    cause: 'R33-other-term likely',
    firstSign: null,
  },
  {
    name: 'a divergence that broke in the record before',
    records: [
      { step: 2, ...SUM },
      { step: 3, ...SUM, kl: INF },
      { step: 4, ...SUM, loss: NAN, kl: NAN },
    ],
    cause: 'R33-other-term likely',
    firstSign: 'kl has not been finite since step 3, ce_loss is still 1.5: the term to look at is kl.',
  },
  {
    name: 'one that was infinite beside many finite losses is no part of them',
    records: ending({ ...SUM, kl: INF }, { ...SUM, loss: NAN, kl: INF }),
    cause: null,
    firstSign: 'kl has not been finite since step 0, ce_loss is still 1.5: the term to look at is kl.',
  },
  {
    name: 'one that was infinite once, and finite since',
    records: [
      { step: 0, ...SUM, kl: INF },
      { step: 1, ...SUM },
      { step: 2, ...SUM, loss: NAN, ce_loss: NAN },
    ],
    cause: null,
    firstSign: 'ce_loss is NaN, kl is still 0.25: the term to look at is ce_loss.',
  },
  {
    name: 'the same where it breaks again with the loss',
    records: [
      { step: 0, ...SUM, kl: INF },
      { step: 1, ...SUM },
      { step: 2, ...SUM, loss: NAN, kl: NAN },
    ],
    cause: 'R33-other-term likely',
    firstSign: 'kl is NaN, ce_loss is still 1.5: the term to look at is kl.',
  },
  {
    name: 'a term that is switched off shows nothing of the others',
    records: ending({ ...SUM, aux_loss: 0 }, { loss: NAN, ce_loss: NAN, kl: NAN, aux_loss: 0 }),
    cause: null,
    firstSign: 'ce_loss is NaN, kl is NaN, aux_loss is still 0: the terms to look at are ce_loss and kl.',
  },
  {
    name: 'a mean over the last losses is no term',
    records: ending({ loss: 1.75, loss_avg: 1.75, kl: 0.25 }, { loss: NAN, loss_avg: 1.75, kl: NAN }),
    cause: null,
    firstSign: null,
  },
  {
    name: 'a score of dice and a ratio are finite where all else is NaN',
    records: ending({ loss: 1.75, kl: 0.25, dice: 0.8, ratio: 1 }, { loss: NAN, kl: NAN, dice: 0.5, ratio: 1 }),
    cause: null,
    firstSign: null,
  },
  {
    name: 'a score of dice that is 0/0 as its loss is',
    records: ending({ loss: 1.75, ce: 1.25, dice: 0.5 }, { loss: NAN, ce: 1.25, dice: NAN }),
    cause: 'R33-other-term likely',
    firstSign: 'dice is NaN, ce is still 1.25: the term to look at is dice.',
  },
  {
    name: 'a coefficient and a norm are no terms, and nor is what is measured on held-out data',
    records: ending(
      { loss: 1.75, kl_coef: 0.1, aux_norm: 1, val_kl: 0.5 },
      { loss: NAN, kl_coef: 0.1, aux_norm: NAN, val_kl: 0.5 },
    ),
    cause: null,
    firstSign: null,
  },
  {
    name: 'predictions that are NaN as well',
    records: ending(
      { ...SUM, ...PREDICTED },
      { ...SUM, loss: NAN, kl: NAN, probs: [[NAN, NAN], PROBS[1]], labels: [0, 1] },
    ),
    cause: null,
    firstSign: 'kl is NaN, ce_loss is still 1.5: the term to look at is kl.',
  },
  {
    name: 'a value of a policy that is NaN is no exponential',
    records: ending(POLICY, { ...POLICY, loss: NAN, value_loss: NAN }),
    cause: 'R33-other-term likely',
    firstSign:
      'value_loss is NaN, policy_loss is still 0.125, approx_kl is still 0.03125, entropy is still 1.25: the term to look at is value_loss.',
  },
  {
    name: 'weights of a policy that are NaN',
    records: ending(POLICY, { ...POLICY, loss: NAN, policy_loss: NAN, value_loss: NAN, approx_kl: NAN, entropy: NAN }),
    cause: null,
    firstSign: null,
  },
]

describe('which term of a loss is not finite', () => {
  for (const { name, records, cause, firstSign } of CASES) {
    test(name, () => {
      const { alerts } = new WatchedRun().read('train.jsonl', jsonLines(...records), true)
      const alert = alerts.find(({ rule, metric }) => rule === 'non-finite' && metric === 'loss')!
      const told = alert.cause?.code == null ? null : `${alert.cause.code} ${alert.cause.confidence}`
      if (cause === null) expect(told ?? '').not.toMatch(/^R33/)
      else expect(told).toBe(cause)
      expect(alert.firstSign).toBe(firstSign)
    })
  }
})
