import type { Alert, Confidence } from '../../protocol/alert.ts'
import { CAUSE } from '../causes/index.ts'
import { crashOf } from '../crashes/index.ts'
import type { Raise } from '../detect/finding.ts'
import { type Diagnosis, diagnose } from './diagnose.ts'
import type { BatchEvidence, BatchPlace, Trend } from './diagnosis.ts'

/** A finding with the file in which it was made, and what led up to it there. */
export type FindingInContext = { readonly finding: Raise; readonly trend: Trend; readonly file: string }

/** Returns the logged batch whose predictions were in use at a place, or null. */
export type BatchAt = (place: BatchPlace) => BatchEvidence | null

const DAMAGED = CAUSE.nanInModel
/** Causes that lie at a step before: what the first finding of the incident shows says more. */
const OF_STEP_BEFORE: readonly string[] = [DAMAGED, CAUSE.nanGradient]
const CONFIDENCES: readonly Confidence[] = ['weak', 'likely', 'strong', 'proven']

/**
 * Explains the worst finding of an incident.
 *
 * Where it has no cause of its own, or only shows that the model or the
 * gradient was damaged before, the cause of the first finding explains it.
 */
export function explainWorst(first: FindingInContext | null, worst: FindingInContext, batchAt: BatchAt): Diagnosis {
  const now = diagnosisOf(worst, batchAt)
  if (first === null || (isExplained(now) && !OF_STEP_BEFORE.includes(now.cause?.code ?? ''))) return now
  // A perplexity is what comes of a loss: it is not why one fails later.
  if (first.finding.at.role === 'perplexity') return now
  const before = diagnosisOf(first, batchAt)
  if (!isExplained(before)) return now
  const firstSign = [`It began before: ${before.headline}`, before.firstSign].filter((sign) => sign !== null).join(' ')
  return { ...before, headline: now.headline, firstSign }
}

/** Whether one cause is known. Candidates do not count, nor does a class of crash that says no more than that something failed. */
export function isExplained({ cause }: Pick<Alert, 'cause'>): boolean {
  if (cause === null || cause.code === null) return false
  const crash = crashOf(cause.code)
  return crash === null || (crash.isGeneral !== true && cause.confidence !== 'weak')
}

/** A rank for how sure the cause of an alert is: 0 where none is known, and 1 where it only says that the model was damaged before. */
export function sureness({ cause }: Pick<Alert, 'cause'>): number {
  if (cause === null || cause.code === null || !isExplained({ cause })) return 0
  return cause.code === DAMAGED ? 1 : 2 + CONFIDENCES.indexOf(cause.confidence)
}

/** Whether a batch belongs to a finding: it is of the same step, or in a log without steps of the same record. */
export function isAbout({ finding: { at }, file }: FindingInContext, batch: BatchEvidence): boolean {
  if (at.attempt !== batch.attempt) return false
  return at.step === null ? file === batch.file && at.offset === batch.offset : at.step === batch.step
}

function diagnosisOf({ finding, trend, file }: FindingInContext, batchAt: BatchAt): Diagnosis {
  const { attempt, step, offset, role } = finding.at
  return diagnose(finding, { trend, batch: batchAt({ file, attempt, step, offset, role }) })
}
