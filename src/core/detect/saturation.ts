import type { BatchMeasure } from '../measure/prediction-batch.ts'
import { isInHalves } from '../measure/symptoms.ts'
import type { Detector } from './detector.ts'
import { logZero } from './log-zero.ts'
import { nonFinite } from './non-finite.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { times } from './threshold-wording.ts'

type SaturationParams = {
  /** The batches of a block. Only the largest loss of a row in each block counts, for rows that go wrong are rare. */
  readonly blockBatches: number
  /** How many times as large as in the block before the largest loss must be to count as a rise. */
  readonly growth: number
  /** How many rises in a row are a trend. */
  readonly rises: number
  /** Below this −ln of the smallest probability of a true class raises no alarm. Two blocks in a row below it end the incident. */
  readonly worthNats: number
  /** How near a forecast log(0) must be to be reported. */
  readonly horizonBatches: number
  /** The share of the way to log(0) at which one batch is enough. */
  readonly nearShare: number
}

interface SaturationFacts {
  readonly measure: BatchMeasure
  /** The largest loss of a row by which it is told: that of the newest batch, or of the block that it ends. Not there in a state of an older version. */
  readonly peakNats?: number
  /** After about how many steps log(0) is likely; null where there is no trend to tell it from. */
  readonly stepsLeft: number | null
}

type SaturationState = {
  readonly firing: boolean
  /** The batches of the current block so far, and the largest loss of a row in them. */
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
/** The most blocks that a forecast is made from. One from two blocks alone would be mostly noise. */
const MOST_PEAKS = 8

/** The smallest peak in the forecast: a block in which every row is certain has a loss of 0, whose logarithm is −∞. */
const SMALLEST_PEAK_NATS = 1e-3

/** e^−x is 0 in float32 beyond this: half of its smallest number is 2⁻¹⁵⁰. */
const SOFTMAX_LIMIT_NATS = 150 * Math.LN2
/** Beyond this 1 / (1 + e^−x) is 1 in float32. In a batch of one column the other class, 1 − p, is then 0. */
const SIGMOID_LIMIT_NATS = 24 * Math.LN2

/**
 * Probabilities of true classes that approach 0: log(0) is likely soon, and the alert says after about how many steps.
 *
 * The detector follows the largest loss of a row, −ln p, from block to block.
 * That grows as the logits grow, by a factor per block. So a line through its
 * logarithms gives the time until float32 rounds p to 0. Logged logits and
 * log-probabilities never come to log(0), so only probabilities are watched.
 */
export const saturation: Detector<'saturation', SaturationFacts, SaturationParams, SaturationState> = {
  name: 'saturation',
  version: 1,
  defaults: { blockBatches: 10, growth: 1.15, rises: 2, worthNats: 12, horizonBatches: 100, nearShare: 0.3 },
  needs: ['predictions', 'probabilities'],
  failureSign: { weight: 10, foretells: [nonFinite.name, logZero.name] },
  document: {
    about: 'the least probability of a true class nears 0: log(0) is likely soon',
    watches: 'probabilities',
    fires: ({ blockBatches, growth, rises, worthNats, horizonBatches, nearShare }) =>
      `where the largest −ln p of a true class in ${blockBatches} batches is ${times(growth)} that of the ${blockBatches} before, ${times(rises)} in a row, above ${worthNats} nats, and a line through its logarithms reaches log(0) in ${horizonBatches} batches; or at ${nearShare} of the way to log(0) in one batch; not of numbers in half a precision`,
    severity: () => 'warning',
  },

  headline: (_at, { stepsLeft }) =>
    `log(0) is near${stepsLeft === null ? '' : `, likely within about ${stepsLeft} steps`}.`,

  watches: (kind) => kind === 'batch',

  start: () => START,

  step(state, seen, params) {
    if (seen.kind !== 'batch' || seen.measure.kind !== 'probs') return unchanged(state)
    // In half a precision a number comes to 0 in the log long before it does in a job that computes in more.
    if (isInHalves(seen.measure)) return unchanged(state)
    const worst = Number(seen.measure.worst?.loss ?? NaN)
    // A loss that is infinite or NaN already is reported by other rules.
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
    const peakNats = isNear ? worst : block.peakNats
    return raised({ ...next, firing: true, calmBlocks: 0 }, 'warning', { measure: seen.measure, peakNats, stepsLeft })
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

/** After how many batches the limit is reached if the growth goes on; null where there is no trend, or no reason for alarm. */
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

/** The slope of the line through the logarithms of the peaks, per block, by least squares. */
function logGrowth(peaksNats: readonly number[]): number {
  const middle = (peaksNats.length - 1) / 2
  let [above, below] = [0, 0]
  peaksNats.forEach((peak, i) => {
    above += (i - middle) * Math.log(Math.max(peak, SMALLEST_PEAK_NATS))
    below += (i - middle) ** 2
  })
  return above / below
}

/** How many steps lie between two batches: logs rarely hold the predictions of every step. */
function stepsPerBatch({ lastStep, seen }: SaturationState, step: number | null): number {
  const steps = step === null || lastStep === null ? seen : step - lastStep
  return Math.max(1, steps / seen)
}
