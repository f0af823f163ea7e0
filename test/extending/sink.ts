import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { jsonLines, until } from '../e2e/nanwatch.ts'
import type { Extension } from './extension.ts'

const SINK = `
import { appendFile } from 'node:fs/promises'
import { z } from 'zod'
import { encodeJson } from '../protocol/json.ts'
import type { SinkKind, SinkSettings } from './sink.ts'

const settings = z.object({ path: z.string().describe('The file that alerts are appended to.') })

export const journalKind: SinkKind = {
  type: 'journal',
  settings,
  open: ({ name, path }: SinkSettings & z.infer<typeof settings>, secrets) => {
    const file = secrets.text(path, 'path')
    return {
      name,
      async deliver({ key, transition }) {
        await appendFile(file, encodeJson({ key, kind: transition.kind, rule: transition.alert.rule }) + '\\n')
        return { kind: 'delivered' }
      },
    }
  },
}
`

export const sink: Extension = {
  name: 'a sink',

  async add(copy) {
    await copy.add('src/notify/journal.ts', SINK)
    await copy.addLine('src/notify/index.ts', 'import type', "import { journalKind } from './journal.ts'")
    await copy.replace('src/notify/index.ts', '[webhookKind]', '[webhookKind, journalKind]')
  },

  async shows(copy) {
    const runs = join(copy.folder, 'watched')
    await mkdir(join(runs, 'exp7'), { recursive: true })
    const config = join(copy.folder, 'nanwatch.json')
    const configure = (sink: object) =>
      writeFile(config, JSON.stringify({ port: 0, database: join(copy.folder, 'test.db'), sinks: [sink] }))
    const watch = ['watch', runs, '--config', config]

    await configure({ type: 'journal', name: 'diary', pth: 'a' })
    expect(await copy.run(...watch)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('sinks.0: unknown key "pth" (known: type, name, path)'),
    })
    await configure({ type: 'pigeon', name: 'diary', path: 'a' })
    expect((await copy.run(...watch)).stderr).toContain('sinks.0.type: Invalid input: expected "webhook" or "journal"')
    await configure({ type: 'journal', name: 'diary', path: 'env:NO_SUCH_VARIABLE' })
    expect((await copy.run(...watch)).stderr).toContain('sinks.diary.path: the environment variable NO_SUCH_VARIABLE')

    const diary = join(copy.folder, 'diary.jsonl')
    await configure({ type: 'journal', name: 'diary', path: diary })
    const daemon = copy.start(...watch)
    onTestFinished(async () => {
      await daemon.stop('SIGKILL')
    })
    await daemon.event('ready')
    await appendFile(join(runs, 'exp7', 'train.jsonl'), '{"step": 1, "loss": 0.5}\n{"step": 2, "loss": NaN}\n')
    const { id } = await daemon.event('alert')
    const delivered = async () => jsonLines(await readFile(diary, 'utf8').catch(() => ''))
    await until(async () => (await delivered()).length > 0)
    expect(await delivered()).toEqual([
      { key: expect.stringContaining(String(id)), kind: 'firing', rule: 'non-finite' },
    ])
    expect(await daemon.stop('SIGTERM')).toBe(0)
  },
}
