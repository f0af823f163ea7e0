import type { Detector } from './detector.ts'
import { elapsedMs } from './elapsed.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { times } from './threshold-wording.ts'

type SlowParams = {
  /** How many times per step must be known before anything is reported. */
  readonly warmupSamples: number
  /** How many times the usual time per step the newest ones must take. */
  readonly ratio: number
  /** How many records in a row must show it to begin an incident, or not show it to end one. */
  readonly samplesInARow: number
}

interface SlowFacts {
  readonly newestMs: number
  readonly usualMs: number
}

type SlowState = {
  readonly attempt: number
  readonly lastTime: string | null
  readonly lastStep: number | null
  /** The newest times per step, in milliseconds, oldest first. */
  readonly newestMs: readonly number[]
  /** How many times per step of the whole run fell into each bin, by the number of the bin. */
  readonly bins: Readonly<Record<string, number>>
  readonly count: number
  readonly firing: boolean
  readonly inARow: number
}

const START: SlowState = {
  attempt: 0,
  lastTime: null,
  lastStep: null,
  newestMs: [],
  bins: {},
  count: 0,
  firing: false,
  inARow: 0,
}

const NEWEST = 30
/** A bin is 2^(1/16) = 4.4 % wide. So exact is the median of the whole run, in bounded memory. */
const BINS_PER_OCTAVE = 16
/** Intervals that are not many times as long as the resolution of the log's times, a second or finer, are too inexact to compare. */
const LEAST_WHOLE_SECONDS_MS = 10_000
const LEAST_FINE_MS = 50

/**
 * Training steps that take longer than they used to, by the times in the log.
 *
 * It compares the median of the newest times per step with that of the whole
 * run. In a median the evaluations and checkpoints in between do not count.
 */
export const slow: Detector<'slow', SlowFacts, SlowParams, SlowState> = {
  name: 'slow',
  version: 1,
  defaults: { warmupSamples: 100, ratio: 1.25, samplesInARow: 10 },
  needs: ['samples', 'times'],
  document: {
    about: 'steps take longer than they used to',
    watches: 'training losses',
    fires: ({ ratio, samplesInARow }) =>
      `when the median of the newest ${NEWEST} times per step is above ${times(ratio)} that of the whole run for ${samplesInARow} records; where the log has times`,
    severity: () => 'info',
  },

  headline: () => 'training has become slower.',

  watches: (kind, _metric, role) => kind === 'sample' && role === 'train_loss',

  start: () => START,

  calm: (state, { hasTimes }) => (hasTimes ? null : state),

  step(saved, seen, params) {
    if (seen.kind !== 'sample' || seen.time === null || seen.isBehind) return unchanged(saved)
    const { sample, time } = seen
    const { attempt, step } = sample
    const state = attempt === saved.attempt ? saved : { ...saved, attempt, lastTime: null, lastStep: null }
    const here = { ...state, lastTime: time, lastStep: step }
    const ms = state.lastTime === null ? null : elapsedMs(state.lastTime, time)
    const steps = step === null || state.lastStep === null ? 1 : step - state.lastStep
    if (ms === null || ms < leastMs(time) || steps <= 0) return unchanged(here)

    const perStepMs = ms / steps
    const bin = Math.floor(Math.log2(perStepMs) * BINS_PER_OCTAVE)
    const next = {
      ...here,
      newestMs: [...state.newestMs.slice(1 - NEWEST), perStepMs],
      bins: { ...state.bins, [bin]: (state.bins[bin] ?? 0) + 1 },
      count: state.count + 1,
    }
    if (next.count < params.warmupSamples || next.newestMs.length < NEWEST) return unchanged(next)
    const usualMs = medianOfBins(next.bins, next.count)
    const newestMs = [...next.newestMs].sort((a, b) => a - b)[NEWEST / 2]!
    const isSlow = newestMs > params.ratio * usualMs
    const inARow = isSlow === state.firing ? 0 : state.inARow + 1
    if (inARow < params.samplesInARow) return unchanged({ ...next, inARow })
    const turned = { ...next, inARow: 0, firing: !state.firing }
    return state.firing ? cleared(turned) : raised(turned, 'info', { newestMs, usualMs })
  },
}

function leastMs(time: string): number {
  return time.includes('.') ? LEAST_FINE_MS : LEAST_WHOLE_SECONDS_MS
}

/** The median of all values that the bins hold: the middle of its bin. */
function medianOfBins(bins: SlowState['bins'], count: number): number {
  let below = 0
  for (const bin of Object.keys(bins)
    .map(Number)
    .sort((a, b) => a - b)) {
    below += bins[bin]!
    if (2 * below >= count) return 2 ** ((bin + 0.5) / BINS_PER_OCTAVE)
  }
  return Number.POSITIVE_INFINITY
}
