import type { CommandModule } from 'yargs'
import type { ForgetArguments } from '../actions/forget-action.ts'
import { DATABASE_OPTIONS, JSON_OPTION } from '../options.ts'
import type { Shell } from '../shell.ts'

export const forget = (shell: Shell) =>
  ({
    command: 'forget <run>',
    describe: 'Remove a run and all that was read of it; its files stay and are not read again',
    builder: (y) =>
      y
        .positional('run', { type: 'string', demandOption: true, describe: 'a run, or any unique ending of its name' })
        .options({ ...DATABASE_OPTIONS, ...JSON_OPTION })
        .example('$0 forget old-try', 'remove one run'),
    handler: async (args) => (await import('../actions/forget-action.ts')).forget(shell)(args),
  }) satisfies CommandModule<object, ForgetArguments>
