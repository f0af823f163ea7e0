import { encodeJson } from '../../protocol/json.ts'
import { type DatabaseSource, withReaderOf } from '../database-source.ts'
import type { Shell } from '../shell.ts'
import { printable } from '../terminal.ts'

export type SqlArguments = DatabaseSource & { statement: string; json: boolean }

export const sql =
  ({ terminal }: Shell) =>
  ({ statement, json, ...source }: SqlArguments) =>
    withReaderOf(source, async (reader) => {
      const { columns, rows } = reader.query(statement)
      if (!json) terminal.stdout(`${columns.join('\t')}\n`)
      for (const row of rows()) {
        terminal.stdout(
          json
            ? `${encodeJson(Object.fromEntries(columns.map((column, i) => [column, row[i]])))}\n`
            : `${row.map((cell) => printable(cell === null ? '' : String(cell)).replaceAll('\t', ' ')).join('\t')}\n`,
        )
      }
    })
