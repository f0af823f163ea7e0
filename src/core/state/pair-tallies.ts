import type { Finite } from '../../protocol/value.ts'
import type { BatchEvidence } from '../diagnose/diagnosis.ts'
import { type Expected, searchExpected } from '../loss-search/expected-losses.ts'
import type { Tally } from '../loss-search/likelihood.ts'
import { LATE_NAN, NAN_LABELS } from '../loss-search/search-result.ts'
import { contradictedBefore, type LossPairs, metBefore } from './loss-pairs.ts'

/** How far apart in the logarithm two losses are, at least, of which one is not a mean of many like the other. */
const FAR_NATS = Math.LN2
/** So many of them, and more than half of all, show that the losses are none of these ways. */
const LEAST_FAR = 3

/** The ways of computing by which the loss of a batch of another file than its loss would not be finite. */
export function failingWays({ lossSearch, measure }: BatchEvidence): readonly string[] {
  const keys = lossSearch?.verdict === 'unknown' ? lossSearch.candidates.map(({ key }) => key) : []
  return measure.zeroOnTruth.count > 0 ? [...keys, LATE_NAN] : keys
}

/** A loss so far from the cross-entropy of its batch is not computed in any way that gives that in most batches. */
function isFar({ comparable = null }: Expected, loss: Finite): boolean {
  return comparable !== null && !(Math.abs(Math.log(loss / comparable.mean)) <= FAR_NATS)
}

/** A batch that was logged without a loss, and how each way of computing one has done in the batches before it whose loss another file gives. */
export function withPairTallies(batch: BatchEvidence, pairs: LossPairs): BatchEvidence {
  const { lossSearch } = batch
  if (lossSearch?.verdict !== 'unknown') return batch
  const met = metBefore(pairs, batch)
  const contradicted = contradictedBefore(pairs, batch)
  if (met.length === 0 && contradicted.length === 0) return batch
  const right = met.filter(({ batch: { expected }, loss }) => searchExpected(expected, loss)?.verdict === 'agrees')
  const apart = met.filter((pair) => !right.includes(pair) && isFar(pair.batch.expected, pair.loss))
  // A few are of something else by chance.
  const far = apart.length >= LEAST_FAR && 2 * apart.length > met.length ? apart : []
  const tallyOf = (key: string): Tally => {
    const isOfLoss = key !== NAN_LABELS
    const missed = met.filter((pair) => (pair.batch.failing ?? []).includes(key) || (isOfLoss && far.includes(pair)))
    const missedLater = contradicted.filter((failing) => failing.includes(key))
    return [right.filter((pair) => !missed.includes(pair)).length, missed.length + missedLater.length]
  }
  const candidates = lossSearch.candidates.map((candidate) =>
    candidate.tally === undefined ? candidate : { ...candidate, tally: tallyOf(candidate.key) },
  )
  return { ...batch, lossSearch: { ...lossSearch, candidates, late: tallyOf(LATE_NAN) } }
}
