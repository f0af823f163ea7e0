import { describe, expect, test } from 'vitest'
import type { FindingPlace } from '../../../src/core/alerts/incidents.ts'
import type { Finding, Raise } from '../../../src/core/detect/finding.ts'
import type { Sighting } from '../../../src/core/detect/rule.ts'
import { messageOf } from '../../../src/protocol/alert.ts'
import { evidenceOf, logZeroFinding, nonFiniteFinding, spikeFinding } from '../diagnose/findings.ts'
import { batchOf } from '../measure/batches.ts'
import { clearing, History, PLACE } from './history.ts'

const LATER = '2026-01-01T11:00:00.000Z'
const GRADIENT: Partial<Sighting> = { metric: 'grad_norm', role: 'grad_norm' }

function nan(step: number | null, at: Partial<Sighting> = {}): Raise {
  return nonFiniteFinding({ step, ...at })
}

const ZERO = evidenceOf(batchOf('probs', [[1, 0]], [1]))

describe('an incident', () => {
  test('opens, and resolves when its series has recovered', () => {
    const history = new History().take(nan(812)).take(clearing('non-finite', { step: 822 }), { nowIso: LATER })
    expect(history.story).toEqual(['firing critical non-finite loss 812', 'resolved critical non-finite loss 812'])
    expect(history.open).toEqual([])
    expect(history.transitions[1]?.alert).toMatchObject({
      state: 'resolved',
      resolvedStep: 822,
      resolvedAt: LATER,
      detectedAt: PLACE.nowIso,
    })
  })

  test('carries what was found, where, and why', () => {
    const { alert } = new History().take(nan(812, { time: '2025-12-31T00:00:00.000Z' }), {}, ZERO).transitions[0]!
    expect(alert).toEqual({
      id: alert.id,
      run: 'exp7',
      rule: 'non-finite',
      state: 'firing',
      severity: 'critical',
      metric: 'loss',
      role: 'train_loss',
      step: 812,
      attempt: 0,
      file: 'train.log',
      offset: 4000,
      value: 'NaN',
      time: '2025-12-31T00:00:00.000Z',
      detectedAt: PLACE.nowIso,
      resolvedAt: null,
      resolvedStep: null,
      headline: 'step 812: loss is NaN.',
      firstSign: null,
      why: expect.stringMatching(/^1 of 1 row gave/),
      cause: expect.objectContaining({ code: 'R1-log-zero' }),
      signs: [],
      partOf: null,
      related: [],
      backfill: false,
    })
  })

  test('is one for each rule, whatever shows it', () => {
    const history = new History()
      .take(nan(812))
      .take(nan(813, GRADIENT))
      .take(spikeFinding(9, { level: 1, z: 20 }))
    expect(history.story).toEqual([
      'firing critical non-finite loss 812',
      'updated critical non-finite loss 812 (no news)',
      'updated critical non-finite loss 812 (no news)',
      'firing warning spike loss 812 (no news)',
    ])
    expect(history.incidents.open).toHaveLength(2)
    expect(history.incidents.open[0]?.alert.related).toEqual([{ file: 'train.log', metric: 'grad_norm', step: 813 }])
  })

  test('lists another file that shows it, and the same one not twice', () => {
    const history = new History()
      .take(nan(812))
      .take(nan(812), { file: 'valid.csv' })
      .take(nan(820), { file: 'valid.csv' })
      .take(nan(821))
    expect(history.story).toHaveLength(2)
    expect(history.incidents.open[0]?.alert.related).toEqual([{ file: 'valid.csv', metric: 'loss', step: 812 }])
  })

  test('says the same, whichever of three files that show it at one step is read first', () => {
    const files = ['a.log', 'b.log', 'c.log']
    const orders = files.flatMap((first) => {
      const others = files.filter((file) => file !== first)
      return [others, others.toReversed()].map((rest) => [first, ...rest])
    })
    const alerts = orders.map((order) => {
      const history = order.reduce((all, file) => all.take(nan(812), { file }), new History())
      return history.incidents.open[0]!.alert
    })
    expect(alerts[0]).toMatchObject({ file: 'a.log', related: [{ file: 'b.log' }, { file: 'c.log' }] })
    for (const alert of alerts) expect(alert).toEqual(alerts[0])
  })

  test('lists at most sixteen others, however many there are', () => {
    const history = new History().take(nan(812))
    for (let i = 10; i < 60; i++) history.take(nan(812, { metric: `loss_${i}` }))
    expect(history.incidents.open[0]?.alert.related).toHaveLength(16)
    expect(history.transitions).toHaveLength(17)
  })

  test('takes the worst for its headline, and what it reported before is then related', () => {
    const history = new History()
      .take(nonFiniteFinding({ ...GRADIENT, step: 811 }, 'warning'))
      .take(nonFiniteFinding({ metric: 'lr', role: 'learning_rate', step: 811 }, 'warning'))
      .take(nan(812))
    expect(history.story).toEqual([
      'firing warning non-finite grad_norm 811',
      'updated warning non-finite grad_norm 811 (no news)',
      'updated critical non-finite loss 812',
    ])
    const { alert } = history.incidents.open[0]!
    expect(alert).toMatchObject({ metric: 'loss', step: 812, id: history.transitions[0]!.alert.id })
    expect(alert.headline).toMatch(/^step 812: loss is NaN/)
    expect(alert.related).toEqual([
      { file: 'train.log', metric: 'grad_norm', step: 811 },
      { file: 'train.log', metric: 'lr', step: 811 },
    ])
  })

  test('is not related to a series that has become its headline', () => {
    const history = new History()
      .take(logZeroFinding(ZERO), { file: 'rank0.jsonl' })
      .take(logZeroFinding(ZERO), { file: 'rank1.jsonl' })
      .take(logZeroFinding(ZERO, 'critical'), { file: 'rank1.jsonl' })
    expect(history.incidents.open[0]?.alert).toMatchObject({
      file: 'rank1.jsonl',
      related: [{ file: 'rank0.jsonl', metric: 'nanwatch/cross_entropy', step: 812 }],
    })
  })

  test('is not related to itself when its own series gets worse', () => {
    const history = new History().take(logZeroFinding(ZERO)).take(logZeroFinding(ZERO, 'critical'))
    expect(history.story).toEqual([
      'firing warning log-zero nanwatch/cross_entropy 812',
      'updated critical log-zero nanwatch/cross_entropy 812',
    ])
    expect(history.incidents.open[0]?.alert.related).toEqual([])
  })

  test('does not get better before it is over', () => {
    const history = new History().take(nan(812)).take(nonFiniteFinding(GRADIENT, 'warning'))
    expect(history.incidents.open[0]?.alert).toMatchObject({ severity: 'critical', metric: 'loss' })
  })

  test('resolves when the last of its series has recovered', () => {
    const history = new History()
      .take(nan(812))
      .take(nan(812, GRADIENT))
      .take(nan(812), { file: 'metrics.csv' })
      .take(clearing('non-finite', { step: 822 }))
      .take(clearing('non-finite', { step: 822 }), { file: 'metrics.csv' })
    expect(history.open).toHaveLength(1)
    history.take(clearing('non-finite', { ...GRADIENT, step: 825 }))
    expect(history.open).toHaveLength(0)
    expect(history.transitions.at(-1)).toMatchObject({ kind: 'resolved', alert: { resolvedStep: 825 } })
  })

  test('of another rule is not resolved with it', () => {
    const history = new History().take(nan(812)).take(clearing('spike'))
    expect(history.story).toHaveLength(1)
    expect(history.open).toHaveLength(1)
  })

  test('that never was is not resolved', () => {
    expect(new History().take(clearing('non-finite')).story).toEqual([])
  })
})

