import type { BatchEvidence } from '../diagnose/diagnosis.ts'
import { symptomsOfSequences } from '../measure/symptoms.ts'
import type { ScalarsRecord } from '../records/format.ts'
import { failedLossOf, type RunMemory } from '../state/run-memory.ts'

/** What the sequences of a record may explain: a target that does not fit has an infinite loss. Null where all fit. */
export function evidenceOfSequences(
  { step, offset, sequences }: ScalarsRecord,
  file: string,
  attempt: number,
  memory: RunMemory,
): BatchEvidence | null {
  if (sequences === undefined || sequences.longTarget === null) return null
  const measure = symptomsOfSequences(sequences, sequences.longTarget)
  const place = { file, step, attempt, offset, reportedLoss: null }
  return { ...place, measure, reportedLoss: failedLossOf(memory, place), lossSearch: null }
}
