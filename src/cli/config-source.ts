import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import { rulesOf } from '../config/rules.ts'
import type { Profile } from '../core/detect/settings.ts'
import type { Rules } from '../core/pipeline/read.ts'

/** The arguments of a command that takes a configuration file. */
export interface ConfigSource {
  config?: string | undefined
  profile?: Profile | undefined
}

/** The configuration file, with the profile of the command line on top. Rejects with a ConfigError. */
export async function configFrom({ config, profile }: ConfigSource): Promise<Config> {
  const read = await loadConfig(config)
  return profile === undefined ? read : { ...read, profile }
}

/** How files are read and what judges their samples, as the configuration and the command line say. Rejects with a ConfigError. */
export async function rulesFrom(source: ConfigSource): Promise<Rules> {
  return rulesOf(await configFrom(source))
}
