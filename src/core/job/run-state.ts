import type { RunState } from '../../protocol/run.ts'
import type { Ending } from './ending.ts'

export interface RunFacts {
  /** Whether a critical alert is firing. */
  readonly critical: boolean
  readonly ending: Ending | null
  /** Milliseconds since bytes last arrived. */
  readonly quietMs: number
}

/** The state of a run, as docs/architecture.md defines it. */
export function runState({ critical, ending, quietMs }: RunFacts, idleAfterMs: number): RunState {
  if (ending === 'crashed') return 'crashed'
  if (critical) return 'failed'
  if (ending === 'finished') return 'finished'
  return quietMs >= idleAfterMs ? 'idle' : 'running'
}
