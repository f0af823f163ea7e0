import { metricValue } from '../../protocol/value.ts'
import { Calibration } from './calibration.ts'
import { ClassShares } from './class-shares.ts'
import { DEFAULT_EPSILON } from './clip.ts'
import { RowComparison } from './comparison.ts'
import { entropyShare, natsToBits } from './entropy.ts'
import { edgeTolerance, Guess } from './guess.ts'
import { lossQuantiles, WeightedMean } from './losses.ts'
import { oddLogitsOf } from './odd-logits.ts'
import type { BatchMeasure, PredictionBatch } from './prediction-batch.ts'
import { printedDecimals } from './printed.ts'
import { countRow, rowCounter } from './row-counter.ts'
import { edgesOf } from './saturated-share.ts'
import { CompensatedSum } from './sum.ts'
import { Truth } from './truth.ts'
import { WorstRows } from './worst-rows.ts'

/** How far from 1 the probabilities of a row may sum: float32 and a few printed digits stay well within. */
const SUM_TOLERANCE = 1e-3

/**
 * Recomputes in float64 what a batch says about its model, and counts the rows that explain it.
 *
 * The means are over the rows whose label is given; without any they are NaN. A
 * NaN in a row makes its loss NaN, and so the mean; an impossible truth makes it
 * infinite. One column is two classes throughout, so its squared error is 2 (p − y)².
 * Counts of what a row holds are over all rows but the ignored ones, those that involve its label over the labelled.
 * `decimalsBefore` is what the log rounded the batches before to.
 */
