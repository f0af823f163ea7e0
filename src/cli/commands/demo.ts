import type { CommandModule } from 'yargs'
import type { DemoArguments } from '../actions/demo-action.ts'
import type { Shell } from '../shell.ts'

export const demo = (shell: Shell) =>
  ({
    command: 'demo',
    describe: 'Watch two small real training jobs: one is healthy, one dies of a log(0)',
    builder: (y) =>
      y
        .options({
          port: {
            type: 'number',
            default: 0,
            describe: 'port of the dashboard; 0 takes a free one',
            requiresArg: true,
          },
          out: {
            type: 'string',
            describe: 'folder for logs and database (default: a new one in the temporary folder)',
            requiresArg: true,
          },
          json: { type: 'boolean', default: false, describe: 'print one JSON object per event on stdout' },
        })
        .example('$0 demo', 'then open the address that it prints'),
    handler: async (args) => (await import('../actions/demo-action.ts')).demo(shell)(args),
  }) satisfies CommandModule<object, DemoArguments>
