import type { CommandModule } from 'yargs'
import type { BacktestArguments } from '../actions/backtest-action.ts'
import { CONFIG_OPTIONS, DATABASE_OPTIONS, JSON_OPTION } from '../options.ts'
import type { Shell } from '../shell.ts'

export const backtest = (shell: Shell) =>
  ({
    command: 'backtest [runs..]',
    describe: 'Judge old logs by changed rules, and show what would have fired next to what did',
    builder: (y) =>
      y
        .positional('runs', { describe: 'runs, files or folders (default: every run)', type: 'string', array: true })
        .options({ ...CONFIG_OPTIONS, ...DATABASE_OPTIONS, ...JSON_OPTION })
        .example('$0 backtest --profile quiet', 'what the quiet profile would have kept to itself')
        .example('$0 backtest exp7 --config new.json', 'one run, by the rules of a file'),
    handler: async (args) => (await import('../actions/backtest-action.ts')).backtest(shell)(args),
  }) satisfies CommandModule<object, BacktestArguments>
