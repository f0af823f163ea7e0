import { expect, test } from 'vitest'
import { kills } from '../../bench/soak/kills.ts'

test('a daemon that is killed again and again stores each line once, and judges as one that never was', async () => {
  const { counts } = await kills({ cycles: 30, files: 3, linesEach: 100 }, () => undefined)
  expect(counts).toEqual({ lost: 0, doubled: 0, torn: 0, disordered: 0, corrupt: 0, different: 0 })
}, 120_000)
