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
  /** How many times the largest distance so far a spike must be, after very many values. After fewer values it must be more. */
  readonly largest: number
  /** The smallest ratio of a loss to its level that matters in practice. */
  readonly ratio: number
  /** The smallest ratio of a gradient norm to its level: many norms jump, and few jumps matter. */
  readonly gradientRatio: number
  /** The smallest distance of a signed loss, in spreads. It is larger, because such a loss has no ratio to be checked as well. */
  readonly signedZ: number
  /** A spike is critical at this many times the level and above all first values, which means that the run fails. */
  readonly criticalRatio: number
  /** For this many values in a row it must be so. */
  readonly criticalInARow: number
  /** At this many times the level, and above all first values, a single value is enough: the weights are damaged as well. */
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
  /** The attempt that the other fields are about. */
  readonly attempt: number
  readonly level: Level
  /** The largest distance so far, in spreads. It fades within some ten thousand values. */
  readonly largestZ: number
  readonly firing: Severity | null
  readonly calmInARow: number
  /** Values in a row that are high enough to be critical. */
  readonly highInARow: number
}

const CALM_Z = 3
/** The largest distance that is remembered: a larger one shows nothing about the noise. */
const LARGEST_Z = 16
const FADING = 0.99997
/** A spike widens the bound by this factor at most, or a large one would hide the spikes after it. */
const WIDENING = 1.15
/** From this many values on a distance is noise, and no longer part of the first fall. */
const NOISE_SAMPLES = 20
/** Few values show the tail of their noise poorly, so `largest` is raised by this divided by √n. */
const INEXPERIENCE = 3

const START: SpikeState = { attempt: 0, level: NO_LEVEL, largestZ: 0, firing: null, calmInARow: 0, highInARow: 0 }

/**
 * A loss or gradient norm far above its own recent past: `level.ts` measures how far, in spreads and as a ratio.
 *
 * The curve itself shows how far is too far: somewhat more than its largest
 * distance so far. So noise with heavy tails does not alarm again and again, and
 * in bounded noise a small spike is found.
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

/** How severe a spike is. Spikes recover; a loss that rises more slowly is reported by `sustained-rise` and `exploding`. */
function severityOf(role: Role, isUndone: boolean): Severity {
  if (role === 'grad_norm') return 'info'
  return isUndone ? 'critical' : 'warning'
}
