import { RULES } from './index.ts'
import { type DetectorSettings, PROFILES, type Profile } from './settings.ts'

/**
 * The thresholds of each profile, put together from what the rules state.
 *
 * Values that are no numbers, and crashes, are told by each of them alike.
 */
export const PROFILE_SETTINGS = Object.fromEntries(
  PROFILES.map((profile) => [profile, settingsIn(profile)]),
) as Readonly<Record<Profile, DetectorSettings>>

function settingsIn(profile: Profile): DetectorSettings {
  if (profile === 'default') return {}
  const found = RULES.map(({ name, profiles }) => [name, profiles?.[profile]] as const)
  return Object.fromEntries(found.filter(([, thresholds]) => thresholds !== undefined)) as DetectorSettings
}
