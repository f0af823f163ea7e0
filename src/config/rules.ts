import { type Override, onTop } from '../core/detect/overrides.ts'
import { PROFILE_SETTINGS } from '../core/detect/profiles.ts'
import type { DetectorSettings } from '../core/detect/settings.ts'
import { parseCondition } from '../core/expression/parse-condition.ts'
import type { UserRuleName } from '../core/expression/user-rule.ts'
import { formatSet } from '../core/formats/format-set.ts'
import type { Rules } from '../core/pipeline/read.ts'
import type { Config } from './config.ts'
import { ConfigError } from './config-error.ts'

/**
 * How files are read and what judges their samples, as a configuration says: its profile, its settings
 * on top, and then its overrides. Throws a ConfigError.
 */
export function rulesOf({ epsilon, profile, detectors, overrides, rules, formats }: Config): Rules {
  const built = formatSet(formats)
  if (!built.ok) throw new ConfigError(built.problem)
  return {
    epsilon,
    formats: built.format,
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
