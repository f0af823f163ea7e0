import type { JsonValue } from '../../protocol/value.ts'

/** Per rule: false switches it off; an object overrides some of its defaults. */
export type DetectorSettings = Readonly<Record<string, false | Readonly<Record<string, JsonValue>>>>

/** The named sets of thresholds: `quiet` is for many runs and one pair of eyes, `sensitive` for one run that matters. */
export const PROFILES = ['quiet', 'default', 'sensitive'] as const

/** The name of a set of thresholds. */
export type Profile = (typeof PROFILES)[number]
