import type { CommandModule } from 'yargs'
import type { SqlArguments } from '../actions/sql-action.ts'
import { DATABASE_OPTIONS, JSON_OPTION } from '../options.ts'
import type { Shell } from '../shell.ts'

export const sql = (shell: Shell) =>
  ({
    command: 'sql <statement>',
    describe: 'Run one read-only SQL statement on the history (tables: docs/database.md)',
    builder: (y) =>
      y
        .positional('statement', { type: 'string', demandOption: true, describe: 'SQL' })
        .options({ ...DATABASE_OPTIONS, ...JSON_OPTION })
        .example('$0 sql "SELECT name, state FROM runs"', 'tab-separated, with a header')
        .example('$0 sql --json "SELECT count(*) AS bad FROM non_finite_samples"', 'one object per row'),
    handler: async (args) => (await import('../actions/sql-action.ts')).sql(shell)(args),
  }) satisfies CommandModule<object, SqlArguments>
