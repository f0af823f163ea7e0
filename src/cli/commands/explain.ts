import type { CommandModule } from 'yargs'
import type { ExplainArguments } from '../actions/explain-action.ts'
import { CONFIG_OPTIONS, DATABASE_OPTIONS, JSON_OPTION } from '../options.ts'
import type { Shell } from '../shell.ts'

export const explain = (shell: Shell) =>
  ({
    command: 'explain <what>',
    describe: 'Say why: of an alert, of a log and a step of it, or of a cause',
    builder: (y) =>
      y
        .positional('what', {
          describe:
            'the id of an alert, a log or the folder of a job, with :STEP or without, or the code of a cause such as R3',
          type: 'string',
          demandOption: true,
        })
        .options({
          ...CONFIG_OPTIONS,
          ...DATABASE_OPTIONS,
          ...JSON_OPTION,
        })
        .example('$0 explain 2bfozoiuecf', 'an alert that was raised')
        .example('$0 explain predictions.jsonl:812', 'what went wrong at a step of a log')
        .example('$0 explain runs/bert:812', 'the same where the loss and the predictions are in two files'),
    handler: async (args) => (await import('../actions/explain-action.ts')).explain(shell)(args),
  }) satisfies CommandModule<object, ExplainArguments>
