import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { run as runCommand } from '../../src/cli/run-command.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { alert, commit, run } from '../store/commits.ts'
import { tempFolder } from '../temp-folder.ts'

/** The lines of JSON that a command prints. */
async function printed(words: readonly string[]): Promise<unknown[]> {
  let stdout = ''
  await runCommand([...words, '--json'], {
    stdout: (text) => {
      stdout += text
    },
    stderr: () => undefined,
    stdin: Readable.from([]),
    hasColor: false,
    isInteractive: false,
    columns: 100,
    signal: new AbortController().signal,
  })
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
}

test('every command that prints an alert prints its message', async () => {
  const database = join(await tempFolder(), 'nanwatch.db')
  const store = sqliteStore(database)
  const told = alert({ headline: 'step 812: loss is NaN.', why: 'The log does not say why.' })
  await store.commit(commit({ runs: [run('a')], transitions: [{ kind: 'firing', alert: told, isNews: true }] }))
  await store.close()

  const published = { id: 'alert-1', message: 'step 812: loss is NaN. The log does not say why.' }
  const db = ['--db', database]
  expect(await printed(['alerts', ...db])).toMatchObject([published])
  expect(await printed(['status', ...db])).toMatchObject([{ type: 'status' }, published])
  expect(await printed(['show', 'a', ...db])).toMatchObject([{ run: 'a', openAlerts: [published] }])
  expect(await printed(['explain', 'alert-1', ...db])).toMatchObject([{ alert: published }])
})
