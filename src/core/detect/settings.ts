import type { JsonValue } from '../../protocol/value.ts'

/** The settings by rule: `false` switches a rule off, and an object overrides some of its defaults. */
export type DetectorSettings = Readonly<Record<string, false | Readonly<Record<string, JsonValue>>>>

/** The named sets of thresholds: `quiet` is for one person who watches many runs, `sensitive` for one run that matters. */
export const PROFILES = ['quiet', 'default', 'sensitive'] as const

/** The name of a set of thresholds. */
export type Profile = (typeof PROFILES)[number]
