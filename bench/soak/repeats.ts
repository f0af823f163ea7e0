import { isDeepStrictEqual } from 'node:util'
import { MODES } from '../../test/ported/modes.ts'
import { expectedOf, playCase } from '../../test/ported/ported.ts'
import { TABLE } from '../../test/ported/table.ts'
import type { Outcome, Tell } from './promise.ts'

/** A play waits more than it works. */
const AT_ONCE = 12
/** Files that are given a number that was another one's are rarer in the table than truncations, and harder to tell. */
const INODE_SHARE = 4
const INODES = /deleted and made again|given the inode/

/** Plays every case of truncation `repeats` times in each mode, and those of inodes that are given out again four times as often. */
export async function repeats(repeats: number, tell: Tell): Promise<Outcome> {
  const ported = Object.values(TABLE).flat()
  const inodes = ported.filter(({ name }) => INODES.test(name))
  const plays = [...timesOver(repeats, TABLE['Truncation'] ?? []), ...timesOver(repeats * INODE_SHARE, inodes)].flatMap(
    (one) => MODES.map((mode) => ({ one, mode })),
  )
  const startedMs = Date.now()
  let [wrong, done] = [0, 0]
  const playOn = async () => {
    for (let next = plays.shift(); next !== undefined; next = plays.shift()) {
      const { one, mode } = next
      const found = await playCase(one, mode)
      if (!isDeepStrictEqual(found, expectedOf(one))) {
        wrong++
        tell(`${one.name}, ${mode.name}: ${JSON.stringify(found)}`)
      }
      if (++done % 500 === 0) tell(`${done} plays`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, playOn))
  return {
    counts: { wrong },
    figures: {
      plays: done,
      ofInodes: inodes.length * repeats * INODE_SHARE * MODES.length,
      seconds: secondsSince(startedMs),
    },
  }
}

function timesOver<T>(times: number, items: readonly T[]): readonly T[] {
  return Array.from({ length: times }, () => items).flat()
}

function secondsSince(startedMs: number): number {
  return Math.round((Date.now() - startedMs) / 1000)
}
