import type { CommandModule } from 'yargs'
import type { RunsArguments } from '../actions/runs-action.ts'
import { DATABASE_OPTIONS, JSON_OPTION } from '../options.ts'
import type { Shell } from '../shell.ts'

export const runs = (shell: Shell) =>
  ({
    command: 'runs',
    describe: 'List the runs, the one written last first',
    builder: (y) =>
      y
        .options({ ...DATABASE_OPTIONS, ...JSON_OPTION })
        .example('$0 runs', 'a table')
        .example('$0 runs --json | jq -r "select(.state==\\"failed\\").run"', 'the names of the failed ones'),
    handler: async (args) => (await import('../actions/runs-action.ts')).runs(shell)(args),
  }) satisfies CommandModule<object, RunsArguments>
