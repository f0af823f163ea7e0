import type { CommandModule } from 'yargs'
import { defaultDatabase } from '../../config/load.ts'
import { encodeJson } from '../../protocol/json.ts'
import { sqliteStore } from '../../store/sqlite/sqlite-store.ts'
import { askDaemon } from '../ask-daemon.ts'
import { findRun } from '../find-run.ts'
import { DB_OPTION, JSON_OPTION, withReader } from '../options.ts'
import type { Shell } from '../shell.ts'
import { printable } from '../terminal.ts'

export const forget = ({ terminal }: Shell) =>
  ({
    command: 'forget <run>',
    describe: 'Remove a run and all that was read of it; its files stay and are not read again',
    builder: (y) =>
      y
        .positional('run', { type: 'string', demandOption: true, describe: 'a run, or any unique ending of its name' })
        .options({ ...DB_OPTION, ...JSON_OPTION })
        .example('$0 forget old-try', 'remove one run'),
    handler: async ({ run: text, db, json }) => {
      const { name, address } = await withReader(db, (reader) => ({
        name: findRun(reader.runs(), text).run,
        address: reader.daemon(),
      }))
      const byDaemon = address === null ? null : await askDaemon(address, '/api/forget', { run: name })
      if (byDaemon === null) {
        const store = sqliteStore(db ?? defaultDatabase())
        try {
          await store.forget(name)
        } finally {
          await store.close()
        }
      }
      if (json) terminal.stdout(`${encodeJson({ type: 'forgotten', run: name })}\n`)
      else terminal.stderr(`${printable(name)}: forgotten\n`)
    },
  }) satisfies CommandModule<object, { run: string; db?: string | undefined; json: boolean }>
