import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { encodeJson } from '../protocol/json.ts'
import { type Hello, publishedEntry, type ServerMessage } from '../protocol/wire.ts'
import type { Reader } from '../store/store.ts'
import { follow, type History } from './feed.ts'
import { type GuardSettings, judge } from './guard.ts'

export interface LiveOptions {
  readonly history: History & Pick<Reader, 'epoch' | 'head'>
  readonly guard: GuardSettings
  readonly version: string
}

export interface Live {
  /** Takes over a connection that asks for a WebSocket, or refuses it. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Tells every page that these runs have new samples. */
  changed(runs: readonly string[]): void
  readonly clients: number
  close(): void
}

const HELLO_WITHIN_MS = 2000
/** A page that does not answer our goodbye must not hold up the end. */
const GOODBYE_WITHIN_MS = 1000
const HEARTBEAT_MS = 5000
const CHANGED_EVERY_MS = 250
const MOST_CLIENTS = 64
/** A client with more than this unsent is behind: it is sent nothing until it has caught up. */
const MOST_BUFFERED_BYTES = 256 * 1024

/** The live feed: each client gets every entry after the last one it has seen, once and in order. */
export function live({ history, guard, version }: LiveOptions): Live {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024, perMessageDeflate: false })
  const welcomed = new Set<WebSocket>()
  const pending = new Set<string>()

  const heartbeat = setInterval(() => {
    const beat = (head: number) => broadcast(welcomed, { type: 'heartbeat', head, now: new Date().toISOString() })
    // A page that misses some says so, and that is what is to be said of a history that cannot be read.
    history.head().then(beat, () => undefined)
  }, HEARTBEAT_MS)
  const flush = setInterval(() => {
    if (pending.size === 0) return
    broadcast(welcomed, { type: 'changed', runs: [...pending] })
    pending.clear()
  }, CHANGED_EVERY_MS)

  sockets.on('connection', (socket) => {
    const gone = new AbortController()
    const tooLate = setTimeout(() => socket.close(1002, 'hello expected'), HELLO_WITHIN_MS)
    socket.on('close', () => {
      clearTimeout(tooLate)
      welcomed.delete(socket)
      gone.abort()
    })
    // The error of a client's connection ends that connection and nothing else; 'close' follows.
    socket.on('error', () => gone.abort())
    socket.once('message', (data) => {
      clearTimeout(tooLate)
      const hello = readHello(String(data))
      if (hello === null) return socket.close(1002, 'hello expected')
      serve(socket, hello, gone.signal).catch(() => socket.close(1011, 'the history cannot be read'))
    })
  })

  async function serve(socket: WebSocket, hello: Hello, signal: AbortSignal): Promise<void> {
    const epoch = await history.epoch()
    const head = await history.head()
    if (signal.aborted) return
    const resumed = hello.epoch === epoch && hello.lastSeq <= head
    send(socket, { type: 'welcome', epoch, head, resumed, version })
    welcomed.add(socket)
    for await (const entries of follow(history, resumed ? hello.lastSeq : 0, signal)) {
      send(socket, { type: 'entries', entries: entries.map(publishedEntry), head: await history.head() })
      await drained(socket, signal)
    }
  }

  return {
    upgrade(request, socket, head) {
      const verdict = judge(request.headers, guard)
      if (!verdict.isAllowed) return refuse(socket, verdict.status, verdict.error)
      if (request.url?.split('?')[0] !== '/ws') return refuse(socket, 404, 'Not Found')
      if (sockets.clients.size >= MOST_CLIENTS) return refuse(socket, 503, 'too many clients')
      sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request))
    },
    changed(runs) {
      for (const run of runs) pending.add(run)
    },
    get clients() {
      return sockets.clients.size
    },
    close() {
      clearInterval(heartbeat)
      clearInterval(flush)
      for (const client of sockets.clients) {
        client.close(1001, 'nanwatch is stopping')
        const tooLate = setTimeout(() => client.terminate(), GOODBYE_WITHIN_MS)
        client.on('close', () => clearTimeout(tooLate))
      }
      sockets.close()
    },
  }
}

function broadcast(clients: ReadonlySet<WebSocket>, message: ServerMessage): void {
  for (const client of clients) {
    if (client.readyState === client.OPEN && client.bufferedAmount < MOST_BUFFERED_BYTES) send(client, message)
  }
}

function send(socket: WebSocket, message: ServerMessage): void {
  socket.send(encodeJson(message))
}

/** Waits while the client takes what it was sent: the store is its queue, not our memory. */
async function drained(socket: WebSocket, signal: AbortSignal): Promise<void> {
  while (socket.bufferedAmount > MOST_BUFFERED_BYTES && !signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function readHello(text: string): Hello | null {
  try {
    const message = JSON.parse(text) as Partial<Hello>
    const isHello =
      message.type === 'hello' &&
      (message.epoch === null || typeof message.epoch === 'string') &&
      Number.isSafeInteger(message.lastSeq)
    return isHello ? (message as Hello) : null
  } catch {
    // Not JSON: the client is told that a hello was expected.
    return null
  }
}

function refuse(socket: Duplex, status: number, reason: string): void {
  socket.end(
    `HTTP/1.1 ${status} ${reason.replace(/[^\x20-\x7e]/g, ' ')}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
  )
}
