import type { RunStatus } from '../../protocol/run.ts'
import type { RunMemory } from './run-memory.ts'

/** A run as the store keeps it. */
export interface SavedRun extends RunStatus {
  readonly run: string
  readonly memory: RunMemory
  readonly backfill: boolean
  readonly lastReadAt: string
}

/** The status of a run of which nothing was read yet. */
export const NOT_JUDGED: RunStatus = { state: 'starting', stateSince: null, stateKnownBy: null, stateReason: null }
