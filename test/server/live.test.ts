import { once } from 'node:events'
import { connect } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { published } from '../../src/protocol/alert.ts'
import type { EntryBody } from '../../src/protocol/wire.ts'
import type { Reader } from '../../src/store/store.ts'
import { alert, commit } from '../store/commits.ts'
import { Client, eventually } from './client.ts'
import { type Serving, serving } from './serving.ts'

function entry(n: number): EntryBody {
  return { type: 'run', run: `run-${n}`, state: 'running', backfill: false }
}

function tell({ commit: put }: Serving, from: number, count: number): Promise<void> {
  return put(commit({ entries: Array.from({ length: count }, (_, i) => entry(from + i)) }))
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, i) => i + 1)
}

describe('a client that says hello', () => {
  test('gets every entry there is, in pages, and then those that come', async () => {
    const at = await serving()
    await tell(at, 1, 450)
    const client = await Client.hello(at.address)
    await eventually(() => expect(client.seqs).toEqual(upTo(450)))
    expect(client.messages[0]).toEqual({
      type: 'welcome',
      epoch: await at.reader.epoch(),
      head: 450,
      resumed: false,
      version: '1.2.3',
    })
    await tell(at, 451, 1)
    await tell(at, 452, 3)
    await eventually(() => expect(client.seqs).toEqual(upTo(454)))
    expect(client.entries.at(-1)).toMatchObject({ type: 'run', run: 'run-454' })
  })

  test('and has been here before gets what it missed, and nothing else', async () => {
    const at = await serving()
    await tell(at, 1, 30)
    const client = await Client.hello(at.address, { epoch: await at.reader.epoch(), lastSeq: 20 })
    await eventually(() => expect(client.seqs).toEqual(upTo(30).slice(20)))
    expect(client.messages[0]).toMatchObject({ type: 'welcome', resumed: true, head: 30 })
  })

  test('and has missed nothing gets nothing but word that it is up to date', async () => {
    const at = await serving()
    await tell(at, 1, 3)
    const client = await Client.hello(at.address, { epoch: await at.reader.epoch(), lastSeq: 3 })
    await eventually(() => expect(client.messages).toMatchObject([{ type: 'welcome', resumed: true, head: 3 }]))
    await tell(at, 4, 1)
    await eventually(() => expect(client.seqs).toEqual([4]))
  })

  const strangers = [
    { name: 'knows another database', hello: { epoch: 'another', lastSeq: 2 } },
    { name: 'claims to have seen more than there is', hello: { lastSeq: 99 } },
    { name: 'claims to have seen something of a database that it does not know', hello: { epoch: null, lastSeq: 2 } },
  ]
  for (const { name, hello } of strangers) {
    test(`and ${name} is told to begin anew, and gets everything`, async () => {
      const at = await serving()
      await tell(at, 1, 3)
      const client = await Client.hello(at.address, { epoch: await at.reader.epoch(), ...hello })
      await eventually(() => expect(client.seqs).toEqual([1, 2, 3]))
      expect(client.messages[0]).toMatchObject({ type: 'welcome', resumed: false })
    })
  }

  test('gets non-finite values as they are', async () => {
    const at = await serving()
    const told = (['NaN', 'Infinity', '-Infinity'] as const).map((value) => alert({ id: value, value }))
    await at.commit(commit({ entries: told.map((one) => ({ type: 'alert', alert: one, isNews: true })) }))
    const client = await Client.hello(at.address)
    await eventually(() =>
      expect(client.entries.map((one) => one.type === 'alert' && one.alert)).toEqual(told.map(published)),
    )
  })

  test('hears which runs have grown, merged, and that the server lives', async () => {
    const at = await serving()
    const client = await Client.hello(at.address)
    await eventually(() => expect(client.messages).toHaveLength(1))
    for (let i = 0; i < 100; i++) at.server.changed(['a', i % 2 === 0 ? 'b' : 'c'])
    await eventually(() => expect(client.messages.at(-1)).toEqual({ type: 'changed', runs: ['a', 'b', 'c'] }))
    const heartbeat = { type: 'heartbeat', head: 0, now: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) }
    await eventually(() => expect(client.messages.slice(2)).toEqual([heartbeat]))
  })
})

