import { playEndings } from '../../test/endings/play.ts'
import type { Outcome, Tell } from './promise.ts'

/** Lets every kind of job end, hang and go on, again and again: real processes below one daemon at a time. */
export async function endings(rounds: number, tell: Tell): Promise<Outcome> {
  const startedMs = Date.now()
  const counts = { wrong: 0, falseAlarms: 0, wrongOld: 0 }
  let jobs = 0
  let latestMs = 0
  for (let round = 1; round <= rounds; round++) {
    const played = await playEndings()
    for (const kind of ['wrong', 'falseAlarms', 'wrongOld'] as const) {
      counts[kind] += played[kind].length
      for (const each of played[kind]) tell(`${kind}: ${each}`)
    }
    jobs += played.jobs
    latestMs = Math.max(latestMs, played.latestMs)
    tell(`${round} of ${rounds} rounds`)
  }
  const seconds = Math.round((Date.now() - startedMs) / 1000)
  return { counts, figures: { jobs, 'latest hang told after its bound, ms': Math.round(latestMs), seconds } }
}
