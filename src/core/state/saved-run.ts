import type { RunState } from '../../protocol/run.ts'
import type { RunMemory } from './run-memory.ts'

/** A run as the store keeps it. */
export interface SavedRun {
  readonly run: string
  readonly memory: RunMemory
  readonly state: RunState
  readonly backfill: boolean
  readonly lastReadAt: string
}
