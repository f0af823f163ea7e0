import { CAUSE } from '../causes/index.ts'
import type { LossCandidate, SearchedBatch } from './candidate.ts'
import { type Form, jobLossSum } from './job-loss.ts'
import { type Guard, guardName, guardsOf, isEpsilonLost, isUpperEndLost } from './loss-guard.ts'
import type { Terms } from './terms.ts'

/** A training with this share of its rows beyond the clip is stuck. A smaller share may be a few hard examples. */
const STUCK_SHARE = 0.1

/** The priors of the guards that are common. */
const PRIORS: Readonly<Record<string, number>> = {
  none: 0.4,
  floor: 0.3,
  'clip 1e-10': 0.15,
  'clip 1e-7': 0.15,
  'clip 1e-8': 0.1,
  'clip 1e-12': 0.1,
  'add 1e-8': 0.1,
  'add 1e-10': 0.1,
}
const RARE = 0.04
/** A float16 loss that multiplies by its targets is written by hand, and such a one nearly always has an ε: one that is 0 there is likelier than none. */
const LOST_EPSILON_FACTOR = 10

/** A candidate for each guard and form of the loss of these terms: R1–R4 where the guard fails, R16 where it hides too many rows. */
export function guardedCandidates(
  terms: Terms,
  subject: SearchedBatch,
  codeWithoutGuard: string | null = null,
  hasZeros: boolean = subject.measure.zeroOnTruth.count > 0 || subject.measure.zeroOffTruth.count > 0,
): LossCandidate[] {
  const { dtype } = subject
  const count = terms.isBinary ? terms.weights.length : terms.rows
  const forms: readonly Form[] = ['gather', 'multiply']
  return guardsOf(dtype).flatMap((guard) =>
    forms.map((form): LossCandidate => {
      const value = jobLossSum(terms, guard, form, dtype) / count
      return {
        key: `${guardName(guard)}, ${form}`,
        code: codeOfGuard(guard, value, terms, subject, hasZeros) ?? (guard.kind === 'none' ? codeWithoutGuard : null),
        value,
        prior:
          (PRIORS[nameOf(guard)] ?? RARE) *
          (Number.isNaN(value) && isEpsilonLost(guard, dtype) ? LOST_EPSILON_FACTOR : 1),
        occurs: 'seldom',
      }
    }),
  )
}

function nameOf(guard: Guard): string {
  return 'epsilon' in guard ? `${guard.kind} ${guard.epsilon}` : guard.kind
}

function codeOfGuard(
  guard: Guard,
  value: number,
  terms: Terms,
  { dtype, measure }: SearchedBatch,
  hasZeros: boolean,
): string | null {
  if (Number.isFinite(value)) return flatShare(guard, terms) >= STUCK_SHARE ? CAUSE.clippedGradient : null
  // What is not finite without a 0 is so for another reason, such as a NaN in the targets.
  if (!hasZeros) return null
  if (guard.kind === 'none') {
    const isBesideTruth = measure.zeroOffTruth.count > 0 || measure.zeroOnTruth.count === 0
    return Number.isNaN(value) && isBesideTruth ? CAUSE.zeroTimesLogZero : CAUSE.logZero
  }
  if (isEpsilonLost(guard, dtype)) return CAUSE.epsilonLostInFloat16
  return isUpperEndLost(guard, dtype) ? CAUSE.clipLostInFloat32 : null
}

/** The share of terms with a truth beyond the guard, where the loss is flat: in log(p + ε) a p far below ε changes nothing. */
function flatShare(guard: Guard, { weights, probabilities, isBinary, rows }: Terms): number {
  if (guard.kind === 'none') return 0
  const low = guard.kind === 'floor' ? Math.exp(-100) : guard.epsilon
  let flat = 0
  for (let i = 0; i < weights.length; i++) {
    const p = probabilities[i]!
    if (weights[i]! > 0.5 ? p < low : isBinary && 1 - p < low) flat += 1
  }
  return flat / (isBinary ? weights.length : rows)
}
