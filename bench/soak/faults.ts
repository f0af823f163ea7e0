import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { playWithFault } from '../../test/daemon/faults.ts'
import { FAULTS } from '../../test/tail/nth-call.ts'
import type { Outcome, Tell } from './promise.ts'

/** Fails each call to the file system in turn, with each fault, until a life goes by in which none is left to fail. */
export async function faults(tell: Tell): Promise<Outcome> {
  const counts = { lost: 0, doubled: 0, torn: 0, wrongGaps: 0 }
  const startedMs = Date.now()
  let lives = 0
  for (const fault of FAULTS) {
    const folder = await mkdtemp(join(tmpdir(), 'nanwatch-faults-'))
    try {
      for (let n = 1, isHit = true; isHit; n++) {
        const outcome = await playWithFault(folder, n, fault)
        isHit = outcome.calls >= n
        lives++
        for (const name of ['lost', 'doubled', 'torn', 'wrongGaps'] as const) {
          if (outcome[name] > 0) tell(`${fault} at call ${n}: ${name} ${outcome[name]}`)
          counts[name] += outcome[name]
        }
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    tell(`${fault} done, ${lives} lives`)
  }
  return { counts, figures: { lives, seconds: Math.round((Date.now() - startedMs) / 1000) } }
}
