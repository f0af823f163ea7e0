import { playNfs } from '../../test/tail/nfs-schedule.ts'
import type { Outcome, Tell } from './promise.ts'

/** Follows files of a network file system in memory that shows old sizes and names, stale handles and other inodes. */
export async function nfs(schedules: number, tell: Tell): Promise<Outcome> {
  const counts = { lost: 0, doubled: 0, torn: 0, wrongGaps: 0 }
  const startedMs = Date.now()
  for (let seed = 1; seed <= schedules; seed++) {
    const outcome = await playNfs(seed)
    for (const name of ['lost', 'doubled', 'torn', 'wrongGaps'] as const) {
      if (outcome[name] > 0) tell(`seed ${seed}: ${name} ${outcome[name]}`)
      counts[name] += outcome[name]
    }
    if (seed % 1000 === 0) tell(`${seed} of ${schedules}`)
  }
  return { counts, figures: { schedules, seconds: Math.round((Date.now() - startedMs) / 1000) } }
}
