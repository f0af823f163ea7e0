import type { Profile } from '../core/detect/settings.ts'

/** The configuration where nothing is configured. What checks a configuration takes its defaults from here. */
export const DEFAULT_CONFIG = {
  paths: ['.'],
  exclude: [] as string[],
  database: null as string | null,
  host: '127.0.0.1',
  port: 8626,
  tokenFile: null as string | null,
  formats: [],
  epsilon: 1e-10,
  sweepMs: 1000,
  idleAfterMs: 600_000,
  profile: 'default' as Profile,
  detectors: {},
  overrides: [],
  rules: [],
  baselines: [],
  retention: { rawDays: null, rawSamples: null },
  sinks: [],
}
