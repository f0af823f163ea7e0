import { expect, test } from 'vitest'
import { readers } from '../../../bench/soak/readers.ts'

test('readers, one of them slow, are never told to wait, and the write-ahead log stays bounded', async () => {
  const { counts } = await readers({ readers: 2, holdMs: 2000, seconds: 6 }, () => undefined)
  expect(counts).toEqual({ failed: 0, walTooLong: 0, missing: 0, unanswered: 0 })
}, 60_000)
