import type { CommandModule } from 'yargs'
import type { AlertsArguments } from '../actions/alerts-action.ts'
import { DATABASE_OPTIONS, JSON_OPTION } from '../options.ts'
import type { Shell } from '../shell.ts'

export const alerts = (shell: Shell) =>
  ({
    command: 'alerts [run]',
    describe: 'List alerts with their causes, newest first',
    builder: (y) =>
      y
        .positional('run', { type: 'string', describe: 'only of this run' })
        .options({
          state: { choices: ['firing', 'resolved'] as const, describe: 'only these' },
          ...DATABASE_OPTIONS,
          ...JSON_OPTION,
        })
        .example('$0 alerts --state firing', 'what is wrong now')
        .example('$0 alerts bert-base --json', 'the alerts of one run, for a program'),
    handler: async (args) => (await import('../actions/alerts-action.ts')).alerts(shell)(args),
  }) satisfies CommandModule<object, AlertsArguments>
