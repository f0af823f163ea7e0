import { expect, test } from 'vitest'
import { flips } from '../../../bench/soak/flips.ts'

test('no flipped byte of the database changes a sample for good or keeps it from opening', async () => {
  const { counts, figures } = await flips(40, () => undefined)
  expect(counts).toEqual({ unnoticed: 0, unusable: 0 })
  expect(figures['byChecksum']).toBeGreaterThan(0)
}, 60_000)