describe('an incident that is over', () => {
  const over = () => new History().take(nan(812)).take(clearing('non-finite', { step: 822 }))

  test('keeps saying that it was harmless when the predictions of its step come in', () => {
    const words = { kind: 'exception', severity: 'critical', line: 'ValueError: no rows', place: null } as const
    const crash: Raise = {
      kind: 'raise',
      rule: 'crashed',
      severity: 'critical',
      at: nan(812).at,
      facts: { crash: { ...words, lines: [], offset: 0 } },
    }
    const calledOff = 'It was caught: training went on at step 813.'
    const over: Finding = { kind: 'clear', rule: 'crashed', at: nan(813).at, calledOff }
    const history = new History().take(crash).take(over)
    const why = `The code of the job raised an exception. ${calledOff}`
    expect(history.transitions.at(-1)?.alert).toMatchObject({ severity: 'info', why })
    expect(history.explain(ZERO).transitions).toHaveLength(2)
    expect(history.incidents.closed[0]?.alert.why).toBe(why)
  })

  test('is what a second file reports late', () => {
    const history = over()
      .take(nan(812), { file: 'valid.csv' })
      .take(clearing('non-finite', { step: 822 }), { file: 'valid.csv' })
    expect(history.story.slice(2)).toEqual(['updated critical non-finite loss 812 (no news)'])
    expect(history.transitions.at(-1)?.alert).toMatchObject({
      state: 'resolved',
      related: [{ file: 'valid.csv', metric: 'loss', step: 812 }],
    })
    expect(history.open).toEqual([])
  })

  test('is what a second file reports late, even while a new one of its rule is open', () => {
    const history = over().take(nan(900)).take(nan(815), { file: 'metrics.csv' })
    expect(history.incidents.open[0]?.alert).toMatchObject({ step: 900, related: [] })
    expect(history.incidents.closed[0]?.alert.related).toHaveLength(1)
  })

  test('turns out to have been worse than it seemed', () => {
    const history = new History()
      .take(logZeroFinding(ZERO), { file: 'predictions.jsonl' })
      .take(clearing('log-zero', { metric: 'nanwatch/cross_entropy', step: 822 }), { file: 'predictions.jsonl' })
      .take(logZeroFinding({ ...ZERO, reportedLoss: 'Infinity' }, 'critical'), { file: 'predictions.jsonl' })
    expect(history.story.at(-1)).toBe('updated critical log-zero nanwatch/cross_entropy 812')
    expect(history.open).toEqual([])
  })

  const fresh: readonly { readonly name: string; readonly at: Partial<Sighting> }[] = [
    { name: 'a later step', at: { step: 900 } },
    { name: 'the step at which it was over', at: { step: 822, offset: 5000 } },
    { name: 'an earlier step', at: { step: 811 } },
    { name: 'another attempt', at: { step: 812, attempt: 1 } },
    { name: 'no step at all', at: { step: null } },
  ]
  for (const { name, at } of fresh) {
    test(`does not cover ${name}: that is an incident of its own`, () => {
      const history = over().take(nonFiniteFinding(at))
      expect(history.story.slice(2).filter((line) => line.startsWith('firing'))).toHaveLength(1)
      expect(new Set(history.transitions.map(({ alert }) => alert.id)).size).toBe(2)
    })
  }

  test('without a step covers nothing', () => {
    const history = new History()
      .take(nan(null))
      .take(clearing('non-finite', { step: null }))
      .take(nan(null, { offset: 9 }))
    expect(history.open).toHaveLength(1)
    const mixed = new History()
      .take(nan(812))
      .take(clearing('non-finite', { step: null }))
      .take(nan(900))
    expect(mixed.open).toHaveLength(1)
  })

  test('covers what came after its first finding, though a worse one gave it its headline', () => {
    const history = new History()
      .take(nonFiniteFinding({ ...GRADIENT, step: 805 }, 'warning'))
      .take(nan(812))
      .take(clearing('non-finite', { ...GRADIENT, step: 820 }))
      .take(clearing('non-finite', { step: 822 }))
      .take(nonFiniteFinding({ ...GRADIENT, step: 805 }, 'warning'), { file: 'metrics.csv' })
    expect(history.open).toEqual([])
  })

  test('is forgotten after some others, so that the memory of a run stays small', () => {
    const history = new History()
    for (let step = 0; step < 100; step += 2) {
      history.take(nan(step)).take(clearing('non-finite', { step: step + 1 }))
    }
    expect(history.incidents.closed).toHaveLength(8)
    expect(history.incidents.closed.at(-1)?.alert.step).toBe(98)
  })
})

