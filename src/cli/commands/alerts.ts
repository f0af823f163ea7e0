import type { CommandModule } from 'yargs'
import { published } from '../../protocol/alert.ts'
import { encodeJson } from '../../protocol/json.ts'
import { findRun } from '../find-run.ts'
import { DB_OPTION, JSON_OPTION, withReader } from '../options.ts'
import { alertText } from '../print-alert.ts'
import type { Shell } from '../shell.ts'

interface AlertsArguments {
  run?: string | undefined
  state?: 'firing' | 'resolved' | undefined
  db?: string | undefined
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
          ...DB_OPTION,
          ...JSON_OPTION,
        })
        .example('$0 alerts --state firing', 'what is wrong now')
        .example('$0 alerts bert-base --json', 'the alerts of one run, for a program'),
    handler: ({ run, state, db, json }) =>
      withReader(db, (reader) => {
        const found = reader.alerts({
          ...(run === undefined ? {} : { run: findRun(reader.runs(), run).run }),
          ...(state === undefined ? {} : { state }),
        })
        for (const alert of found) {
          terminal.stdout(json ? `${encodeJson({ type: 'alert', ...published(alert) })}\n` : alertText(alert, terminal))
        }
        if (found.length === 0 && !json) terminal.stderr('no alerts\n')
      }),
  }) satisfies CommandModule<object, AlertsArguments>
