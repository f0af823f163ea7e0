import { describe, expect, test } from 'vitest'
import { afterMessage, badge, type Connection, NOT_CONNECTED } from '../../dashboard/connection.ts'

const LIVE: Connection = { ...NOT_CONNECTED, phase: 'open', epoch: 'e', lastSeq: 5, head: 5, heartbeatAtMs: 0 }

describe('the badge says', () => {
  const cases: { name: string; connection: Connection; nowMs: number; kind: string; text: string }[] = [
    { name: 'live', connection: LIVE, nowMs: 4000, kind: 'live', text: 'live' },
    {
      name: 'live just before the twelfth second of silence',
      connection: LIVE,
      nowMs: 11_999,
      kind: 'live',
      text: 'live',
    },
    {
      name: 'stale from then on',
      connection: LIVE,
      nowMs: 12_000,
      kind: 'stale',
      text: 'stale · no heartbeat for 12 s',
    },
    {
      name: 'by how much it is behind',
      connection: { ...LIVE, head: 1205, behindSinceMs: 0 },
      nowMs: 1000,
      kind: 'behind',
      text: 'behind by 1,200',
    },
    {
      name: 'nothing of a delay too short to matter',
      connection: { ...LIVE, head: 6, behindSinceMs: 900 },
      nowMs: 1000,
      kind: 'live',
      text: 'live',
    },
    {
      name: 'stale rather than behind',
      connection: { ...LIVE, head: 6, behindSinceMs: 0 },
      nowMs: 13_000,
      kind: 'stale',
      text: 'stale · no heartbeat for 13 s',
    },
    {
      name: 'how long ago the last heartbeat was while it reconnects',
      connection: { ...LIVE, phase: 'waiting' },
      nowMs: 125_000,
      kind: 'reconnecting',
      text: 'reconnecting · last heartbeat 2 min ago',
    },
    {
      name: 'the same while a new line opens',
      connection: { ...LIVE, phase: 'connecting' },
      nowMs: 3000,
      kind: 'reconnecting',
      text: 'reconnecting · last heartbeat 3 s ago',
    },
    {
      name: 'that it connects for the first time',
      connection: NOT_CONNECTED,
      nowMs: 0,
      kind: 'connecting',
      text: 'connecting',
    },
    {
      name: 'that there has been no connection yet',
      connection: { ...NOT_CONNECTED, phase: 'waiting' },
      nowMs: 0,
      kind: 'connecting',
      text: 'no connection yet',
    },
  ]
  for (const { name, connection, nowMs, kind, text } of cases) {
    test(name, () => expect(badge(connection, nowMs)).toEqual({ kind, text }))
  }
})

test('the time of being behind runs from the first message that says so', () => {
  const first = afterMessage(LIVE, { type: 'heartbeat', head: 7, now: '' }, 100)
  const second = afterMessage(first, { type: 'heartbeat', head: 9, now: '' }, 200)
  expect(second.behindSinceMs).toBe(100)
  expect(
    afterMessage({ ...second, lastSeq: 9 }, { type: 'entries', entries: [], head: 9 }, 300).behindSinceMs,
  ).toBeNull()
})

test("the server's clock is learnt from its heartbeat", () => {
  const beat = afterMessage(LIVE, { type: 'heartbeat', head: 5, now: '1970-01-01T00:00:09.000Z' }, 2000)
  expect(beat.clockSkewMs).toBe(7000)
  expect(afterMessage(beat, { type: 'heartbeat', head: 5, now: 'later' }, 3000).clockSkewMs).toBe(7000)
})
