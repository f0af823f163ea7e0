import type { CommandModule } from 'yargs'
import type { WatchArguments } from '../actions/watch-action.ts'
import { CONFIG_OPTIONS, DATABASE_OPTIONS } from '../options.ts'
import type { Shell } from '../shell.ts'

export const watch = (shell: Shell) =>
  ({
    command: 'watch [paths..]',
    describe: 'Follow the logs of training jobs, raise alerts, and serve the dashboard',
    builder: (y) =>
      y
        .positional('paths', {
          describe: 'files and folders (default: the current folder)',
          type: 'string',
          array: true,
        })
        .options({
          ...DATABASE_OPTIONS,
          port: {
            type: 'number',
            describe: 'port of the dashboard; 0 takes a free one (default: 8626)',
            requiresArg: true,
          },
          host: { type: 'string', describe: 'address to serve on (default: 127.0.0.1)', requiresArg: true },
          'token-file': { type: 'string', describe: 'file with the token that clients must show', requiresArg: true },
          ...CONFIG_OPTIONS,
          exclude: { type: 'string', array: true, describe: 'glob pattern of paths not to follow', requiresArg: true },
          json: { type: 'boolean', default: false, describe: 'print one JSON object per event on stdout' },
          'dry-run': { type: 'boolean', default: false, describe: 'say what would be followed, and stop' },
        })
        .example('$0 watch', 'follow the logs below the current folder')
        .example('$0 watch runs/ --port 0 --json', 'for a program: events on stdout, a free port'),
    handler: async (args) => (await import('../actions/watch-action.ts')).watch(shell)(args),
  }) satisfies CommandModule<object, WatchArguments>
