import type { CommandModule } from 'yargs'
import type { ShowArguments } from '../actions/show-action.ts'
import { DATABASE_OPTIONS, JSON_OPTION } from '../options.ts'
import type { Shell } from '../shell.ts'

export const show = (shell: Shell) =>
  ({
    command: 'show <run>',
    describe: 'Show one run: its files, series, alerts, gaps and rejected lines',
    builder: (y) =>
      y
        .positional('run', { type: 'string', demandOption: true, describe: 'a run, or any unique ending of its name' })
        .options({ ...DATABASE_OPTIONS, ...JSON_OPTION })
        .example('$0 show bert-base', 'a run')
        .example('$0 show exp7/metrics.jsonl --json', 'the run of this file'),
    handler: async (args) => (await import('../actions/show-action.ts')).show(shell)(args),
  }) satisfies CommandModule<object, ShowArguments>
