import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import type { DetectorSettings } from '../core/detect/settings.ts'
import type { Rules } from '../core/read.ts'

/** The arguments of a command that takes a configuration file. */
export interface ConfigSource {
  config?: string | undefined
}

/** What judges the samples, as the configuration says. Throws a ConfigError. */
export function rulesOf({ config }: ConfigSource): Rules {
  return rulesOfConfig(loadConfig(config))
}

export function rulesOfConfig({ epsilon, detectors }: Config): Rules {
  return { epsilon, detectors: detectors as DetectorSettings }
}
