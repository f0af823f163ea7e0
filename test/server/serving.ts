import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Commit } from '../../src/core/pipeline/commit.ts'
import { Commits } from '../../src/server/commits.ts'
import { type Server, type ServerOptions, startServer } from '../../src/server/server.ts'
import { sqliteReader } from '../../src/store/sqlite/sqlite-reader.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import type { Reader } from '../../src/store/store.ts'
import { tempFolder } from '../temp-folder.ts'

export interface Serving {
  readonly server: Server
  /** `127.0.0.1:PORT`. */
  readonly address: string
  readonly port: number
  readonly reader: Reader
  /** Commits, and tells the followers, as the daemon does. */
  commit(commit: Commit): Promise<void>
}

/** A server on a free port, on a new database, with a dashboard and a secret beside it. `watched` may look on at what is read. */
export async function serving(
  options: Partial<ServerOptions> = {},
  watched: (reader: Reader) => Reader = (reader) => reader,
): Promise<Serving> {
  const folder = await tempFolder()
  const dashboard = join(folder, 'dashboard')
  await mkdir(join(dashboard, 'assets'), { recursive: true })
  await writeFile(join(dashboard, 'index.html'), '<!doctype html><title>nanwatch</title>')
  await writeFile(join(dashboard, 'assets', 'main.js'), 'export {}')
  await mkdir(join(dashboard, 'assets', 'folder.js'))
  await symlink(join(folder, 'linked.js'), join(dashboard, 'assets', 'linked.js'))
  await symlink(join(folder, 'nowhere.js'), join(dashboard, 'assets', 'dangling.js'))
  await writeFile(join(dashboard, 'notes.txt'), 'no part of the page')
  await writeFile(join(folder, 'linked.js'), 'LINKED')
  await writeFile(join(folder, 'secret.html'), 'SECRET')

  const path = join(folder, 'nanwatch.db')
  const store = sqliteStore(path)
  const reader = watched(sqliteReader(path))
  const commits = new Commits()
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    token: null,
    reader,
    commits,
    version: '1.2.3',
    dashboard,
    status: () => ({ files: 7 }),
    forget: (run) => store.forget(run),
    ...options,
  })
  onTestFinished(async () => {
    await server.close()
    await reader.close()
    await store.close()
  })
  const { host, port } = new URL(server.url)
  return {
    server,
    address: host,
    port: Number(port),
    reader,
    async commit(commit) {
      await store.commit(commit)
      commits.announce()
    },
  }
}

export interface RawAnswer {
  /** 0 when the connection ended without one. */
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly text: string
}

/** Sends exactly these lines as a request, which no client library would, and answers with what comes back. */
export function raw(port: number, ...lines: readonly string[]): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    const done = () => {
      socket.destroy()
      const [head = '', ...body] = text.split('\r\n\r\n')
      const [first = '', ...rest] = head.split('\r\n')
      const headers = rest.map((line): [string, string] => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
      })
      resolve({ status: Number(first.split(' ')[1] ?? 0), headers: new Map(headers), text: body.join('\r\n\r\n') })
    }
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      text += chunk
      // A WebSocket stays open after the answer to its upgrade.
      if (text.startsWith('HTTP/1.1 101') && text.includes('\r\n\r\n')) done()
    })
    socket.on('end', done)
    socket.on('error', reject)
    socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  })
}
