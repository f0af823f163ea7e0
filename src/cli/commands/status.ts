import type { CommandModule } from 'yargs'
import { DATABASE_OPTIONS, JSON_OPTION } from '../options.ts'
import type { Shell } from '../shell.ts'
import type { StatusArguments } from '../work/status-work.ts'

export const status = (shell: Shell) =>
  ({
    command: 'status',
    describe: 'Say whether the daemon runs and what is wrong now (exit code 3 if anything is)',
    builder: (y) =>
      y
        .options({ ...DATABASE_OPTIONS, ...JSON_OPTION })
        .example('$0 status', 'for people')
        .example('$0 status --json || mail -s "training trouble" me', 'as a gate in a script'),
    handler: async (args) => (await import('../work/status-work.ts')).status(shell)(args),
  }) satisfies CommandModule<object, StatusArguments>
