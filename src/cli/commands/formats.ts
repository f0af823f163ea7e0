import type { CommandModule } from 'yargs'
import type { FormatsArguments } from '../actions/formats-action.ts'
import { JSON_OPTION } from '../options.ts'
import type { Shell } from '../shell.ts'

export const formats = (shell: Shell) =>
  ({
    command: 'formats',
    describe: 'List the logs and files that are read, with an example of each, and what is not',
    builder: (y) =>
      y
        .options({
          ...JSON_OPTION,
          propose: {
            type: 'string',
            requiresArg: true,
            describe: 'propose a description of the lines of a log that is not read, for the configuration',
          },
        })
        .example('$0 formats | less', 'what is supported')
        .example('$0 formats --json | jq -r .name', 'the names alone')
        .example('$0 formats --propose odd.log > nanwatch.json', 'describe a log of your own'),
    handler: async (args) => (await import('../actions/formats-action.ts')).formats(shell)(args),
  }) satisfies CommandModule<object, FormatsArguments>
