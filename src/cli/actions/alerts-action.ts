import { published } from '../../protocol/alert.ts'
import { encodeJson } from '../../protocol/json.ts'
import { type DatabaseSource, withReaderOf } from '../database-source.ts'
import { findRun } from '../find-run.ts'
import { alertText } from '../print-alert.ts'
import type { Shell } from '../shell.ts'

export interface AlertsArguments extends DatabaseSource {
  run?: string | undefined
  state?: 'firing' | 'resolved' | undefined
  json: boolean
}

export const alerts =
  ({ terminal }: Shell) =>
  ({ run, state, json, ...source }: AlertsArguments) =>
    withReaderOf(source, async (reader) => {
      const found = await reader.alerts({
        ...(run === undefined ? {} : { run: findRun(await reader.runs(), run).run }),
        ...(state === undefined ? {} : { state }),
      })
      for (const alert of found) {
        terminal.stdout(json ? `${encodeJson({ type: 'alert', ...published(alert) })}\n` : alertText(alert, terminal))
      }
      if (found.length === 0 && !json) terminal.stderr('no alerts\n')
    })
