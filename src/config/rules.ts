import { type Override, onTop } from '../core/detect/overrides.ts'
import { PROFILE_SETTINGS } from '../core/detect/profiles.ts'
import type { DetectorSettings } from '../core/detect/settings.ts'
import { parseCondition } from '../core/expression/parse.ts'
import type { Rules } from '../core/read.ts'
import type { OwnRuleName } from '../protocol/alert.ts'
import type { Config } from './config.ts'

/** What judges the samples, as a configuration says: its profile, its settings on top, and then its overrides. */
export function rulesOf({ epsilon, profile, detectors, overrides, rules }: Config): Rules {
  return {
    epsilon,
    detectors: onTop(PROFILE_SETTINGS[profile], detectors as DetectorSettings),
    overrides: overrides as readonly Override[],
    own: rules.map(({ name, run, when, severity, for: forRecords }) => ({
      name: name as OwnRuleName,
      run,
      when,
      condition: parseCondition(when),
      severity,
      forRecords,
    })),
  }
}
