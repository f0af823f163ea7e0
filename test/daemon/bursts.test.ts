import { expect, test } from 'vitest'
import { burst } from '../../bench/soak/burst.ts'

const NEVER_MS = 600_000

const MODES = [
  { name: 'events alone lead to', hasEvents: true, sweepMs: NEVER_MS },
  { name: 'the sweep alone leads to', hasEvents: false, sweepMs: 100 },
]

for (const { name, ...mode } of MODES) {
  test(`${name} the last line of every burst`, async () => {
    const { counts } = await burst({ ...mode, files: 10, patienceMs: 10_000 })
    expect(counts).toEqual({ missed: 0 })
  })
}

test('a reader without a sweep is caught missing lines where events lie', async () => {
  const { counts } = await burst({ files: 10, sweepMs: NEVER_MS, hasEvents: false, patienceMs: 500 })
  expect(counts['missed']).toBeGreaterThan(0)
})
