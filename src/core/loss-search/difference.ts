import { toNumber } from '../../protocol/value.ts'
import type { SearchedBatch } from './candidate.ts'
import { uniformLoss } from './candidates.ts'
import { classSums } from './class-sums.ts'
import { twiceSums } from './double-softmax.ts'
import { meansWithout } from './left-out-label.ts'
import type { Difference } from './likelihood.ts'

/** The numbers by which a batch is compared with others, but for the loss that is reported; null where its recomputed loss is not finite. */
export function comparableOf(subject: SearchedBatch): Omit<Difference, 'reported'> | null {
  const { batch, measure } = subject
  const mean = toNumber(measure.crossEntropy)
  // Of rows whose label is no class it is not known what the job makes of them.
  if (!Number.isFinite(mean) || measure.badLabel.count > 0) return null
  const uniform = uniformLoss(subject)
  const sums = classSums(batch)
  const without = meansWithout(batch)
  return {
    mean,
    uniform: Number.isFinite(uniform) ? uniform : null,
    rows: measure.used,
    ...sums,
    ...(without.length > 0 && { without }),
    ...(sums.sums.length > 0 && measure.outOfRange.count === 0 && { twice: twiceSums(batch).byClass }),
  }
}
