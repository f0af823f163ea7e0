import { expect, test } from 'vitest'
import { changedAlerts } from '../../src/cli/changed-alerts.ts'
import type { Alert } from '../../src/protocol/alert.ts'

function alert(id: string, about: Partial<Alert>): Alert {
  return { id, rule: 'spike', severity: 'warning', step: 0, attempt: 0, signs: [], ...about } as Alert
}

function changes(before: readonly Alert[], after: readonly Alert[]): string[] {
  return changedAlerts(before, after).map((one) => `${one.change} ${one.before?.id ?? ''}>${one.after?.id ?? ''}`)
}

test('an alert of the same id is the same, unless its severity is another', () => {
  const a = alert('a', { step: 5 })
  expect(changes([a], [a])).toEqual(['same a>a'])
  expect(changes([a], [{ ...a, severity: 'critical' }])).toEqual(['moved a>a'])
})

test('an alert of the same rule and attempt has moved, to the nearest', () => {
  const before = [alert('far', { step: 900 }), alert('near', { step: 110 })]
  expect(changes(before, [alert('new', { step: 100 })])).toEqual(['moved near>new', 'gone far>'])
})

test('a failure that is seen by fewer rules has moved', () => {
  const sign = { id: 'spike', severity: 'warning' as const, file: 'train.log', metric: 'loss', step: 806 }
  const signs = (['spike', 'non-finite'] as const).map((rule) => ({ ...sign, rule }))
  const before = [alert('spike', { step: 812, rule: 'non-finite', signs })]
  expect(changes(before, [alert('nan', { step: 812, rule: 'non-finite' })])).toEqual(['moved spike>nan'])
  expect(changes(before, [alert('jump', { step: 806 })])).toEqual(['moved spike>jump'])
})

test('an alert of another rule or attempt is another one', () => {
  const before = [alert('a', { step: 5 })]
  expect(changes(before, [alert('b', { step: 5, rule: 'exploding' })])).toEqual(['added >b', 'gone a>'])
  expect(changes(before, [alert('b', { step: 5, attempt: 1 })])).toEqual(['added >b', 'gone a>'])
})

test('they come in the order of their steps', () => {
  const at = (id: string, step: number) => alert(id, { step, attempt: step })
  expect(changes([at('c', 3), at('a', 1)], [at('b', 2), at('a', 1)])).toEqual(['same a>a', 'added >b', 'gone c>'])
})
