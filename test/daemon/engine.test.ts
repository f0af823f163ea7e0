import { getHeapSpaceStatistics } from 'node:v8'
import { expect, onTestFinished, test } from 'vitest'
import { NewSpace } from '../../src/daemon/engine.ts'

const MIB = 1024 * 1024

function newSpaceBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')!.space_size
}

/** Makes objects that live through a few collections, as those of a round do. */
function churn(rounds: number, newSpace: NewSpace): void {
  let kept: object[] = []
  for (let round = 0; round < rounds; round++) {
    kept = Array.from({ length: 20_000 }, (_, i) => ({ round, i, of: [i] }))
    newSpace.afterRound(true)
  }
  expect(kept).toHaveLength(20_000)
}

test('the space of new objects grows while there is much to read, and not without bound', () => {
  const newSpace = new NewSpace()
  onTestFinished(() => newSpace.afterRound(false))
  newSpace.afterRound(false)
  churn(400, newSpace)
  // One that is larger from the start, as in a process of tests, stays as it is.
  const grown = newSpaceBytes()
  expect(grown).toBeGreaterThanOrEqual(8 * MIB)
  expect(grown).toBeLessThanOrEqual(64 * MIB)
  newSpace.afterRound(false)
  churn(7, newSpace)
  expect(newSpaceBytes()).toBeLessThanOrEqual(grown)
})
