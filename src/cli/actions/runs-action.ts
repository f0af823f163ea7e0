import { encodeJson } from '../../protocol/json.ts'
import { lacksLoss } from '../../protocol/run.ts'
import { type DatabaseSource, withReaderOf } from '../database-source.ts'
import type { Shell } from '../shell.ts'
import { table } from '../table.ts'
import { ago } from '../time.ts'

export type RunsArguments = DatabaseSource & { json: boolean }

export const runs =
  ({ terminal }: Shell) =>
  ({ json, ...source }: RunsArguments) =>
    withReaderOf(source, async (reader) => {
      const found = await reader.runs()
      if (json) {
        for (const run of found) terminal.stdout(`${encodeJson(run)}\n`)
        return
      }
      if (found.length === 0) return terminal.stderr('no runs yet\n')
      const rows = found.map((run) => [
        run.run,
        run.state + (run.backfill ? ' (backfill)' : ''),
        String(run.lastStep ?? '-'),
        lacksLoss(run) ? 'no loss' : String(run.lastLoss ?? '-'),
        String(run.critical),
        String(run.warning),
        ago(run.lastReadAt, Date.now()),
        run.stateSince === null ? '-' : ago(run.stateSince, Date.now()),
        run.stateKnownBy ?? '-',
      ])
      const heads = ['RUN', 'STATE', 'STEP', 'LOSS', 'CRITICAL', 'WARNING', 'WRITTEN', 'SINCE', 'KNOWN BY']
      terminal.stdout(table(heads, rows))
    })
