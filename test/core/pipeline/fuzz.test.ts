import { expect, test } from 'vitest'
import { fuzz } from '../../../bench/soak/fuzz.ts'

test('no damaged or random line makes the reader throw', () => {
  const { counts } = fuzz(20_000, () => undefined)
  expect(counts['uncaught']).toBe(0)
})
