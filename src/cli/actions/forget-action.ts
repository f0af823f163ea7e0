import { encodeJson } from '../../protocol/json.ts'
import { askDaemon } from '../ask-daemon.ts'
import { type DatabaseSource, storeOf, withReader } from '../database-source.ts'
import { findRun } from '../find-run.ts'
import type { Shell } from '../shell.ts'
import { printable } from '../terminal.ts'

export type ForgetArguments = DatabaseSource & { run: string; json: boolean }

export const forget =
  ({ terminal }: Shell) =>
  async ({ run: text, json, ...source }: ForgetArguments) => {
    const place = await storeOf(source)
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
  }
