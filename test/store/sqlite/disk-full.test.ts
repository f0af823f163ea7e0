import { expect, test } from 'vitest'
import { canMount, diskFull } from '../../../bench/soak/disk-full.ts'

// A disk that is really full takes a file system of its own, and the right to mount one.
test.skipIf(!canMount())(
  'a full disk delays rows and hides no alert, and what was delayed is stored once',
  async () => {
    const { counts, figures } = await diskFull(4, () => undefined)
    expect(counts).toEqual({ lost: 0, doubled: 0, disagreeing: 0, untold: 0, unstored: 0, stuck: 0 })
    expect(figures['refused']).toBeGreaterThanOrEqual(4)
  },
  60_000,
)
