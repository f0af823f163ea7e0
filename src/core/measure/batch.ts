import type { BatchMeasure, PredictionBatch } from '../../protocol/batch.ts'
import { metricValue } from '../../protocol/value.ts'
import { DEFAULT_EPSILON } from './clip.ts'
import { Comparison } from './comparison.ts'
import { entropyShare, natsToBits } from './entropy.ts'
import { Guess } from './guess.ts'
import { addRow, rowTally } from './row-tally.ts'
import { CompensatedSum } from './sum.ts'
import { Truth } from './truth.ts'

/** How far from 1 the probabilities of a row may sum: float32 and a few printed digits stay well within. */
const SUM_TOLERANCE = 1e-3

/**
 * Recomputes in float64 what a batch says about its model, and counts the rows that explain it.
 *
 * The means are over the rows whose label is given; without any they are NaN. A
 * NaN in a row makes its loss NaN, and so the mean; an impossible truth makes it
 * infinite. One column is two classes throughout, so its squared error is 2 (p − y)².
 * Counts of what a row holds are over all rows, those that involve its label over the labelled.
 */
export function measureBatch(batch: PredictionBatch, epsilon: number = DEFAULT_EPSILON): BatchMeasure {
  const guess = new Guess(batch.kind, batch.k)
  const truth = new Truth(batch.labels, batch.k)
  const row = new Comparison(epsilon)
  const counts = {
    zeroOnTruth: rowTally(),
    zeroOffTruth: rowTally(),
    oneOnWrong: rowTally(),
    nan: rowTally(),
    infinite: rowTally(),
    outOfRange: rowTally(),
    notNormalised: rowTally(),
    clipped: rowTally(),
    badLabel: rowTally(),
  }
  const surprise = new CompensatedSum()
  const loss = new CompensatedSum()
  const clippedLoss = new CompensatedSum()
  const entropy = new CompensatedSum()
  const divergence = new CompensatedSum()
  const squaredError = new CompensatedSum()
  const hits = new CompensatedSum()
  let worstRow = -1
  let worstLoss = -Infinity
  const mustSumToOne = batch.kind !== 'logits' && batch.k > 1

  for (let i = 0; i < batch.n; i++) {
    guess.read(batch.values, i * batch.k)
    if (guess.hasNaN) addRow(counts.nan, i)
    if (guess.hasInfinity) addRow(counts.infinite, i)
    if (guess.isOutOfRange) addRow(counts.outOfRange, i)
    if (mustSumToOne && Math.abs(guess.total - 1) > SUM_TOLERANCE) addRow(counts.notNormalised, i)

    const label = truth.read(i)
    if (label === 'bad') addRow(counts.badLabel, i)
    if (label !== 'given') continue

    row.compare(guess, truth)
    if (row.hasZeroOnTruth) addRow(counts.zeroOnTruth, i)
    if (row.hasZeroOffTruth) addRow(counts.zeroOffTruth, i)
    if (row.hasOneOnWrong) addRow(counts.oneOnWrong, i)
    if (!Object.is(row.loss, row.clippedLoss)) addRow(counts.clipped, i)
    if (truth.isOneHot) surprise.add(row.loss)
    loss.add(row.loss)
    clippedLoss.add(row.clippedLoss)
    entropy.add(row.entropy)
    divergence.add(row.loss - row.truthEntropy)
    squaredError.add(row.squaredError)
    if (row.loss > worstLoss) {
      worstRow = i
      worstLoss = row.loss
    }
    hits.add(guess.top === truth.top ? 1 : 0)
  }

  return {
    n: batch.n,
    used: loss.count,
    k: batch.k,
    kind: batch.kind,
    epsilon,
    surprise: metricValue(surprise.mean),
    crossEntropy: metricValue(loss.mean),
    crossEntropyClipped: metricValue(clippedLoss.mean),
    entropy: metricValue(entropy.mean),
    entropyBits: metricValue(natsToBits(entropy.mean)),
    entropyShare: metricValue(entropyShare(entropy.mean, truth.weights.length)),
    klDivergence: metricValue(divergence.mean),
    squaredError: metricValue(squaredError.mean),
    perplexity: metricValue(Math.exp(loss.mean)),
    accuracy: metricValue(hits.mean),
    worst: worstRow === -1 ? null : { row: worstRow, loss: metricValue(worstLoss) },
    ...counts,
  }
}
