import type { Transition } from '../alerts/incident.ts'
import type { FileState } from '../state/file-state.ts'
import type { RunMemory } from '../state/run-memory.ts'
import type { PlacedBatch, PlacedSample, SampleMove } from './commit.ts'

/** The result of folding the records of one read. */
export interface FoldedRecords {
  readonly file: FileState
  readonly memory: RunMemory
  readonly samples: readonly PlacedSample[]
  readonly moves: readonly SampleMove[]
  readonly batches: readonly PlacedBatch[]
  readonly transitions: readonly Transition[]
}
