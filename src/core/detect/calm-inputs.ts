import type { Role } from '../../protocol/sample.ts'
import type { DetectorInput } from './detector.ts'

/**
 * What a detector is shown of records that follow each other, where nothing but numbers changes from one to the next: all are
 * of one attempt, every value is finite, and no step is below the one before.
 */
export interface CalmInputs {
  readonly kind: DetectorInput['kind']
  readonly metric: string
  readonly role: Role
  readonly length: number
  /** One of them, as `step` takes it. It holds until the next is asked for. */
  seenAt(index: number): DetectorInput
}
