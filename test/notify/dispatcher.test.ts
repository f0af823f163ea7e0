import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Outbox, OwedNotification } from '../../src/core/alerts/outbox.ts'
import { type Dispatcher, startDispatcher } from '../../src/notify/dispatcher.ts'
import type { Sink } from '../../src/notify/sink.ts'
import { webhook } from '../../src/notify/webhook.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import type { Store } from '../../src/store/store.ts'
import { alert, commit } from '../store/commits.ts'
import { tempFolder } from '../temp-folder.ts'
import { Receiver, silence, status } from './receiver.ts'

let path: string
let store: Store
let problems: string[]

beforeEach(async () => {
  path = join(await tempFolder(), 'nanwatch.db')
  store = sqliteStore(path)
  onTestFinished(() => store.close())
  problems = []
})

function dispatch(sinks: readonly Sink[], outbox: Outbox = store.outbox): Dispatcher {
  const dispatcher = startDispatcher(outbox, sinks, (sink, reason) => problems.push(`${sink}: ${reason}`))
  onTestFinished(() => dispatcher.close())
  return dispatcher
}

function owed(key: string, sink = 'hook', alertId = key): OwedNotification {
  return { key, sink, transition: { kind: 'firing', alert: alert({ id: alertId }), isNews: true } }
}

function owe(...notifications: readonly OwedNotification[]): Promise<number> {
  return store.commit(commit({ owed: notifications }))
}

function eventually(check: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 10_000, interval: 5 })
}

