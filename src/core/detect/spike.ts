import type { Severity } from '../../protocol/alert.ts'
import type { Role } from '../../protocol/sample.ts'
import type { Detector } from './detector.ts'
import { deviation, foldLevel, type Level, NO_LEVEL, typical } from './level.ts'
import { perAttempt } from './per-attempt.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { inWords, percent, times } from './threshold-wording.ts'
import { saysJump } from './wording.ts'

type SpikeParams = {
  readonly warmupSamples: number
  /** The smallest distance from the level, in spreads, however quiet the curve has been. */
  readonly z: number
  /** How many times the largest distance so far it must be, after very many values; of few values more. */
  readonly largest: number
  /** The smallest ratio to the level that matters in practice. */
  readonly ratio: number
  /** The same for a gradient norm: many jump, and few matter. */
  readonly gradientRatio: number
  /** The smallest distance of a signed loss, in spreads: it has no ratio that could be too small to matter. */
  readonly signedZ: number
  /** A loss at so many times its level, and above all its first ones, is a run that comes undone. */
  readonly criticalRatio: number
  /** If it is so for that many values in a row. */
  readonly criticalInARow: number
  /** At so many times its level, and above all its first ones, a single value is enough: it has taken the weights along. */
  readonly extremeRatio: number
  /** How many values near the level in a row end the incident. */
  readonly recoverySamples: number
}

interface SpikeFacts {
  readonly level: number
  readonly ratio: number
  readonly z: number
}

type SpikeState = {
  /** The pass over the steps that all of this is about. */
  readonly attempt: number
  readonly level: Level
  /** The largest distance that was seen, in spreads; it fades within some ten thousand values. */
  readonly largestZ: number
  readonly firing: Severity | null
  readonly calmInARow: number
  /** Values in a row that a critical incident takes. */
  readonly highInARow: number
}

const CALM_Z = 3
/** Above it a spike says nothing of the noise. */
const LARGEST_Z = 16
const FADING = 0.99997
/** A spike that was told of widens the bound by so much at most, or a large one would hide those after it. */
const WIDENING = 1.15
/** From how many values on a distance is one of noise, and not of the first fall. */
const NOISE_SAMPLES = 20
/** The noise of few values shows its tail poorly: the share that this adds to `largest` falls as 1/√n. */
const INEXPERIENCE = 3

const START: SpikeState = { attempt: 0, level: NO_LEVEL, largestZ: 0, firing: null, calmInARow: 0, highInARow: 0 }

/**
 * A loss or gradient norm far above its own recent past: `level.ts` says how far, in spreads and as a ratio.
 *
 * How far is too far, the curve itself has shown: its largest distance so far,
 * and some more. Noise of heavy tails does not alarm again and again, and
 * in noise with bounds a small spike is seen.
 */
export const spike: Detector<'spike', SpikeFacts, SpikeParams, SpikeState> = perAttempt({
  name: 'spike',
  version: 2,
  defaults: {
    warmupSamples: 50,
    z: 3,
    largest: 1.2,
    ratio: 1.25,
    gradientRatio: 10,
    signedZ: 6,
    criticalRatio: 5,
    criticalInARow: 2,
    extremeRatio: 1e6,
    recoverySamples: 20,
  },
  needs: ['samples'],
  profiles: {
    quiet: { warmupSamples: 100, z: 4, largest: 1.35, ratio: 1.75 },
    sensitive: { warmupSamples: 30, largest: 1.15, ratio: 1.2 },
  },
  failureSign: { weight: 20 },
  document: {
    about: 'a loss or gradient norm jumps far above its own recent past',
    watches: 'losses, gradient norms',
    fires: ({ z, largest, ratio, gradientRatio, warmupSamples }) =>
      `z > max(${z}, (${largest} + ${INEXPERIENCE}/√n)·Z) and a ratio above ${ratio} (gradient norms: ${gradientRatio}), where Z is the largest z so far, which fades by ${FADING} a value and grows by ${percent(WIDENING - 1)} at most at a spike; after ${warmupSamples} values`,
    severity: ({ criticalRatio, criticalInARow, extremeRatio }) =>
      `warning; critical above all first values at ${times(criticalRatio)} the level ${times(criticalInARow)} in a row, or at ${inWords(extremeRatio)} times once; info for gradient norms`,
  },

  headline: saysJump,

  roles: ['train_loss', 'val_loss', 'grad_norm'],
  start: START,
  kept: ({ firing }) => ({ firing }),

  fold(state, { attempt, role, value }, params) {
    const level = foldLevel(state.level, value)
    if (state.level.count < NOISE_SAMPLES) return unchanged({ ...state, level })

    const { z, ratio } = deviation(state.level, value)
    const bound = boundOf(state, params)
    const isSpike = z > bound && ratio > (role === 'grad_norm' ? params.gradientRatio : params.ratio)
    const noted = isSpike ? Math.min(z, Math.max(state.largestZ, bound) * WIDENING) : z
    const largestZ = Math.max(state.largestZ * FADING, Math.min(noted, LARGEST_Z))
    if (state.level.count < params.warmupSamples) return unchanged({ ...state, level, largestZ })

    if (isSpike) {
      const isHigh = ratio >= params.criticalRatio && value > level.reference
      const highInARow = isHigh ? state.highInARow + 1 : 0
      const isUndone = highInARow >= params.criticalInARow || (isHigh && ratio >= params.extremeRatio)
      const severity = severityOf(role, isUndone)
      const isNews = state.firing === null || (severity === 'critical' && state.firing !== 'critical')
      const firing = isNews ? severity : state.firing
      const next = { attempt, level, largestZ, firing, calmInARow: 0, highInARow }
      if (!isNews) return unchanged(next)
      return raised(next, severity, { level: typical(state.level), ratio, z })
    }
    const { firing } = state
    if (firing === null) return unchanged({ attempt, level, largestZ, firing, calmInARow: 0, highInARow: 0 })
    const calmInARow = z < CALM_Z ? state.calmInARow + 1 : 0
    if (calmInARow < params.recoverySamples) {
      return unchanged({ attempt, level, largestZ, firing, calmInARow, highInARow: 0 })
    }
    return cleared({ attempt, level, largestZ, firing: null, calmInARow: 0, highInARow: 0 })
  },
})

function boundOf({ level, largestZ }: SpikeState, params: SpikeParams): number {
  const least = level.isSigned ? params.signedZ : params.z
  return Math.max(least, (params.largest + INEXPERIENCE / Math.sqrt(level.count)) * largestZ)
}

/** Spikes recover; what rises more slowly is reported by `sustained-rise` and `exploding`. */
function severityOf(role: Role, isUndone: boolean): Severity {
  if (role === 'grad_norm') return 'info'
  return isUndone ? 'critical' : 'warning'
}
