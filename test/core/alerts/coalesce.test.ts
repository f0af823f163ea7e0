import { expect, test } from 'vitest'
import { owedNotifications } from '../../../src/core/alerts/announce.ts'
import { coalesce } from '../../../src/core/alerts/coalesce.ts'
import type { Transition } from '../../../src/core/alerts/incident.ts'
import type { Alert } from '../../../src/protocol/alert.ts'

function transition(kind: Transition['kind'], alert: Partial<Alert> = {}, isNews = true): Transition {
  const state = kind === 'resolved' ? 'resolved' : 'firing'
  return {
    kind,
    alert: {
      id: 'a',
      state,
      severity: 'warning',
      headline: kind,
      firstSign: null,
      why: '',
      cause: null,
      partOf: null,
      ...alert,
    } as Alert,
    isNews,
  }
}

const cases: readonly {
  readonly name: string
  readonly kinds: readonly Transition['kind'][]
  readonly merged: Transition['kind']
}[] = [
  { name: 'opened and explained at once is opened', kinds: ['firing', 'updated'], merged: 'firing' },
  { name: 'opened and over at once is over', kinds: ['firing', 'updated', 'resolved'], merged: 'resolved' },
  { name: 'updated and over is over', kinds: ['updated', 'resolved'], merged: 'resolved' },
  { name: 'over and then explained is over', kinds: ['resolved', 'updated'], merged: 'resolved' },
  { name: 'updated twice is updated', kinds: ['updated', 'updated'], merged: 'updated' },
]

for (const { name, kinds, merged } of cases) {
  test(`an alert that was ${name}`, () => {
    const transitions = kinds.map((kind, index) => transition(kind, { headline: `${index}` }))
    expect(coalesce(transitions)).toEqual([
      { ...transitions.at(-1), kind: merged, alert: transitions.at(-1)?.alert, isNews: true },
    ])
  })
}

test('what was news stays news, though a later part of it is none', () => {
  expect(coalesce([transition('firing'), transition('updated', {}, false)])).toMatchObject([{ isNews: true }])
  expect(coalesce([transition('firing', {}, false), transition('updated', {}, false)])).toMatchObject([
    { isNews: false },
  ])
})

test('alerts are told in the order in which they began', () => {
  const merged = coalesce([
    transition('firing', { id: 'a' }),
    transition('firing', { id: 'b' }),
    transition('resolved', { id: 'a' }),
  ])
  expect(merged.map(({ kind, alert }) => `${kind} ${alert.id}`)).toEqual(['resolved a', 'firing b'])
})

test('every sink is owed the news and nothing else', () => {
  const owed = owedNotifications(
    [transition('firing', { id: 'a' }), transition('updated', { id: 'b' }, false)],
    ['slack', 'mail'],
  )
  expect(owed.map(({ sink, transition: { alert } }) => `${sink} ${alert.id}`)).toEqual(['slack a', 'mail a'])
  expect(owedNotifications([transition('firing')], [])).toEqual([])
})

test('the key of a notification is the same for the same news, and another for worse, for its cause, for its end', () => {
  const keyOf = (of: Transition) => owedNotifications([of], ['slack'])[0]?.key
  const opened = keyOf(transition('firing'))
  const code = { code: 'R1-log-zero', confidence: 'proven', evidence: [], fix: '' } as const
  expect(keyOf(transition('updated', { headline: 'in other words', detectedAt: 'later' }))).toBe(opened)
  const keys = [
    opened,
    keyOf(transition('updated', { severity: 'critical' })),
    keyOf(transition('updated', { cause: code })),
    keyOf(transition('resolved')),
    keyOf(transition('firing', { id: 'b' })),
  ]
  expect(new Set(keys).size).toBe(keys.length)
})

test('an alert that became a part before anybody was told of it is told with the whole', () => {
  const part = transition('firing', { id: 'first' })
  const taken = transition('updated', { id: 'first', partOf: 'whole' } as Partial<Alert>, false)
  const whole = transition('firing', { id: 'whole' } as Partial<Alert>, false)
  expect(coalesce([part, whole, taken])).toMatchObject([
    { alert: { id: 'first' }, isNews: false },
    { alert: { id: 'whole' }, isNews: true },
  ])
  const told = transition('updated', { id: 'first', partOf: 'whole' } as Partial<Alert>, false)
  expect(coalesce([whole, told])).toMatchObject([{ isNews: false }, { isNews: false }])
})
