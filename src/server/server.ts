import { createServer, type Server as HttpServer } from 'node:http'
import { hostname, networkInterfaces } from 'node:os'
import { getRequestListener } from '@hono/node-server'
import type { Reader } from '../store/store.ts'
import { app } from './app.ts'
import type { Commits } from './commits.ts'
import { live } from './live.ts'

export interface ServerOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly token: string | null
  readonly reader: Reader
  readonly commits: Commits
  readonly version: string
  readonly dashboard: string
  readonly status: () => object
  readonly forget: (run: string) => Promise<void>
}

export interface Server {
  readonly url: string
  /** Tells every page that these runs have new samples. */
  changed(runs: readonly string[]): void
  readonly clients: number
  close(): Promise<void>
}

/** Serves the dashboard, the queries and the live feed. Throws when the port cannot be had. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { reader, commits, host, version } = options
  const guard = {
    hosts: ['localhost', '127.0.0.1', '::1', host.toLowerCase(), ...ownNames(host)],
    token: options.token,
  }
  const history = {
    epoch: () => reader.epoch(),
    head: () => reader.head(),
    entriesAfter: reader.entriesAfter.bind(reader),
    nextCommit: (signal: AbortSignal) => commits.next(signal),
  }
  const { dashboard, status, forget } = options
  const routes = app({ reader, guard, dashboard, status, forget })
  const http = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, getRequestListener(routes.fetch))
  http.maxHeadersCount = 100
  http.maxConnections = 256
  await listen(http, options.port, host)
  // Its timers ask the reader, so they begin only where there is something to serve.
  const feed = live({ history, guard, version })
  http.on('upgrade', (request, socket, head) => feed.upgrade(request, socket, head))

  const address = http.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    changed: (runs) => feed.changed(runs),
    get clients() {
      return feed.clients
    },
    async close() {
      feed.close()
      const closed = new Promise((resolve) => http.close(resolve))
      http.closeAllConnections()
      await closed
    },
  }
}

function listen(http: HttpServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => reject(explained(error, port, host)))
    http.listen(port, host, () => {
      http.removeAllListeners('error')
      resolve()
    })
  })
}

function explained(error: NodeJS.ErrnoException, port: number, host: string): Error {
  const because = {
    EADDRINUSE: `port ${port} is in use, perhaps by another nanwatch. Take another with --port N, or a free one with --port 0`,
    EACCES: `port ${port} may not be used by this account. Take one above 1023 with --port N`,
    EADDRNOTAVAIL: `${host} is no address of this machine. Name one of its own with --host`,
    ENOTFOUND: `${host} is no known host. Name an address of this machine with --host`,
  }[error.code ?? '']
  return because === undefined ? error : new Error(`cannot serve: ${because}`, { cause: error })
}

/** A wildcard address is reached under any of the machine's names; the token is what protects it. */
function ownNames(host: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return []
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? [])
  return [hostname().toLowerCase(), ...addresses]
}