describe('the id of an alert', () => {
  const idOf = (finding: Raise, place: Partial<FindingPlace> = {}) =>
    new History().take(finding, place).transitions[0]!.alert.id

  test('is the same whenever the same bytes are read', () => {
    const late = { nowIso: LATER, backfill: true }
    expect(idOf(nan(812), late)).toBe(idOf(nan(812)))
    expect(idOf(nan(null), late)).toBe(idOf(nan(null)))
  })

  test('does not depend on what else is known', () => {
    const explained = new History().take(nan(812), {}, ZERO).transitions[0]!.alert.id
    expect(explained).toBe(idOf(nan(812)))
  })

  const others: readonly {
    readonly name: string
    readonly at?: Partial<Sighting>
    readonly place?: Partial<FindingPlace>
  }[] = [
    { name: 'run', place: { run: 'exp8' } },
    { name: 'attempt', at: { attempt: 1 } },
    { name: 'step', at: { step: 813 } },
  ]
  for (const { name, at = {}, place = {} } of others) {
    test(`differs for another ${name}`, () => expect(idOf(nonFiniteFinding(at), place)).not.toBe(idOf(nan(812))))
  }

  test('is the same whichever file of the run tells of the step first', () => {
    expect(idOf(nan(812, { offset: 4001 }), { file: 'predictions.jsonl' })).toBe(idOf(nan(812)))
  })

  test('differs for each of many incidents at the same step, as of a counter that restarts each epoch', () => {
    const history = new History()
    for (let i = 0; i < 30; i++) history.take(nan(5)).take(clearing('non-finite', { step: 5 }))
    expect(new Set(history.transitions.map(({ alert }) => alert.id)).size).toBe(30)
  })

  test('differs for another rule', () => {
    expect(idOf(spikeFinding(1, { level: 1, z: 9 }))).not.toBe(idOf(nan(812)))
  })

  test('tells files apart where the log gives no step', () => {
    expect(idOf(nan(null), { file: 'a.log' })).not.toBe(idOf(nan(null), { file: 'b.log' }))
  })
})

