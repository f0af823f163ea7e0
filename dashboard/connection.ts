import type { Seq, ServerMessage } from '../src/protocol/wire.ts'
import { durationText } from './time-text.ts'

/** A page without a heartbeat for this long is stale and says so. */
export const STALE_AFTER_MS = 12_000
/** An entry that is on its way for less than this is not yet a delay worth showing. */
const BEHIND_AFTER_MS = 600

/** Where this page stands in the server's sequence of entries, and how alive the line is. */
export interface Connection {
  /** `open` once the server has said welcome; `waiting` between two attempts. */
  readonly phase: 'connecting' | 'open' | 'waiting'
  readonly epoch: string | null
  readonly lastSeq: Seq
  readonly head: Seq
  /** Entries up to `until` were written before this connection was made. */
  readonly replay: { readonly until: Seq; readonly resumed: boolean }
  readonly behindSinceMs: number | null
  readonly heartbeatAtMs: number | null
  /** What to add to this computer's clock to get the server's. */
  readonly clockSkewMs: number
  readonly version: string | null
}

export const NOT_CONNECTED: Connection = {
  phase: 'connecting',
  epoch: null,
  lastSeq: 0,
  head: 0,
  replay: { until: 0, resumed: false },
  behindSinceMs: null,
  heartbeatAtMs: null,
  clockSkewMs: 0,
  version: null,
}

/** The connection after a message; entries must have been applied (`lastSeq`) by the caller. */
export function afterMessage(connection: Connection, message: ServerMessage, atMs: number): Connection {
  switch (message.type) {
    case 'welcome':
      return withHead(
        {
          ...connection,
          phase: 'open',
          epoch: message.epoch,
          lastSeq: message.resumed ? connection.lastSeq : 0,
          replay: { until: message.head, resumed: message.resumed },
          heartbeatAtMs: atMs,
          version: message.version,
        },
        message.head,
        atMs,
      )
    case 'entries':
      return withHead(connection, message.head, atMs)
    case 'heartbeat':
      return withHead(
        { ...connection, heartbeatAtMs: atMs, clockSkewMs: skew(message.now, atMs, connection.clockSkewMs) },
        message.head,
        atMs,
      )
    case 'changed':
      return connection
  }
}

export type BadgeKind = 'connecting' | 'live' | 'behind' | 'stale' | 'reconnecting'

export interface Badge {
  readonly kind: BadgeKind
  readonly text: string
}

/** What the connection badge says at `nowMs`. A page that is not surely live never says that it is. */
export function badge(connection: Connection, nowMs: number): Badge {
  const { phase, heartbeatAtMs, head, lastSeq, behindSinceMs } = connection
  const silentMs = heartbeatAtMs === null ? null : nowMs - heartbeatAtMs
  if (phase !== 'open') {
    if (silentMs === null) return { kind: 'connecting', text: phase === 'waiting' ? 'no connection yet' : 'connecting' }
    return { kind: 'reconnecting', text: `reconnecting · last heartbeat ${durationText(silentMs)} ago` }
  }
  if (silentMs === null || silentMs >= STALE_AFTER_MS) {
    return { kind: 'stale', text: `stale · no heartbeat for ${durationText(silentMs ?? 0)}` }
  }
  if (behindSinceMs !== null && nowMs - behindSinceMs >= BEHIND_AFTER_MS) {
    return { kind: 'behind', text: `behind by ${(head - lastSeq).toLocaleString('en-US')}` }
  }
  return { kind: 'live', text: 'live' }
}

function withHead(connection: Connection, head: Seq, atMs: number): Connection {
  const behind = head > connection.lastSeq
  return { ...connection, head, behindSinceMs: behind ? (connection.behindSinceMs ?? atMs) : null }
}

function skew(serverNow: string, atMs: number, otherwise: number): number {
  const serverMs = Date.parse(serverNow)
  return Number.isNaN(serverMs) ? otherwise : serverMs - atMs
}
