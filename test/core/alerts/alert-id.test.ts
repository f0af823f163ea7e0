import { expect, test } from 'vitest'
import { alertId } from '../../../src/core/alerts/alert-id.ts'

test('an id is the same for the same parts, and is kept from one version to the next', () => {
  expect(alertId('exp7', 'non-finite', 0, 812, 4000)).toBe(alertId('exp7', 'non-finite', 0, 812, 4000))
  expect(alertId('exp7', 'non-finite', 0, 812, 4000)).toMatchInlineSnapshot(`"0ppxzier0hl"`)
})

test('an id is another for other parts, and for the same parts cut elsewhere', () => {
  const ids = [alertId('ab', 'c'), alertId('a', 'bc'), alertId('abc'), alertId('ab', 'c', null), alertId('ab', 'c', 0)]
  expect(new Set(ids).size).toBe(ids.length)
})

test('ids of neighbouring steps do not collide', () => {
  const ids = Array.from({ length: 20_000 }, (_, step) => alertId('exp7', 'spike', 0, step, step * 57))
  expect(new Set(ids).size).toBe(ids.length)
})

test('an id is letters and digits, fit for an address and a key', () => {
  for (let step = 0; step < 1000; step++) expect(alertId('run/ü', step)).toMatch(/^[0-9a-z]{11}$/)
})
