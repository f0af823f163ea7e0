import { decodeJson, encodeJson } from '../src/protocol/json.ts'
import type { Hello, Seq, ServerMessage } from '../src/protocol/wire.ts'

const FIRST_DELAY_MS = 250
const LONGEST_DELAY_MS = 15_000
/** A line that opens but is never welcomed, or falls silent, is given up after this long. */
const WELCOME_WITHIN_MS = 8_000
const SILENCE_LIMIT_MS = 20_000

/** A newer server may say more; what this page does not know it ignores. */
const KNOWN: ReadonlySet<string> = new Set<ServerMessage['type']>(['welcome', 'entries', 'changed', 'heartbeat'])

/** The part of a WebSocket that is used here. */
export interface SocketLine {
  onopen: (() => void) | null
  onmessage: ((event: { readonly data: unknown }) => void) | null
  onclose: (() => void) | null
  send(text: string): void
  close(): void
}

/** What the connection needs from the outside; tests give their own. */
export interface Surroundings {
  open(): SocketLine
  /** Calls back once, unless the returned function is called first. */
  after(delayMs: number, callback: () => void): () => void
  random(): number
}

export interface Follower {
  /** Where this page stands, asked for each hello. */
  position(): { readonly epoch: string | null; readonly lastSeq: Seq }
  message(message: ServerMessage): void
  phase(phase: 'connecting' | 'waiting'): void
}

export interface Socket {
  /** Tries again at once if it is waiting: the network is back, or somebody looks at the page. */
  wake(): void
  close(): void
}

/**
 * Keeps a connection to the server for as long as the page lives.
 *
 * Every line begins with hello, so that the server sends what was missed.
 * After a loss it tries again with full jitter; only a heartbeat resets the
 * back-off, or a server that welcomes and dies would be hammered.
 */
export function socket(surroundings: Surroundings, follower: Follower): Socket {
  let attempt = 0
  let line: SocketLine | null = null
  let cancelTimer: (() => void) | null = null

  const restartTimer = (delayMs: number, callback: () => void): void => {
    cancelTimer?.()
    cancelTimer = surroundings.after(delayMs, callback)
  }

  const connect = (): void => {
    follower.phase('connecting')
    const opened = surroundings.open()
    line = opened
    opened.onopen = () => {
      const hello: Hello = { type: 'hello', ...follower.position() }
      opened.send(encodeJson(hello))
    }
    opened.onmessage = ({ data }) => {
      const message = read(data)
      // What cannot be read may have been an entry: begin again from the last one that could.
      if (message === null) return lose()
      if (!KNOWN.has(message.type)) return
      if (message.type === 'welcome' || message.type === 'heartbeat') restartTimer(SILENCE_LIMIT_MS, lose)
      if (message.type === 'heartbeat') attempt = 0
      follower.message(message)
    }
    opened.onclose = lose
    restartTimer(WELCOME_WITHIN_MS, lose)
  }

  const drop = (): void => {
    if (line === null) return
    line.onopen = line.onmessage = line.onclose = null
    line.close()
    line = null
  }

  const lose = (): void => {
    drop()
    follower.phase('waiting')
    restartTimer(retryDelayMs(attempt++, surroundings.random()), connect)
  }

  connect()
  return {
    wake: () => {
      if (line !== null) return
      cancelTimer?.()
      connect()
    },
    close: () => {
      cancelTimer?.()
      drop()
    },
  }
}

/** Full jitter between 0.25 s and a ceiling that doubles up to 15 s; `random` is in [0, 1). */
export function retryDelayMs(attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt + 1, 16))
  return FIRST_DELAY_MS + random * (ceiling - FIRST_DELAY_MS)
}

/** The real surroundings: a WebSocket at /ws beside the page. */
export function browserSurroundings(baseUrl: string): Surroundings {
  const url = new URL('ws', baseUrl)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  url.hash = ''
  return {
    open: () => new WebSocket(url) as unknown as SocketLine,
    after: (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs)
      return () => clearTimeout(timer)
    },
    random: Math.random,
  }
}

function read(data: unknown): ServerMessage | null {
  if (typeof data !== 'string') return null
  try {
    const message = decodeJson<ServerMessage | null>(data)
    return typeof message === 'object' ? message : null
  } catch {
    return null
  }
}
