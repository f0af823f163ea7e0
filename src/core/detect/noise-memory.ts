import type { Finite } from '../../protocol/value.ts'
import { type Deviation, deviation, foldLevel, type Level, NO_LEVEL } from './level.ts'
import { LevelColumn } from './level-column.ts'

/** What a loss has shown of its noise, and what it has come back from. */
export type Noise = {
  /** A level that every value enters: its spread is that of the noise. */
  readonly level: Level
  /** The largest distance from it so far, in spreads. It fades. */
  readonly largestZ: number
  /** Both as they were at the last calm value: an explosion is no noise of its own. */
  readonly calmSpread: number
  readonly calmZ: number
  /** The largest magnitudes that the loss has come back from, and those since the last calm value; the largest first. */
  readonly survived: readonly number[]
  readonly out: readonly number[]
}

/** From this many values on the noise is known. */
export const KNOWN_SAMPLES = 20
/** A freak value or two show nothing of what a loss comes back from. */
const SURVIVED_KEPT = 3
const FADING = 0.99997
const LARGEST_Z = 16

const NOTHING: readonly number[] = []

export const NO_NOISE: Noise = {
  level: NO_LEVEL,
  largestZ: 0,
  calmSpread: 0,
  calmZ: 0,
  survived: NOTHING,
  out: NOTHING,
}

/** The noise after one more value. `shared` is its level after that value where it is computed already, and `known` the distance from the one before. */
export function noiseAfter(
  noise: Noise,
  value: Finite,
  calm: boolean,
  shared: Level | null,
  known: Deviation | null,
): Noise {
  const isKnown = shared !== null && known !== null
  const distance = noise.level.count < KNOWN_SAMPLES ? null : isKnown ? known : deviation(noise.level, value)
  const level = shared ?? foldLevel(noise.level, value, distance?.position)
  const z = Math.min(distance?.z ?? 0, LARGEST_Z)
  const largestZ = Math.max(noise.largestZ * FADING, z)
  const magnitude = Math.abs(value)
  if (!calm) {
    const { calmSpread, calmZ, survived } = noise
    return { level, largestZ, calmSpread, calmZ, survived, out: withLargest(noise.out, magnitude) }
  }
  const survived = withLargest(merged(noise.survived, noise.out), magnitude)
  return { level, largestZ, calmSpread: level.spread, calmZ: largestZ, survived, out: NOTHING }
}

/** The noise of a loss whose level is steady after a column of values that are all calm: the same numbers as by `noiseAfter`. */
export function noiseAlong(
  { level: before, largestZ: largestBefore, survived: known }: Noise,
  values: Float64Array,
): Noise {
  const { zs, after: level } = LevelColumn.of(before, values)
  let largestZ = largestBefore
  let survived = known
  let least = leastOf(survived)
  for (let index = 0; index < values.length; index++) {
    largestZ = Math.max(largestZ * FADING, Math.min(zs[index]!, LARGEST_Z))
    const value = values[index]!
    if (value <= least) continue
    survived = withLargest(survived, value)
    least = leastOf(survived)
  }
  return { level, largestZ, calmSpread: level.spread, calmZ: largestZ, survived, out: NOTHING }
}

/** The noise once what it has come to counts as calm. */
export function settled({ level, largestZ, survived, out }: Noise): Noise {
  return { level, largestZ, calmSpread: level.spread, calmZ: largestZ, survived: merged(survived, out), out: NOTHING }
}

/** The noise without what came since the last calm value: an explosion shows nothing of the noise. */
export function withoutOut(noise: Noise): Noise {
  return { ...noise, largestZ: noise.calmZ, out: NOTHING }
}

/** The magnitude that the loss has come back from more than once or twice; 0 before it has. */
export function survivedBy({ survived }: Noise): number {
  return survived[SURVIVED_KEPT - 1] ?? 0
}

function merged(survived: readonly number[], out: readonly number[]): readonly number[] {
  return out.length === 0 ? survived : out.reduce(withLargest, survived)
}

/** What a value must be above to be one of the largest. */
function leastOf(largest: readonly number[]): number {
  return largest.length === SURVIVED_KEPT ? largest[SURVIVED_KEPT - 1]! : Number.NEGATIVE_INFINITY
}

/** The largest values with one more. */
function withLargest(largest: readonly number[], value: number): readonly number[] {
  if (value <= leastOf(largest)) return largest
  return [...largest, value].sort((a, b) => b - a).slice(0, SURVIVED_KEPT)
}
