import type { CommandModule } from 'yargs'
import type { CheckArguments } from '../actions/check-action.ts'
import { CHECK_FORMATS } from '../check-outputs/check-formats.ts'
import { CONFIG_OPTIONS, DATABASE_OPTIONS } from '../options.ts'
import type { Shell } from '../shell.ts'

export const check = (shell: Shell) =>
  ({
    command: 'check <paths..>',
    describe: 'Read finished logs and say what went wrong in them (exit code 3 if anything did)',
    builder: (y) =>
      y
        .positional('paths', { describe: 'files, folders, or - for standard input', type: 'string', array: true })
        .options({
          ...CONFIG_OPTIONS,
          ...DATABASE_OPTIONS,
          baseline: {
            type: 'string',
            array: true,
            nargs: 1,
            describe: 'a run that went well: a log, the folder of a job, or the name of a run in the database',
          },
          format: { choices: CHECK_FORMATS, describe: 'how to print (default: text)', requiresArg: true },
          json: { type: 'boolean', default: false, describe: 'print JSON, one object per line' },
          'allow-empty': {
            type: 'boolean',
            default: false,
            describe: 'end with 0 also where there is no log or no such path, or standard input is empty',
          },
        })
        .example('$0 check train.log', 'judge one log')
        .example('$0 check --json runs/ | jq .verdict', 'judge every run below a folder')
        .example('$0 check train.log --baseline runs/good', 'is it worse than a run that went well?')
        .example('$0 check runs/ --format sarif > nanwatch.sarif', 'for code scanning; github annotates'),
    handler: async (args) => (await import('../actions/check-action.ts')).check(shell)(args),
  }) satisfies CommandModule<object, CheckArguments>
