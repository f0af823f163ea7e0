import { createHash } from 'node:crypto'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Cursor } from '../../src/core/reading/cursor.ts'
import { tempFolder } from '../temp-folder.ts'
import { play, schedules } from './file-schedule.ts'

const SEED = 20260301
const HASH_OF_NOTHING = createHash('sha256').update('').digest('hex').slice(0, 32)

test('no order of appending, rotating, truncating and restarting loses or doubles a line that could be read', async () => {
  const folder = await tempFolder()
  let files = 0
  await fc.assert(
    fc.asyncProperty(schedules, async (steps) => {
      const counts = await play(join(folder, `${files++}.log`), steps)
      expect(counts).toEqual({ lost: 0, doubled: 0, torn: 0, wrongGaps: 0 })
    }),
    { seed: SEED, numRuns: 200 },
  )
})

/** What a reader would remember that is content with the inode and the size. */
function withoutHashes(cursor: Cursor): Cursor {
  return { ...cursor, headBytes: 0, headHash: HASH_OF_NOTHING, anchorBytes: 0, anchorHash: HASH_OF_NOTHING }
}

test('a reader that remembers no hash of the head and the anchor is caught losing lines', async () => {
  const folder = await tempFolder()
  let lost = 0
  for (const [i, steps] of fc.sample(schedules, { seed: SEED, numRuns: 60 }).entries()) {
    lost += (await play(join(folder, `${i}.log`), steps, withoutHashes)).lost
  }
  expect(lost).toBeGreaterThan(0)
})