export function measureBatch(
  batch: PredictionBatch,
  epsilon: number = DEFAULT_EPSILON,
  decimalsBefore: number | null = null,
): BatchMeasure {
  const guess = new Guess(batch.kind, batch.k, edgeTolerance(batch.dtype))
  const truth = new Truth(batch.labels, batch.k, guess.row.weights)
  const classes = new ClassShares(guess.row.classSums)
  const row = new RowComparison(epsilon, edgesOf(batch.dtype))
  const counts = {
    zeroOnTruth: rowCounter(),
    zeroOffTruth: rowCounter(),
    oneOnWrong: rowCounter(),
    nan: rowCounter(),
    infinite: rowCounter(),
    outOfRange: rowCounter(),
    notNormalised: rowCounter(),
    clipped: rowCounter(),
    badLabel: rowCounter(),
    nanLabel: rowCounter(),
  }
  const surprise = new CompensatedSum()
  const loss = new CompensatedSum()
  const clippedLoss = new CompensatedSum()
  const lossOfClipped = new CompensatedSum()
  const weightedLoss = new WeightedMean(batch.weights)
  const entropy = new CompensatedSum()
  const divergence = new CompensatedSum()
  const reverse = new CompensatedSum()
  const squaredError = new CompensatedSum()
  const calibration = new Calibration()
  const worst = new WorstRows()
  const losses = new Float64Array(batch.n)
  let hits = 0
  let maxLogit = 0
  let minTrueProbability = Infinity
  const { questions = 1 } = batch
  let lastNanRow = -1
  const mustSumToOne = batch.kind !== 'logits' && batch.k > 1

  for (let i = 0; i < batch.n; i++) {
    guess.read(batch.values, i * batch.k)
    const label = truth.read(i)
    if (label === 'ignored') continue
    if (guess.hasNaN) countRow(counts.nan, i)
    if (guess.hasInfinity) countRow(counts.infinite, i)
    if (guess.isOutOfRange) countRow(counts.outOfRange, i)
    if (mustSumToOne && Math.abs(guess.total - 1) > SUM_TOLERANCE) countRow(counts.notNormalised, i)
    if (guess.maxLogit > maxLogit) maxLogit = guess.maxLogit

    if (label === 'bad') countRow(counts.badLabel, i)
    if (label === 'broken' && Math.floor(i / questions) > lastNanRow) {
      lastNanRow = Math.floor(i / questions)
      countRow(counts.nanLabel, lastNanRow)
    }
    if (label !== 'given') continue

    row.compare(guess, truth)
    if (row.hasZeroOnTruth) countRow(counts.zeroOnTruth, i)
    if (row.hasZeroOffTruth) countRow(counts.zeroOffTruth, i)
    if (row.hasOneOnWrong) countRow(counts.oneOnWrong, i)
    if (!Object.is(row.loss, row.clippedLoss)) {
      countRow(counts.clipped, i)
      lossOfClipped.add(row.clippedLoss)
    }
    losses[loss.count] = row.loss
    loss.add(row.loss)
    clippedLoss.add(row.clippedLoss)
    weightedLoss.add(i, truth.top, row.loss)
    entropy.add(row.entropy)
    divergence.add(row.divergence)
    reverse.add(row.reverse)
    squaredError.add(row.squaredError)
    worst.add(i, row.loss)
    classes.add(guess, truth)
    if (truth.isOneHot) {
      surprise.add(row.loss)
      if (guess.p[truth.top]! < minTrueProbability) minTrueProbability = guess.p[truth.top]!
    }
    const isHit = guess.top === truth.top
    if (isHit) hits += 1
    calibration.add(guess.top < 0 ? Number.NaN : guess.p[guess.top]!, isHit)
  }

  const used = loss.count
  const hasEdges = counts.zeroOnTruth.count + counts.zeroOffTruth.count + counts.oneOnWrong.count > 0
  const mutualInformation = classes.mutualInformation(entropy.mean)
  // From here on the row memory is another's.
  const worstRows = worst.describe(batch)
  const weighted = weightedLoss.mean
  return {
    n: batch.n,
    used,
    k: batch.k,
    kind: batch.kind,
    dtype: batch.dtype ?? null,
    epsilon,
    surprise: metricValue(surprise.mean),
    crossEntropy: metricValue(loss.mean),
    crossEntropyBits: metricValue(natsToBits(loss.mean)),
    crossEntropyWeighted: weighted === null ? null : metricValue(weighted),
    crossEntropyClipped: metricValue(clippedLoss.mean),
    entropy: metricValue(entropy.mean),
    entropyBits: metricValue(natsToBits(entropy.mean)),
    entropyShare: metricValue(entropyShare(entropy.mean, truth.weights.length)),
    klDivergence: metricValue(divergence.mean),
    klReverse: metricValue(reverse.mean),
    mutualInformation: metricValue(mutualInformation),
    squaredError: metricValue(squaredError.mean),
    perplexity: metricValue(Math.exp(loss.mean)),
    accuracy: metricValue(hits / used),
    confidence: metricValue(calibration.confidence),
    calibrationError: metricValue(calibration.error),
    chanceLevel: metricValue(Math.log(truth.weights.length)),
    labelEntropy: metricValue(classes.labelEntropy),
    topClass: classes.topClass,
    maxLogit: batch.kind === 'logits' ? metricValue(maxLogit) : null,
    minTrueProbability: minTrueProbability === Infinity ? null : metricValue(minTrueProbability),
    saturation: metricValue(row.saturated / (used * batch.k)),
    lossQuantiles: lossQuantiles(losses.subarray(0, used)),
    worstRows,
    worst: worstRows.length === 0 ? null : { row: worstRows[0]!.row, loss: worstRows[0]!.loss },
    clipping: {
      raised: row.raised,
      lowered: row.lowered,
      lossShare: metricValue(lossOfClipped.count === 0 ? 0 : lossOfClipped.total / clippedLoss.total),
      ceiling: metricValue(-Math.log(epsilon)),
    },
    printedDecimals: batch.kind === 'probs' && hasEdges ? printedDecimals(batch, decimalsBefore) : null,
    ...(batch.questions !== undefined && { questions: batch.questions }),
    ...counts,
    ...oddLogitsOf(batch),
  }
}
