import { expect, test } from 'vitest'
import { sizes } from '../../bench/soak/sizes.ts'

const MIB = 1024 * 1024

test('what follows a line of 64 MiB or a hole of 300 MiB is read, and random bytes are passed over', async () => {
  const plan = { lineBytes: 64 * MIB, holeBytes: 300 * MIB, randomBytes: 8 * MIB }
  expect((await sizes(plan, () => undefined)).counts).toMatchObject({ missed: 0 })
})
