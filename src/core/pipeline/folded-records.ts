import type { Transition } from '../alerts/incident.ts'
import type { FileState } from '../state/file-state.ts'
import type { RunMemory } from '../state/run-memory.ts'
import type { PlacedBatch, SampleMove } from './commit.ts'
import type { SampleList } from './samples.ts'

/** The result of folding the records of one read. */
export interface FoldedRecords {
  readonly file: FileState
  readonly memory: RunMemory
  readonly samples: SampleList
  readonly moves: readonly SampleMove[]
  readonly batches: readonly PlacedBatch[]
  readonly transitions: readonly Transition[]
}
