import type { IncomingMessage, RequestListener } from 'node:http'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { type AppOptions, app } from './app.ts'
import type { Commits } from './commits.ts'
import { live } from './live.ts'

export interface WebOptions extends AppOptions {
  readonly commits: Commits
  readonly version: string
}

/** What answers requests and serves the live feed, once somebody has asked for something. */
export interface Web {
  readonly answer: RequestListener
  /** Takes over a connection that asks for a WebSocket, or refuses it. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Tells every page that these runs have new samples. */
  changed(runs: readonly string[]): void
  readonly clients: number
  close(): void
}

/** The dashboard, the queries and the live feed, from one reader of the history. */
export function web(options: WebOptions): Web {
  const { reader, commits, guard, version } = options
  const history = {
    epoch: () => reader.epoch(),
    head: () => reader.head(),
    entriesAfter: reader.entriesAfter.bind(reader),
    nextCommit: (signal: AbortSignal) => commits.next(signal),
  }
  const feed = live({ history, guard, version })
  return {
    answer: getRequestListener(app(options).fetch),
    upgrade: feed.upgrade,
    changed: feed.changed,
    get clients() {
      return feed.clients
    },
    close: feed.close,
  }
}
