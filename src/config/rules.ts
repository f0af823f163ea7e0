import type { DetectorSettings } from '../core/detect/settings.ts'
import { formatSet } from '../core/formats/format-set.ts'
import type { Rules } from '../core/read.ts'
import type { Config } from './config.ts'
import { ConfigError } from './config-error.ts'

/** How files are read and what judges their samples, as the configuration says. Throws a ConfigError. */
export function rulesOf({ epsilon, detectors, formats }: Config): Rules {
  const built = formatSet(formats)
  if (!built.ok) throw new ConfigError(built.problem)
  return { epsilon, detectors: detectors as DetectorSettings, formats: built.format }
}
