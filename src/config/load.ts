import type { Config } from './config.ts'
import { DEFAULT_CONFIG } from './defaults.ts'

/**
 * Reads and checks a configuration file; without a path, gives the defaults. Rejects with a ConfigError.
 *
 * What checks one takes longer to load than most commands run, and is loaded only where there is something to check.
 */
export async function loadConfig(path: string | undefined): Promise<Config> {
  if (path === undefined) return DEFAULT_CONFIG
  const { readConfig } = await import('./read-config.ts')
  return readConfig(path)
}
