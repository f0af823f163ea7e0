import type { Alert, Confidence } from '../../protocol/alert.ts'
import { CAUSE } from '../causes/index.ts'
import type { Raise } from '../detect/finding.ts'
import { type Diagnosis, diagnose } from './diagnose.ts'
import type { BatchEvidence, BatchPlace, Trend } from './diagnosis.ts'

/** A finding, where it was made, and what had led up to it. */
export type FindingInContext = { readonly finding: Raise; readonly trend: Trend; readonly file: string }

/** Finds the logged batch whose predictions were in use at a place. */
export type BatchAt = (place: BatchPlace) => BatchEvidence | null

const DAMAGED = CAUSE.nanInModel
const CONFIDENCES: readonly Confidence[] = ['weak', 'likely', 'strong', 'proven']

/** The worst finding explained by what came first, where the worst one itself only shows the damage. */
export function explainWorst(first: FindingInContext | null, worst: FindingInContext, batchAt: BatchAt): Diagnosis {
  const now = diagnosisOf(worst, batchAt)
  if (first === null || (isExplained(now) && now.cause?.code !== DAMAGED)) return now
  const before = diagnosisOf(first, batchAt)
  if (!isExplained(before)) return now
  return { ...before, headline: now.headline, firstSign: `It began before: ${before.headline}` }
}

/** Whether one cause is known; candidates are none. */
export function isExplained({ cause }: Pick<Alert, 'cause'>): boolean {
  return cause !== null && cause.code !== null
}

/** How sure the cause of an alert is, as a rank: 0 where it is not known, and little where it only shows the damage. */
export function sureness({ cause }: Pick<Alert, 'cause'>): number {
  if (cause === null || cause.code === null) return 0
  return cause.code === DAMAGED ? 1 : 2 + CONFIDENCES.indexOf(cause.confidence)
}

/** Whether the batch is that of the finding: of the same step, or of the same record in a log without steps. */
export function isAbout({ finding: { at }, file }: FindingInContext, batch: BatchEvidence): boolean {
  if (at.attempt !== batch.attempt) return false
  return at.step === null ? file === batch.file && at.offset === batch.offset : at.step === batch.step
}

function diagnosisOf({ finding, trend, file }: FindingInContext, batchAt: BatchAt): Diagnosis {
  const { attempt, step, offset } = finding.at
  return diagnose(finding, { trend, batch: batchAt({ file, attempt, step, offset }) })
}
