import type { BatchEvidence } from '../diagnose/diagnosis.ts'
import { isOfHeldOutData } from '../runs/validation-files.ts'

/** Whether the predictions of a batch are of held-out data, seen from a file of the run: they say nothing of its training losses. */
export function isOfHeldOut(
  { file, isOfValidation }: Pick<BatchEvidence, 'file' | 'isOfValidation'>,
  from: string,
): boolean {
  return isOfValidation === true || isOfHeldOutData(file, from)
}
