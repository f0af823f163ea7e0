import type { CommandModule } from 'yargs'
import type { StatusArguments } from '../actions/status-action.ts'
import { DATABASE_OPTIONS, JSON_OPTION } from '../options.ts'
import type { Shell } from '../shell.ts'

export const status = (shell: Shell) =>
  ({
    command: 'status',
    describe: 'Say whether the daemon runs and what is wrong now (exit code 3 if anything is)',
    builder: (y) =>
      y
        .options({ ...DATABASE_OPTIONS, ...JSON_OPTION })
        .example('$0 status', 'for people')
        .example('$0 status --json || mail -s "training trouble" me', 'as a gate in a script'),
    handler: async (args) => (await import('../actions/status-action.ts')).status(shell)(args),
  }) satisfies CommandModule<object, StatusArguments>
