import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { play, schedules as randomSchedules } from '../../test/tail/file-schedule.ts'
import type { Outcome, Tell } from './promise.ts'

const SEED = 1
/** Schedules made at a time, and files of one folder. */
const GROUP = 500

/** Plays random file schedules with the production follower, half of them with restarts. */
export async function schedules(count: number, tell: Tell): Promise<Outcome> {
  const counts = { lost: 0, doubled: 0, torn: 0, wrongGaps: 0 }
  const startedMs = Date.now()
  for (let done = 0; done < count; done += GROUP) {
    const folder = await mkdtemp(join(tmpdir(), 'nanwatch-schedules-'))
    try {
      const group = fc.sample(randomSchedules, { seed: SEED + done, numRuns: Math.min(GROUP, count - done) })
      for (const [i, steps] of group.entries()) {
        // Without restarts the reader knows more, and must lose less.
        const played = i % 2 === 0 ? steps : steps.filter(([name]) => name !== 'restart')
        const outcome = await play(join(folder, `${i}.log`), played)
        for (const name of ['lost', 'doubled', 'torn', 'wrongGaps'] as const) {
          if (outcome[name] > 0) tell(`seed ${SEED + done}, schedule ${i}: ${name} ${outcome[name]}`)
          counts[name] += outcome[name]
        }
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    if ((done / GROUP) % 10 === 9) tell(`${done + GROUP} of ${count}`)
  }
  return { counts, figures: { schedules: count, seconds: Math.round((Date.now() - startedMs) / 1000) } }
}
