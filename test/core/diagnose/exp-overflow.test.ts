import { describe, expect, test } from 'vitest'
import { jsonLines, WatchedRun } from '../pipeline/watched-run.ts'

type Row = Readonly<Record<string, unknown>>

const NAN = 'NaN'
const INF = 'Infinity'
/** The record three times with steps, and then as it is at the end. */
const ending = (usual: Row, end: Row) => [0, 1, 2].map((step): Row => ({ step, ...usual })).concat({ step: 3, ...end })
const POLICY = { loss: 0.5, policy_loss: 0.125, value_loss: 0.75, approx_kl: 0.03125, entropy: 1.25, reward: 2 }

const POLICIES = [
  {
    name: 'the ratio of a policy',
    records: ending(POLICY, { ...POLICY, loss: NAN, policy_loss: INF, approx_kl: INF }),
    firstSign:
      'policy_loss is Infinity, approx_kl is Infinity, value_loss is still 0.75, entropy is still 1.25: the terms to look at are policy_loss and approx_kl.',
  },
  {
    name: 'a divergence alone beside the reward of a policy',
    records: ending({ loss: 0.1, reward: 0.5, kl: 2.5 }, { loss: INF, reward: 0.625, kl: INF }),
    firstSign: null,
  },
  {
    name: 'learning from preferences',
    records: ending(
      { loss: 0.5, 'rewards/chosen': 0.5, 'rewards/rejected': 0.25, kl: 2.5 },
      { loss: INF, 'rewards/chosen': 0.5, 'rewards/rejected': 0.25, kl: INF },
    ),
    firstSign: null,
  },
]

describe('an infinite divergence or loss of a policy is the exponential of a log-ratio', () => {
  for (const { name, records, firstSign } of POLICIES) {
    test(name, () => {
      const { alerts } = new WatchedRun().read('train.jsonl', jsonLines(...records), true)
      const alert = alerts.find(({ rule, metric }) => rule === 'non-finite' && metric === 'loss')
      expect(alert).toMatchObject({ cause: { code: 'R34-exp-overflow', confidence: 'likely' }, firstSign })
    })
  }

  test('and where there is no policy a term of the loss', () => {
    const usual = { loss: 1.5, recon_loss: 1, kl: 0.5 }
    const records = ending(usual, { ...usual, loss: INF, kl: INF })
    const { cause } = new WatchedRun().read('train.jsonl', jsonLines(...records), true).alert('non-finite')
    expect(cause?.code).toBe('R33-other-term')
  })
})

describe('an infinite perplexity', () => {
  const alertsOf = (...records: readonly Row[]) =>
    new WatchedRun()
      .read('train.jsonl', jsonLines(...records), true)
      .alerts.map(({ severity, cause }) => [severity, cause?.code ?? null])

  test('is the exponential of the loss beside it, which is finite', () => {
    const usual = { loss: 912.5, nll_loss: 911.25, ppl: INF }
    expect(alertsOf({ step: 0, ...usual }, { step: 1, ...usual })).toEqual([['info', 'R34-exp-overflow']])
  })

  test('of held-out data at the first evaluation is noted', () => {
    const first = { epoch: 0, train_loss: 7.5, val_loss: 96.5, val_ppl: INF }
    const later = { epoch: 1, train_loss: 5.5, val_loss: 5.75, val_ppl: 314.2 }
    expect(alertsOf(first, later)).toEqual([['info', 'R34-exp-overflow']])
  })

  test('beside a loss that exp does not overflow at is not explained by it', () => {
    expect(alertsOf({ step: 0, loss: 9.5, ppl: INF })).toEqual([['info', null]])
  })

  test('is noted where it is the only loss of the file, until it stays', () => {
    const first = { epoch: 0, train_ppl: INF, acc: 0.1 }
    const of = (epoch: number, train_ppl: number | string) => ({ epoch, train_ppl, acc: 0.1 })
    expect(alertsOf(first, of(1, 700), of(2, 500)).map(([severity]) => severity)).toEqual(['info'])
    expect(alertsOf(first, of(1, INF), of(2, INF)).map(([severity]) => severity)).toEqual(['critical'])
  })

  test('of a divergence whose run goes on is noted, without a cause', () => {
    const row = (step: number, kl: number | string) => ({ step, loss: 0.1 + step / 100, reward: 0.5, kl })
    expect(alertsOf(row(0, 0.5), row(1, INF), row(2, 0.5), row(3, 0.25))).toEqual([['info', null]])
  })

  test('does not explain a loss that fails later', () => {
    const usual = { loss: 97.5, ppl: INF }
    const alert = new WatchedRun()
      .read(
        'train.jsonl',
        jsonLines({ step: 0, ...usual }, { step: 1, ...usual }, { step: 2, loss: NAN, ppl: NAN }),
        true,
      )
      .alert('non-finite')
    expect(alert).toMatchObject({ severity: 'critical', cause: { code: 'C29-nan-loss' }, firstSign: null })
  })
})
