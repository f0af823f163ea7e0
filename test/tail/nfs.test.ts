import { expect, test } from 'vitest'
import { playNfs } from './nfs-schedule.ts'

const SCHEDULES = 60

test('old sizes, old names, stale handles and other inodes are never taken for a truncation', async () => {
  for (let seed = 1; seed <= SCHEDULES; seed++) {
    expect(await playNfs(seed), `seed ${seed}`).toEqual({ lost: 0, doubled: 0, torn: 0, wrongGaps: 0 })
  }
}, 120_000)

test('a follower that believes all that a remote file system shows is caught reading lines twice', async () => {
  let doubled = 0
  for (let seed = 1; seed <= 20; seed++) doubled += (await playNfs(seed, false)).doubled
  expect(doubled).toBeGreaterThan(0)
})
