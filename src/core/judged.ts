import type { Transition } from './alerts/incident.ts'
import type { PlacedBatch, PlacedMask, PlacedSample, SampleMove } from './commit.ts'
import type { FileState } from './file-state.ts'
import type { RunMemory } from './runs/memory.ts'

/** What the records of one read came to. */
export interface Judged {
  readonly file: FileState
  readonly memory: RunMemory
  readonly samples: readonly PlacedSample[]
  readonly moves: readonly SampleMove[]
  readonly batches: readonly PlacedBatch[]
  readonly masks: readonly PlacedMask[]
  readonly transitions: readonly Transition[]
}
