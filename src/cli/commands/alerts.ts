import type { CommandModule } from 'yargs'
import { published } from '../../protocol/alert.ts'
import { encodeJson } from '../../protocol/json.ts'
import { DATABASE_OPTIONS, type DatabaseSource, storeOf, withReader } from '../database-source.ts'
import { findRun } from '../find-run.ts'
import { JSON_OPTION } from '../options.ts'
import { alertText } from '../print-alert.ts'
import type { Shell } from '../shell.ts'

interface AlertsArguments extends DatabaseSource {
  run?: string | undefined
  state?: 'firing' | 'resolved' | undefined
  json: boolean
}

export const alerts = ({ terminal }: Shell) =>
  ({
    command: 'alerts [run]',
    describe: 'List alerts with their causes, newest first',
    builder: (y) =>
      y
        .positional('run', { type: 'string', describe: 'only of this run' })
        .options({
          state: { choices: ['firing', 'resolved'] as const, describe: 'only these' },
          ...DATABASE_OPTIONS,
          ...JSON_OPTION,
        })
        .example('$0 alerts --state firing', 'what is wrong now')
        .example('$0 alerts bert-base --json', 'the alerts of one run, for a program'),
    handler: ({ run, state, json, ...source }) =>
      withReader(storeOf(source), async (reader) => {
        const found = await reader.alerts({
          ...(run === undefined ? {} : { run: findRun(await reader.runs(), run).run }),
          ...(state === undefined ? {} : { state }),
        })
        for (const alert of found) {
          terminal.stdout(json ? `${encodeJson({ type: 'alert', ...published(alert) })}\n` : alertText(alert, terminal))
        }
        if (found.length === 0 && !json) terminal.stderr('no alerts\n')
      }),
  }) satisfies CommandModule<object, AlertsArguments>
