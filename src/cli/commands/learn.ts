import type { CommandModule } from 'yargs'
import { ALL_TOPICS, TOPIC_NAMES } from '../../core/lessons/topic-names.ts'
import type { LearnArguments } from '../actions/learn-action.ts'
import { DATABASE_OPTIONS, JSON_OPTION } from '../options.ts'
import type { Shell } from '../shell.ts'

export const learn = (shell: Shell) =>
  ({
    command: 'learn [topic]',
    describe: 'Explain surprise, entropy, cross-entropy and the log(0), with the numbers of a run of yours',
    builder: (y) =>
      y
        .positional('topic', {
          type: 'string',
          describe: 'what to explain; without one, the list of topics',
          choices: [...TOPIC_NAMES, ALL_TOPICS],
        })
        .options({
          run: {
            type: 'string',
            describe: 'a run with predictions, or any unique ending of its name (default: the newest)',
            requiresArg: true,
          },
          step: {
            type: 'number',
            describe: 'the step whose batch is used (default: the last before the loss broke)',
            requiresArg: true,
          },
          demo: { type: 'boolean', default: false, describe: "use the demo's numbers, though there are runs" },
          ...DATABASE_OPTIONS,
          ...JSON_OPTION,
        })
        .example('$0 learn', 'the topics')
        .example('$0 learn crash --run bert-base', 'how the loss of this run broke')
        .example('$0 learn all --demo', 'all of it, with the numbers of a small real training'),
    handler: async (args) => (await import('../actions/learn-action.ts')).learn(shell)(args),
  }) satisfies CommandModule<object, LearnArguments>