describe('a client that goes and comes back', () => {
  test('at random moments gets every entry once and in order, while they keep coming', async () => {
    const at = await serving()
    const all = 800
    const epoch = await at.reader.epoch()
    // Where each connection is cut: after so many entries, within a page or between two.
    const cuts = fc.sample(fc.integer({ min: 0, max: 25 }), { numRuns: 2000, seed: 3 })
    const sizes = fc.sample(fc.integer({ min: 1, max: 12 }), { numRuns: 2000, seed: 4 })
    let told = 0
    const tellMore = async () => {
      const count = Math.min(sizes.pop()!, all - told)
      await tell(at, told + 1, count)
      told += count
    }

    const seen: number[] = []
    let visits = 0
    while (seen.length < all) {
      const client = await Client.open(at.address)
      let left = cuts.pop()!
      client.socket.on('message', () => {
        for (const { seq } of client.entries.filter((one) => one.seq > (seen.at(-1) ?? 0))) {
          if (left-- <= 0) return client.socket.terminate()
          seen.push(seq)
        }
      })
      const heard: number[] = []
      client.socket.on('message', () => heard.push(...client.seqs.slice(heard.length)))
      const closed = once(client.socket, 'close')
      client.say({ type: 'hello', epoch, lastSeq: seen.at(-1) ?? 0 })
      visits++
      while (told < all && client.socket.readyState === client.socket.OPEN) await tellMore()
      if (told >= all && seen.length < all)
        await Promise.race([closed, eventually(() => expect(seen).toHaveLength(all))])
      client.socket.terminate()
      await closed
      // Within one visit, too, nothing comes twice or out of order.
      expect(heard).toEqual(upTo(all).slice((heard[0] ?? 1) - 1, heard.at(-1) ?? 0))
    }
    expect(seen).toEqual(upTo(all))
    expect(visits).toBeGreaterThan(30)
    await eventually(() => expect(at.server.clients).toBe(0))
  })
})

describe('while the history takes its time to answer', () => {
  /** A reader that answers after a while, with a commit in between. */
  const slow = (reader: Reader, between: () => Promise<unknown>): Reader => ({
    ...reader,
    async entriesAfter(seq, limit) {
      await setImmediate()
      const page = await reader.entriesAfter(seq, limit)
      await between()
      return page
    },
  })

  test('a commit that lands while a page is read is sent once, and in its turn', async () => {
    let left = 40
    const at: Serving = await serving({}, (reader) => slow(reader, async () => left-- > 0 && tell(at, 41 - left, 1)))
    await tell(at, 1, 1)
    const client = await Client.hello(at.address)
    await eventually(() => expect(client.seqs).toEqual(upTo(41)))
    await tell(at, 42, 1)
    await eventually(() => expect(client.seqs).toEqual(upTo(42)))
    for (const message of client.messages) {
      if (message.type === 'entries') expect(message.head).toBeGreaterThanOrEqual(message.entries.at(-1)!.seq)
    }
  })

  test('a heartbeat is left out where it fails, and the server lives', async () => {
    let isWell = false
    let failed = 0
    const at = await serving({}, (reader) => ({
      ...reader,
      async head() {
        if (isWell) return reader.head()
        failed++
        throw new Error('the disk is gone')
      },
    }))
    const refused = await Client.hello(at.address)
    expect(await refused.closed()).toEqual([1011, 'the history cannot be read'])
    await eventually(() => expect(failed).toBeGreaterThan(1))
    isWell = true
    const client = await Client.hello(at.address)
    await eventually(() => expect(client.messages.map(({ type }) => type)).toEqual(['welcome', 'heartbeat']))
  })
})

