import { createServer, type Server as HttpServer, type ServerResponse } from 'node:http'
import { hostname, networkInterfaces } from 'node:os'
import type { Duplex } from 'node:stream'
import type { Web, WebOptions } from './web.ts'

export interface ServerOptions extends Omit<WebOptions, 'guard'> {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly token: string | null
}

export interface Server {
  readonly url: string
  /** Tells every page that these runs have new samples. */
  changed(runs: readonly string[]): void
  readonly clients: number
  close(): Promise<void>
}

/**
 * Serves the dashboard, the queries and the live feed. Throws when the port cannot be had.
 *
 * What answers takes several times as much memory as what listens, and most daemons are asked for nothing for days: it is
 * loaded at the first request.
 */
export async function startServer({ host, port, token, ...options }: ServerOptions): Promise<Server> {
  const guard = { hosts: ['localhost', '127.0.0.1', '::1', host.toLowerCase(), ...ownNames(host)], token }
  let serving: Web | null = null
  let isClosed = false
  const loaded = async (): Promise<Web> => {
    const { web } = await import('./web.ts')
    if (isClosed) throw new Error('the server is closed')
    serving ??= web({ ...options, guard })
    return serving
  }

  const http = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 })
  http.on('request', (request, response) => {
    loaded().then(
      ({ answer }) => answer(request, response),
      (error) => sayNotLoaded(response, error),
    )
  })
  http.on('upgrade', (request, socket, head) => {
    // Whoever is refused may tear the connection down first: that must end nothing but the connection.
    socket.on('error', () => socket.destroy())
    loaded().then(
      ({ upgrade }) => upgrade(request, socket, head),
      () => refuseUpgrade(socket),
    )
  })
  http.maxHeadersCount = 100
  http.maxConnections = 256
  await listen(http, port, host)

  const address = http.address()
  const taken = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    changed: (runs) => serving?.changed(runs),
    get clients() {
      return serving?.clients ?? 0
    },
    async close() {
      isClosed = true
      serving?.close()
      const closed = new Promise((resolve) => http.close(resolve))
      http.closeAllConnections()
      await closed
    },
  }
}

/** It names no file of this machine: whoever asks has shown no token. */
function sayNotLoaded(response: ServerResponse, error: NodeJS.ErrnoException): void {
  const text = `nanwatch cannot load what answers here (${error.code ?? error.name}): was it installed anew? Start its daemon again.\n`
  response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(text)
}

function refuseUpgrade(socket: Duplex): void {
  socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
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
