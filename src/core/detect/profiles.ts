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
    exploding: { ratio: 30, rises: 5 },
    spike: { warmupSamples: 100, z: 10, ratio: 2 },
  },
  default: {},
  sensitive: {
    exploding: { ratio: 5, rises: 2 },
    spike: { warmupSamples: 30, z: 4.5, ratio: 1.15 },
  },
}
