import type { CommandModule } from 'yargs'
import type { ParseArguments } from '../actions/parse-action.ts'
import type { Shell } from '../shell.ts'

export const parse = (shell: Shell) =>
  ({
    command: 'parse <file>',
    describe: 'Print what is read from a log: its format, fields and samples',
    builder: (y) =>
      y
        .positional('file', { describe: 'a log file, or - for standard input', type: 'string' })
        .options({
          config: { type: 'string', describe: 'configuration file', requiresArg: true },
          json: { type: 'boolean', default: false, describe: 'print JSON, one object per sample' },
          measures: { type: 'boolean', default: false, describe: 'also print the series recomputed from predictions' },
        })
        .example('$0 parse train.log', 'see which fields were taken for what')
        .example('$0 parse --json --measures predictions.jsonl', 'the recomputed cross-entropy of every batch'),
    handler: async (args) => (await import('../actions/parse-action.ts')).parse(shell)(args),
  }) satisfies CommandModule<object, ParseArguments>
