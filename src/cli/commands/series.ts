import type { CommandModule } from 'yargs'
import type { SeriesArguments } from '../actions/series-action.ts'
import { DATABASE_OPTIONS, JSON_OPTION } from '../options.ts'
import type { Shell } from '../shell.ts'

export const series = (shell: Shell) =>
  ({
    command: 'series <run> <metric>',
    describe: 'Print the values of one metric, in order of reading',
    builder: (y) =>
      y
        .positional('run', { type: 'string', demandOption: true, describe: 'a run, or any unique ending of its name' })
        .positional('metric', { type: 'string', demandOption: true, describe: 'the name that the log gives it' })
        .options({ ...DATABASE_OPTIONS, ...JSON_OPTION })
        .example('$0 series bert-base loss', 'step and value')
        .example('$0 series demo nanwatch/cross_entropy_clipped --json', 'a recomputed series'),
    handler: async (args) => (await import('../actions/series-action.ts')).series(shell)(args),
  }) satisfies CommandModule<object, SeriesArguments>
