import type { CommandModule } from 'yargs'
import { encodeJson } from '../../protocol/json.ts'
import { DATABASE_OPTIONS, type DatabaseSource, storeOf, withReader } from '../database-source.ts'
import { JSON_OPTION } from '../options.ts'
import type { Shell } from '../shell.ts'
import { printable } from '../terminal.ts'

export const sql = ({ terminal }: Shell) =>
  ({
    command: 'sql <statement>',
    describe: 'Run one read-only SQL statement on the history (tables: docs/database.md)',
    builder: (y) =>
      y
        .positional('statement', { type: 'string', demandOption: true, describe: 'SQL' })
        .options({ ...DATABASE_OPTIONS, ...JSON_OPTION })
        .example('$0 sql "SELECT name, state FROM runs"', 'tab-separated, with a header')
        .example('$0 sql --json "SELECT count(*) AS bad FROM samples WHERE kind <> 0"', 'one object per row'),
    handler: ({ statement, json, ...source }) =>
      withReader(storeOf(source), async (reader) => {
        const { columns, rows } = reader.query(statement)
        if (!json) terminal.stdout(`${columns.join('\t')}\n`)
        for (const row of rows()) {
          terminal.stdout(
            json
              ? `${encodeJson(Object.fromEntries(columns.map((column, i) => [column, row[i]])))}\n`
              : `${row.map((cell) => printable(cell === null ? '' : String(cell)).replaceAll('\t', ' ')).join('\t')}\n`,
          )
        }
      }),
  }) satisfies CommandModule<object, DatabaseSource & { statement: string; json: boolean }>
