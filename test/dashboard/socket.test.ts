import { beforeEach, describe, expect, test } from 'vitest'
import { retryDelayMs, type Socket, type SocketLine, socket } from '../../dashboard/socket.ts'
import { encodeJson } from '../../src/protocol/json.ts'
import type { ServerMessage } from '../../src/protocol/wire.ts'

class TestLine implements SocketLine {
  onopen: (() => void) | null = null
  onmessage: ((event: { readonly data: unknown }) => void) | null = null
  onclose: (() => void) | null = null
  readonly sent: string[] = []
  isClosed = false
  send(text: string): void {
    this.sent.push(text)
  }
  close(): void {
    this.isClosed = true
  }
  receive(message: unknown): void {
    this.onmessage?.({ data: encodeJson(message) })
  }
}

const WELCOME = { type: 'welcome', epoch: 'e', head: 7, resumed: true, version: '1' } as const
const HEARTBEAT = { type: 'heartbeat', head: 7, now: '2026-01-01T00:00:00Z' } as const

let lines: TestLine[]
let timer: { delayMs: number; callback: () => void } | null
let phases: string[]
let received: ServerMessage[]
let followed: Socket

beforeEach(() => {
  lines = []
  timer = null
  phases = []
  received = []
  followed = socket(
    {
      open: () => {
        const line = new TestLine()
        lines.push(line)
        return line
      },
      after: (delayMs, callback) => {
        const set = { delayMs, callback }
        timer = set
        return () => {
          if (timer === set) timer = null
        }
      },
      random: () => 0.5,
    },
    {
      position: () => ({ epoch: 'e', lastSeq: 5 }),
      message: (message) => received.push(message),
      phase: (phase) => phases.push(phase),
    },
  )
})

function fire(): void {
  const { callback } = timer!
  timer = null
  callback()
}

test('every line begins with a hello that says where the page stands', () => {
  lines[0]!.onopen!()
  expect(lines[0]!.sent).toEqual(['{"type":"hello","epoch":"e","lastSeq":5}'])
})

test('a lost line is tried again after a delay, again with a hello', () => {
  lines[0]!.onclose!()
  expect(phases).toEqual(['connecting', 'waiting'])
  fire()
  lines[1]!.onopen!()
  expect(lines[1]!.sent).toHaveLength(1)
})

test('messages reach the follower in order', () => {
  lines[0]!.receive(WELCOME)
  lines[0]!.receive(HEARTBEAT)
  expect(received.map(({ type }) => type)).toEqual(['welcome', 'heartbeat'])
})

test('what a newer server says beyond this protocol is ignored', () => {
  lines[0]!.receive({ type: 'confetti' })
  expect(received).toEqual([])
  expect(lines[0]!.isClosed).toBe(false)
})

for (const { name, data } of [
  { name: 'cut text', data: '{"type":"entr' },
  { name: 'a binary frame', data: new ArrayBuffer(2) },
  { name: 'null', data: 'null' },
]) {
  test(`${name} may have been an entry: the line is dropped and begun again`, () => {
    lines[0]!.onmessage!({ data })
    expect(lines[0]!.isClosed).toBe(true)
    expect(phases.at(-1)).toBe('waiting')
  })
}

test('a line that opens but is never welcomed is given up', () => {
  lines[0]!.onopen!()
  fire()
  expect(lines[0]!.isClosed).toBe(true)
  expect(phases.at(-1)).toBe('waiting')
})

test('a line that falls silent is given up, though nobody closed it', () => {
  lines[0]!.receive(WELCOME)
  lines[0]!.receive(HEARTBEAT)
  expect(timer!.delayMs).toBe(20_000)
  fire()
  expect(lines[0]!.isClosed).toBe(true)
})

test('a server that welcomes and dies is not hammered: only a heartbeat resets the back-off', () => {
  const delays: number[] = []
  for (let i = 0; i < 6; i++) {
    lines.at(-1)!.receive(WELCOME)
    lines.at(-1)!.onclose!()
    delays.push(timer!.delayMs)
    fire()
  }
  expect(delays).toEqual([...delays].sort((a, b) => a - b))
  expect(delays.at(-1)).toBeGreaterThan(4000)
  lines.at(-1)!.receive(HEARTBEAT)
  lines.at(-1)!.onclose!()
  expect(timer!.delayMs).toBe(delays[0])
})

test('what a dropped line still delivers is not heard', () => {
  const first = lines[0]!
  first.receive(WELCOME)
  fire()
  first.receive(HEARTBEAT)
  expect(received).toHaveLength(1)
})

test('waking tries at once while waiting, and does nothing while connected', () => {
  followed.wake()
  expect(lines).toHaveLength(1)
  lines[0]!.onclose!()
  followed.wake()
  expect(lines).toHaveLength(2)
})

test('a closed socket stays closed', () => {
  followed.close()
  expect(lines[0]!.isClosed).toBe(true)
  expect(timer).toBeNull()
})

describe('the delay', () => {
  const cases = [
    { name: 'is never below 0.25 s', attempt: 0, random: 0, delayMs: 250 },
    { name: 'has a first ceiling of 0.5 s', attempt: 0, random: 1, delayMs: 500 },
    { name: 'has a ceiling that doubles', attempt: 3, random: 1, delayMs: 4000 },
    { name: 'never exceeds 15 s', attempt: 1000, random: 1, delayMs: 15_000 },
    { name: 'is spread over the whole span', attempt: 3, random: 0.5, delayMs: 2125 },
  ]
  for (const { name, attempt, random, delayMs } of cases) {
    test(name, () => expect(retryDelayMs(attempt, random)).toBe(delayMs))
  }
})