describe('a connection that asks for a WebSocket', () => {
  test('and says nothing is closed after two seconds', async () => {
    const at = await serving()
    const client = await Client.open(at.address)
    expect(await client.closed()).toEqual([1002, 'hello expected'])
    expect(client.messages).toEqual([])
  })

  const greetings = ['hi', '{}', '{"type":"hello"}', '{"type":"hello","epoch":1,"lastSeq":0}', 'null', '[]', '']
  for (const greeting of [...greetings, '{"type":"hello","epoch":null,"lastSeq":1.5}']) {
    test(`and begins with ${greeting === '' ? 'nothing' : greeting} is closed at once`, async () => {
      const at = await serving()
      const client = await Client.open(at.address)
      client.say(greeting)
      expect(await client.closed()).toEqual([1002, 'hello expected'])
    })
  }

  test('and sends a message above the cap is closed', async () => {
    const at = await serving()
    const client = await Client.open(at.address)
    client.say('x'.repeat(65 * 1024))
    expect((await client.closed())[0]).toBe(1009)
    await eventually(() => expect(at.server.clients).toBe(0))
  })

  const refused = [
    { name: 'from a page of another site', options: { origin: 'http://evil.example' }, path: '/ws', status: 403 },
    { name: 'from a sandboxed page', options: { origin: 'null' }, path: '/ws', status: 403 },
    { name: 'under a rebound name', options: { headers: { host: 'evil.example' } }, path: '/ws', status: 403 },
    { name: 'at another path', options: {}, path: '/other', status: 404 },
    { name: 'at a path that is no URL', options: {}, path: '//', status: 404 },
    { name: 'at an encoded path', options: {}, path: '/%77s', status: 404 },
  ]
  for (const { name, options, path, status } of refused) {
    test(`${name} is refused before it is one`, async () => {
      const at = await serving()
      const client = new Client(`${at.address}${path.replace('/ws', '')}`, options)
      const [, response] = await once(client.socket, 'unexpected-response')
      expect(response.statusCode).toBe(status)
      expect(at.server.clients).toBe(0)
    })
  }

  test('and tears it down while it is being refused ends nothing but itself', async () => {
    const at = await serving()
    for (let i = 0; i < 20; i++) {
      const socket = connect(at.port, '127.0.0.1')
      socket.on('error', () => undefined)
      await once(socket, 'connect')
      const closed = once(socket, 'close')
      socket.write(`GET // HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`, () =>
        socket.resetAndDestroy(),
      )
      await closed
    }
    const client = await Client.hello(at.address)
    await eventually(() => expect(client.messages).toHaveLength(1))
  })

  test('is refused while there are as many as may be', async () => {
    const at = await serving()
    for (let i = 0; i < 64; i++) await Client.open(at.address)
    const client = new Client(at.address)
    const [, response] = await once(client.socket, 'unexpected-response')
    expect(response.statusCode).toBe(503)
  })
})

test('a client that does not read costs the server a bounded amount, and still gets everything once it does', async () => {
  const entryBytes = 16 * 1024
  const all = 8000
  let pulled = 0
  const at = await serving({}, (reader) => ({
    ...reader,
    async entriesAfter(seq, limit) {
      const page = await reader.entriesAfter(seq, limit)
      pulled += page.length
      return page
    },
  }))
  const big = (i: number): EntryBody => ({
    type: 'gap',
    gap: { run: 'a', file: 'a.log', offset: i, bytes: null, reason: 'x'.repeat(entryBytes) },
  })
  for (let i = 0; i < all; i += 500) {
    await at.commit(commit({ entries: Array.from({ length: 500 }, (_, j) => big(i + j)) }))
  }

  const slow = await Client.open(at.address)
  slow.socket.pause()
  slow.say({ type: 'hello', epoch: null, lastSeq: 0 })
  const quick = await Client.hello(at.address)
  await eventually(() => expect(quick.seqs.length).toBe(all))
  // The quick one has had all. What the slow one has had lies in the buffers of the kernel and in one page of ours.
  expect((pulled - all) * entryBytes).toBeLessThan((all * entryBytes) / 4)

  slow.socket.resume()
  await eventually(() => expect(slow.seqs.length).toBe(all))
  expect(slow.seqs).toEqual(upTo(all))
  expect(pulled).toBe(2 * all)
})
