import type { CommandModule } from 'yargs'
import { encodeJson } from '../../protocol/json.ts'
import { askDaemon } from '../ask-daemon.ts'
import { DATABASE_OPTIONS, type DatabaseSource, storeOf, withReader } from '../database-source.ts'
import { findRun } from '../find-run.ts'
import { JSON_OPTION } from '../options.ts'
import type { Shell } from '../shell.ts'
import { printable } from '../terminal.ts'

export const forget = ({ terminal }: Shell) =>
  ({
    command: 'forget <run>',
    describe: 'Remove a run and all that was read of it; its files stay and are not read again',
    builder: (y) =>
      y
        .positional('run', { type: 'string', demandOption: true, describe: 'a run, or any unique ending of its name' })
        .options({ ...DATABASE_OPTIONS, ...JSON_OPTION })
        .example('$0 forget old-try', 'remove one run'),
    handler: async ({ run: text, json, ...source }) => {
      const place = storeOf(source)
      const { name, address } = await withReader(place, async (reader) => ({
        name: findRun(await reader.runs(), text).run,
        address: await reader.daemon(),
      }))
      const byDaemon = address === null ? null : await askDaemon(address, '/api/forget', { run: name })
      if (byDaemon === null) {
        const { store } = await place.openWriter()
        try {
          await store.forget(name)
        } finally {
          await store.close()
        }
      }
      if (json) terminal.stdout(`${encodeJson({ type: 'forgotten', run: name })}\n`)
      else terminal.stderr(`${printable(name)}: forgotten\n`)
    },
  }) satisfies CommandModule<object, DatabaseSource & { run: string; json: boolean }>
