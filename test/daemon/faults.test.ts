import { expect, test } from 'vitest'
import { FAULTS } from '../tail/nth-call.ts'
import { tempFolder } from '../temp-folder.ts'
import { playWithFault } from './faults.ts'

const NEVER = Number.MAX_SAFE_INTEGER
const HARMLESS = { lost: 0, doubled: 0, torn: 0, wrongGaps: 0 }

/** One of so many calls; the soak `faults` takes each of them, with each fault. */
const STRIDE = 9

test('whichever call to the file system fails, nothing is lost, doubled, torn or wrongly told of as a gap', async () => {
  const folder = await tempFolder()
  const { calls, problems } = await playWithFault(folder, NEVER, 'EIO')
  expect(problems).toBe(0)
  for (let n = 1; n <= calls; n += STRIDE) {
    const fault = FAULTS[n % FAULTS.length]!
    expect(await playWithFault(folder, n, fault), `${fault} at call ${n}`).toMatchObject(HARMLESS)
  }
}, 120_000)
