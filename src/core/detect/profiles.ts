import type { DetectorSettings } from './settings.ts'

export const PROFILES = ['quiet', 'default', 'sensitive'] as const

export type Profile = (typeof PROFILES)[number]

/**
 * Sets of thresholds by what they are for: `quiet` for many runs and one pair
 * of eyes, `sensitive` for one run that matters. Values that are no numbers,
 * and crashes, are told by each of them alike.
 */
export const PROFILE_SETTINGS: Readonly<Record<Profile, DetectorSettings>> = {
  quiet: {
    spike: { warmupSamples: 100, z: 4, largest: 1.35, ratio: 1.75 },
    'sustained-rise': { runLength: 1e7, margin: 1.2 },
  },
  default: {},
  sensitive: {
    exploding: { ratio: 7, farRatio: 50 },
    spike: { warmupSamples: 30, largest: 1.15, ratio: 1.2 },
    'sustained-rise': { runLength: 1e5 },
  },
}
