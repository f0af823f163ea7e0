import { PROFILES } from '../core/detect/settings.ts'

export const JSON_OPTION = {
  json: { type: 'boolean', default: false, describe: 'print JSON, one object per line' },
} as const

export const CONFIG_OPTIONS = {
  config: { type: 'string', describe: 'configuration file', requiresArg: true },
  profile: { choices: PROFILES, describe: 'how soon to alert (default: default)', requiresArg: true },
} as const

export const DATABASE_OPTIONS = {
  config: { type: 'string', describe: 'configuration file', requiresArg: true },
  db: {
    type: 'string',
    describe: 'SQLite file (default: that of the configuration, or else of your account)',
    requiresArg: true,
  },
} as const
