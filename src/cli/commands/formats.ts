import type { CommandModule } from 'yargs'
import { JSON_OPTION } from '../options.ts'
import type { Shell } from '../shell.ts'
import type { FormatsArguments } from '../work/formats-work.ts'

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
    handler: async (args) => (await import('../work/formats-work.ts')).formats(shell)(args),
  }) satisfies CommandModule<object, FormatsArguments>
