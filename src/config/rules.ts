import { type Override, onTop } from '../core/detect/overrides.ts'
import { PROFILE_SETTINGS } from '../core/detect/profiles.ts'
import type { DetectorSettings } from '../core/detect/settings.ts'
import { parseCondition } from '../core/expression/parse-condition.ts'
import type { UserRuleName } from '../core/expression/user-rule.ts'
import { BUILT_IN, type FormatSet } from '../core/formats/format-set.ts'
import type { Rules } from '../core/pipeline/read.ts'
import type { Config } from './config.ts'
import { ConfigError } from './config-error.ts'

/** How files are read and what judges their samples, as a configuration says. Rejects with a ConfigError. */
export async function rulesOf(config: Config): Promise<Rules> {
  return rulesWith(config, await formatsOf(config.formats))
}

/**
 * What judges the samples of files in these formats, as a configuration says: its profile, its settings on top, and then
 * its overrides.
 */
export function rulesWith(
  { epsilon, profile, detectors, overrides, rules }: Omit<Config, 'formats'>,
  formats: FormatSet,
): Rules {
  return {
    epsilon,
    formats,
    detectors: onTop(PROFILE_SETTINGS[profile], detectors as DetectorSettings),
    overrides: overrides as readonly Override[],
    userRules: rules.map(({ name, run, when, severity, for: forRecords }) => ({
      name: name as UserRuleName,
      run,
      when,
      condition: parseCondition(when),
      severity,
      forRecords,
    })),
  }
}

/** What matches the expressions of users is loaded only where there are some. */
async function formatsOf(formats: Config['formats']): Promise<FormatSet> {
  if (formats.length === 0) return BUILT_IN
  const { formatSet } = await import('../core/formats/described-formats.ts')
  const built = formatSet(formats)
  if (!built.ok) throw new ConfigError(built.problem)
  return built.format
}
