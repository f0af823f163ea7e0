import { type Finite, isFinite } from '../../protocol/value.ts'
import type { DetectorInput } from './detector.ts'

/**
 * The loss of a record for a rule that compares it with other samples, or null where it has none to follow.
 *
 * A rule follows one loss of a file, the first that the file names, and its
 * findings are about that one. So a record without it is no place for one.
 */
export function followedLoss(
  { at: { role, metric, value } }: Extract<DetectorInput, { kind: 'record' }>,
  followed: string | null,
): { readonly metric: string; readonly value: Finite } | null {
  if (role !== 'train_loss' || !isFinite(value) || (followed ?? metric) !== metric) return null
  return { metric, value }
}
