import { RULES } from './index.ts'
import { type DetectorSettings, PROFILES, type Profile } from './settings.ts'

/**
 * The thresholds of each profile, collected from the rules.
 *
 * A rule that states none for a profile has its defaults there: non-finite
 * values and crashes are reported in each profile alike.
 */
export const PROFILE_SETTINGS = Object.fromEntries(
  PROFILES.map((profile) => [profile, settingsIn(profile)]),
) as Readonly<Record<Profile, DetectorSettings>>

function settingsIn(profile: Profile): DetectorSettings {
  if (profile === 'default') return {}
  const found = RULES.map(({ name, profiles }) => [name, profiles?.[profile]] as const)
  return Object.fromEntries(found.filter(([, thresholds]) => thresholds !== undefined)) as DetectorSettings
}