describe('back-fill', () => {
  const OLD = { backfill: true }

  test('is recorded and no news', () => {
    const history = new History().take(nan(812), OLD).take(clearing('non-finite'), OLD)
    expect(history.story).toEqual([
      'firing critical non-finite loss 812 (no news)',
      'resolved critical non-finite loss 812 (no news)',
    ])
    expect(history.transitions[0]?.alert.backfill).toBe(true)
  })

  test('that is over in new bytes is no news either: nobody was told of it', () => {
    const history = new History().take(nan(812), OLD).take(clearing('non-finite'))
    expect(history.story.at(-1)).toMatch(/^resolved .*\(no news\)$/)
  })

  test('that gets worse in new bytes is news from then on', () => {
    const history = new History().take(nonFiniteFinding(GRADIENT, 'warning'), OLD).take(nan(812))
    expect(history.story.at(-1)).toBe('firing critical non-finite loss 812')
    expect(history.transitions.at(-1)?.alert.backfill).toBe(false)
  })

  test('that makes an open alert worse is no news, and the alert stays what it was', () => {
    const history = new History().take(nonFiniteFinding(GRADIENT, 'warning')).take(nan(812), OLD)
    expect(history.story.at(-1)).toMatch(/\(no news\)$/)
    expect(history.transitions.at(-1)?.alert.backfill).toBe(false)
  })

  test('that is explained later is no news', () => {
    expect(new History().take(nan(812), OLD).explain(ZERO).story.at(-1)).toMatch(/^updated .*\(no news\)$/)
  })
})

describe('explaining again', () => {
  test('gives the cause when the batch arrives after the loss, as if it had been there before', () => {
    const after = new History().take(nan(812)).explain(ZERO)
    const before = new History().take(nan(812), {}, ZERO)
    expect(after.story).toEqual(['firing critical non-finite loss 812', 'updated critical non-finite loss 812'])
    expect(after.transitions[0]?.alert.cause).toMatchObject({ code: 'C29-nan-loss', confidence: 'weak' })
    expect(after.incidents).toEqual(before.incidents)
  })

  test('gives it to an incident that is over, too', () => {
    const after = new History().take(nan(812)).take(clearing('non-finite')).explain(ZERO)
    const before = new History().take(nan(812), {}, ZERO).take(clearing('non-finite'))
    expect(after.transitions.at(-1)).toMatchObject({ kind: 'updated', alert: { state: 'resolved' } })
    expect(after.incidents).toEqual(before.incidents)
  })

  test('explains the finding that gives the headline', () => {
    const after = new History().take(nonFiniteFinding(GRADIENT, 'warning')).take(nan(812)).explain(ZERO)
    expect(messageOf(after.incidents.open[0]!.alert)).toMatch(/^step 812: loss is NaN\. 1 of 1 row gave/)
  })

  test('takes back nothing when a batch of the same step shows less', () => {
    const innocent = evidenceOf(batchOf('probs', [[0.5, 0.5]], [1]), { file: 'rank1.jsonl' })
    const history = new History().take(nan(812), {}, ZERO).explain(innocent)
    expect(history.story).toHaveLength(1)
    expect(history.incidents.open[0]?.alert.cause).toMatchObject({ code: 'R1-log-zero' })
  })

  test('leaves alone what the batch is not about, though its own batch is no longer known', () => {
    const innocent = evidenceOf(batchOf('probs', [[0.5, 0.5]], [1]))
    const other = evidenceOf(batchOf('probs', [[0.5, 0.5]], [1]), { step: 900 })
    expect(new History().take(nan(812)).explain(innocent).explain(other).story).toHaveLength(2)
  })

  test('says nothing when nothing new is known', () => {
    const history = new History().take(nan(812)).explain(ZERO).explain(ZERO)
    expect(history.story).toHaveLength(2)
    expect(history.explain({ ...ZERO, step: 5 }).story).toHaveLength(2)
  })
})
