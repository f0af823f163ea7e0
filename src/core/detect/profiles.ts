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
    exploding: { ratio: 30, rises: 5, farRatio: 300 },
    spike: { warmupSamples: 100, z: 6, largest: 2, ratio: 2 },
    'sustained-rise': { runLength: 1e8, margin: 1.25 },
  },
  default: {},
  sensitive: {
    exploding: { ratio: 5, rises: 2, farRatio: 50 },
    spike: { warmupSamples: 30, largest: 1.1, ratio: 1.15 },
    'sustained-rise': { runLength: 1e5, margin: 1.05 },
  },
}
