import type { BatchMeasure } from '../measure/prediction-batch.ts'
import type { Detector } from './detector.ts'
import { logZero } from './log-zero.ts'
import { nonFinite } from './non-finite.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { times } from './threshold-wording.ts'

type SaturationParams = {
  /** Batches to a block. Of each block the largest loss of a row counts: rows that go wrong are rare. */
  readonly blockBatches: number
  /** How much larger than the one before the largest loss of a block must be to count as a rise. */
  readonly growth: number
  /** So many rises in a row are a trend. */
  readonly rises: number
  /** Below this, −ln of the least probability of a true class alarms nobody, and two such blocks end the incident. */
  readonly worthNats: number
  /** A log(0) that is further away is not told of. */
  readonly horizonBatches: number
  /** The share of the way to log(0) at which one batch is enough. */
  readonly nearShare: number
}

interface SaturationFacts {
  readonly measure: BatchMeasure
  /** In about how many steps log(0) is likely; null where that is not to be told. */
  readonly stepsLeft: number | null
}

type SaturationState = {
  readonly firing: boolean
  readonly seen: number
  readonly peakNats: number
  /** The largest losses of the blocks before, the newest last. */
  readonly lastPeaksNats: readonly number[]
  /** The step at which the last block ended. */
  readonly lastStep: number | null
  readonly rises: number
  readonly calmBlocks: number
}

const START: SaturationState = {
  firing: false,
  seen: 0,
  peakNats: 0,
  lastPeaksNats: [],
  lastStep: null,
  rises: 0,
  calmBlocks: 0,
}

const CALM_BLOCKS = 2
/** The forecast is drawn from so many blocks: from two alone it is mostly noise, and too soon. */
const MOST_PEAKS = 8

/** Keeps a block in which all is certain from having a logarithm of −∞. */
const SMALLEST_PEAK_NATS = 1e-3

/** e^−x is 0 in float32 beyond this: half of its smallest number is 2⁻¹⁵⁰. */
const SOFTMAX_LIMIT_NATS = 150 * Math.LN2
/** One column holds the other class only as 1 − p, and 1 / (1 + e^−x) is 1 in float32 beyond this. */
const SIGMOID_LIMIT_NATS = 24 * Math.LN2

/**
 * Probabilities of true classes that near 0: log(0) is likely soon, and the alert says in about how many steps.
 *
 * The largest loss of a row, −ln p, is followed from block to block. Where it
 * grows it does so as the logits do, by a factor, and the time to the loss at
 * which float32 rounds p to 0 follows from a line through its logarithms. A job that logs
 * logits or log-probabilities has no such log before it.
 */
export const saturation: Detector<'saturation', SaturationFacts, SaturationParams, SaturationState> = {
  name: 'saturation',
  version: 1,
  defaults: { blockBatches: 10, growth: 1.15, rises: 2, worthNats: 12, horizonBatches: 100, nearShare: 0.3 },
  needs: ['predictions'],
  failureSign: { weight: 10, foretells: [nonFinite.name, logZero.name] },
  document: {
    about: 'the least probability of a true class nears 0: log(0) is likely soon',
    watches: 'probabilities',
    fires: ({ blockBatches, growth, rises, worthNats, horizonBatches, nearShare }) =>
      `where the largest −ln p of a true class in ${blockBatches} batches is ${times(growth)} that of the ${blockBatches} before, ${times(rises)} in a row, above ${worthNats} nats, and a line through its logarithms reaches log(0) in ${horizonBatches} batches; or at ${nearShare} of the way to log(0) in one batch`,
    severity: () => 'warning',
  },

  headline: (_at, { stepsLeft }) =>
    `log(0) is near${stepsLeft === null ? '' : `, likely within about ${stepsLeft} steps`}.`,

  watches: (kind) => kind === 'batch',

  start: () => START,

  step(state, seen, params) {
    if (seen.kind !== 'batch' || seen.measure.kind !== 'probs') return unchanged(state)
    const worst = Number(seen.measure.worst?.loss ?? NaN)
    // What is infinite or NaN already is told by other rules, and is no warning.
    if (!Number.isFinite(worst)) return unchanged(state)
    const limit = seen.measure.k === 1 ? SIGMOID_LIMIT_NATS : SOFTMAX_LIMIT_NATS
    const block = { ...state, seen: state.seen + 1, peakNats: Math.max(state.peakNats, worst) }
    const isNear = worst >= Math.max(params.worthNats, params.nearShare * limit)
    const ended = block.seen < params.blockBatches ? null : endedBlock(block, seen.at.step, params)
    const next = ended ?? block
    if (state.firing) {
      if (next.calmBlocks < CALM_BLOCKS) return unchanged(next)
      return cleared({ ...next, firing: false, calmBlocks: 0 })
    }
    const batchesLeft = ended === null ? null : batchesToLimit(block, ended, limit, params)
    if (!isNear && (batchesLeft === null || batchesLeft > params.horizonBatches)) return unchanged(next)
    const stepsLeft = batchesLeft === null ? null : Math.ceil(batchesLeft * stepsPerBatch(block, seen.at.step))
    return raised({ ...next, firing: true, calmBlocks: 0 }, 'warning', { measure: seen.measure, stepsLeft })
  },
}

function endedBlock(block: SaturationState, step: number | null, params: SaturationParams): SaturationState {
  const { peakNats, lastPeaksNats } = block
  const last = lastPeaksNats.at(-1)
  const isRise = last !== undefined && peakNats >= last * params.growth
  return {
    ...block,
    seen: 0,
    peakNats: 0,
    lastPeaksNats: [...lastPeaksNats, peakNats].slice(-MOST_PEAKS),
    lastStep: step,
    rises: isRise ? block.rises + 1 : 0,
    calmBlocks: peakNats < params.worthNats ? block.calmBlocks + 1 : 0,
  }
}

/** In how many batches the limit is reached if the growth goes on; null where there is no trend that is worth it. */
function batchesToLimit(
  block: SaturationState,
  ended: SaturationState,
  limit: number,
  params: SaturationParams,
): number | null {
  if (ended.rises < params.rises || block.peakNats < params.worthNats) return null
  const growth = logGrowth(ended.lastPeaksNats)
  return growth <= 0 ? null : Math.max(1, (params.blockBatches * Math.log(limit / block.peakNats)) / growth)
}

/** The slope per block of the line through the logarithms, by least squares. */
function logGrowth(peaksNats: readonly number[]): number {
  const middle = (peaksNats.length - 1) / 2
  let [above, below] = [0, 0]
  peaksNats.forEach((peak, i) => {
    above += (i - middle) * Math.log(Math.max(peak, SMALLEST_PEAK_NATS))
    below += (i - middle) ** 2
  })
  return above / below
}

/** Logs rarely hold the predictions of every step. */
function stepsPerBatch({ lastStep, seen }: SaturationState, step: number | null): number {
  const steps = step === null || lastStep === null ? seen : step - lastStep
  return Math.max(1, steps / seen)
}