describe('the dispatcher', () => {
  test('delivers what was owed before it began and what is added later, once and in order', async () => {
    const receiver = await Receiver.start(status(200))
    await owe(owed('1'), owed('2'))
    const dispatcher = dispatch([webhook('hook', receiver.url)])
    await eventually(() => expect(receiver.keys).toEqual(['1', '2']))
    for (let i = 3; i <= 30; i++) {
      await owe(owed(String(i)))
      dispatcher.wake()
    }
    const all = Array.from({ length: 30 }, (_, i) => String(i + 1))
    await eventually(() => expect(receiver.keys).toEqual(all))
    // The last one is marked after it was delivered.
    await eventually(async () => expect(await store.outbox.nextDueMs('hook')).toBeNull())
    expect(problems).toEqual([])
  })

  test('tries again until it is taken, with the same key', async () => {
    const receiver = await Receiver.start(status(500), status(200))
    await owe(owed('1'))
    dispatch([webhook('hook', receiver.url)])
    await eventually(() => expect(receiver.keys).toEqual(['1', '1']))
    await eventually(async () => expect(await store.outbox.nextDueMs('hook')).toBeNull())
    expect(problems).toEqual(['hook: could not deliver, will try again in 1 s: HTTP 500'])
  })

  test('never lets the end of an alert overtake its beginning', async () => {
    const receiver = await Receiver.start(status(500), status(200))
    await owe(owed('1/firing', 'hook', '1'), owed('1/resolved', 'hook', '1'), owed('2/firing', 'hook', '2'))
    dispatch([webhook('hook', receiver.url)])
    await eventually(() => expect(receiver.keys).toEqual(['1/firing', '2/firing', '1/firing', '1/resolved']))
  })

  test('leaves a receiver alone for as long as it asks for', async () => {
    const receiver = await Receiver.start(status(429, { 'retry-after': '1' }), status(200))
    await owe(owed('1'), owed('2'))
    dispatch([webhook('hook', receiver.url)])
    await eventually(() => expect(receiver.keys).toEqual(['1']))
    const askedMs = performance.now()
    await eventually(() => expect(receiver.keys).toEqual(['1', '1', '2']))
    expect(performance.now() - askedMs).toBeGreaterThan(900)
    expect(problems).toEqual(['hook: could not deliver, will try again in 1 s: HTTP 429'])
  })

  test('gives up on what is refused, says so, and goes on', async () => {
    const receiver = await Receiver.start(status(404), status(200))
    await owe(owed('1'), owed('2'))
    dispatch([webhook('hook', receiver.url)])
    await eventually(() => expect(receiver.keys).toEqual(['1', '2']))
    expect(problems).toEqual(['hook: refused a notification for good: HTTP 404'])
    await eventually(async () => expect(await store.outbox.nextDueMs('hook')).toBeNull())
  })

  test('lets no sink that hangs hold up another', async () => {
    const [hanging, quick] = [await Receiver.start(silence), await Receiver.start(status(200))]
    await owe(owed('1', 'hanging'), owed('1', 'quick'), owed('2', 'hanging'), owed('2', 'quick'))
    dispatch([webhook('hanging', hanging.url), webhook('quick', quick.url)])
    await eventually(() => expect(quick.keys).toEqual(['1', '2']))
    await eventually(() => expect(hanging.keys).toEqual(['1']))
  })

  test('goes on after a delivery that times out', async () => {
    const receiver = await Receiver.start(silence, status(200))
    await owe(owed('1'), owed('2'))
    dispatch([webhook('hook', receiver.url, 50)])
    await eventually(() => expect(receiver.keys).toEqual(['1', '2', '1']))
  })

  test('keeps what is owed over a restart, even of a delivery in hand', async () => {
    const receiver = await Receiver.start(silence)
    await owe(owed('1'), owed('2'))
    const first = dispatch([webhook('hook', receiver.url)])
    await eventually(() => expect(receiver.keys).toEqual(['1']))
    await first.close()
    await store.close()
    expect(problems).toEqual([])

    store = sqliteStore(path)
    receiver.answerFromNowOn(status(200))
    expect(await store.outbox.due('hook', Date.now())).toMatchObject({ key: '1', attempts: 0 })
    dispatch([webhook('hook', receiver.url)])
    await eventually(() => expect(receiver.keys).toEqual(['1', '1', '2']))
  })

  test('marks after the delivery: what was not marked is sent again, with the same key', async () => {
    const receiver = await Receiver.start(status(200))
    await owe(owed('1'))
    const crashing = { ...store.outbox, markDelivered: () => new Promise<void>(() => undefined) }
    startDispatcher(crashing, [webhook('hook', receiver.url)], () => undefined)
    await eventually(() => expect(receiver.keys).toEqual(['1']))
    dispatch([webhook('hook', receiver.url)])
    await eventually(() => expect(receiver.keys).toEqual(['1', '1']))
  })

  test('repeats no delivery while the outbox cannot be written, and marks it once it can', async () => {
    const receiver = await Receiver.start(status(200))
    await owe(owed('1'), owed('2'))
    let failures = 2
    const full: Outbox = {
      ...store.outbox,
      async markDelivered(id) {
        if (failures-- > 0) throw new Error('database or disk is full')
        await store.outbox.markDelivered(id)
      },
    }
    dispatch([webhook('hook', receiver.url)], full)
    await eventually(() => expect(receiver.keys).toEqual(['1', '2']))
    expect(problems).toEqual([
      'hook: the outbox cannot be used: database or disk is full',
      'hook: the outbox cannot be used: database or disk is full',
    ])
  })

  test('survives a sink that throws', async () => {
    const delivered: string[] = []
    let throws = true
    const sink: Sink = {
      name: 'hook',
      async deliver({ key }) {
        if (throws) {
          throws = false
          throw new TypeError('a bug')
        }
        delivered.push(key)
        return { kind: 'delivered' }
      },
    }
    await owe(owed('1'))
    dispatch([sink])
    await eventually(() => expect(delivered).toEqual(['1']))
    expect(problems).toEqual(['hook: could not deliver, will try again in 1 s: a bug'])
  })

  test('ends at once where there is nothing to do', async () => {
    await dispatch([webhook('hook', 'http://127.0.0.1:1/')]).close()
    await dispatch([]).close()
  })
})
