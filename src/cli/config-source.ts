import { loadConfig } from '../config/load.ts'
import { rulesOf as rulesOfConfig } from '../config/rules.ts'
import type { Rules } from '../core/read.ts'

/** The arguments of a command that takes a configuration file. */
export interface ConfigSource {
  config?: string | undefined
}

/** How files are read and what judges their samples, as the configuration says. Throws a ConfigError. */
export function rulesOf({ config }: ConfigSource): Rules {
  return rulesOfConfig(loadConfig(config))
}
