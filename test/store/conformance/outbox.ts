import { expect, test } from 'vitest'
import type { OwedNotification } from '../../../src/core/alerts/outbox.ts'
import type { Store } from '../../../src/store/store.ts'
import { alert, commit } from '../commits.ts'
import { type OpenSubject, owed } from './subject.ts'

/** What is owed is sent once, in the order of each alert, and not forgotten before it was. */
export function testOutbox(open: OpenSubject): void {
  test('once for each key and sink, however often they are committed', async () => {
    const { store } = await open()
    await owe(store, owed('k'), owed('k'), owed('k', alert(), 'other'))
    await owe(store, owed('k'))
    for (const sink of ['hook', 'other']) {
      const first = await store.outbox.due(sink, 0)
      expect(first).toMatchObject({ key: 'k', attempts: 0 })
      await store.outbox.markDelivered(first!.id)
      expect(await store.outbox.due(sink, 0)).toBeNull()
    }
    await owe(store, owed('k'))
    expect(await store.outbox.due('hook', 0)).toBeNull()
  })

  test('until they are marked, and no longer', async () => {
    const at = await open()
    await owe(at.store, owed('1', alert({ id: '1' })), owed('2', alert({ id: '2' })))
    const first = await at.store.outbox.due('hook', 0)
    expect(await at.store.outbox.due('hook', 0)).toEqual(first)
    await at.reopen()
    expect(await at.store.outbox.due('hook', 0)).toEqual(first)
    await at.store.outbox.markRefused(first!.id, 'HTTP 404')
    expect(await at.store.outbox.due('hook', 0)).toMatchObject({ key: '2' })
    await at.reopen()
    expect(await at.store.outbox.due('hook', 0)).toMatchObject({ key: '2' })
  })

  test('not before the time they were put off to, and counts the tries', async () => {
    const { store } = await open()
    await owe(store, owed('k'))
    const first = await store.outbox.due('hook', 1000)
    await store.outbox.postpone(first!.id, 5000, 'HTTP 500')
    expect(await store.outbox.due('hook', 4999)).toBeNull()
    expect(await store.outbox.nextDueMs('hook')).toBe(5000)
    expect(await store.outbox.due('hook', 5000)).toMatchObject({ key: 'k', attempts: 1 })
    await store.outbox.postpone(first!.id, 9000, 'HTTP 500')
    expect(await store.outbox.due('hook', 8999)).toBeNull()
    expect(await store.outbox.due('hook', 9000)).toMatchObject({ key: 'k', attempts: 2 })
  })

  test('and says when the first of several is due again', async () => {
    const { store } = await open()
    await owe(store, owed('1', alert({ id: '1' })), owed('2', alert({ id: '2' })))
    for (const untilMs of [9000, 5000]) {
      await store.outbox.postpone((await store.outbox.due('hook', 0))!.id, untilMs, 'HTTP 500')
    }
    expect(await store.outbox.nextDueMs('hook')).toBe(5000)
    expect(await store.outbox.due('hook', 5000)).toMatchObject({ key: '2' })
  })

  test('of one alert in their order, while those of other alerts go on', async () => {
    const { store } = await open()
    await owe(store, owed('1/firing', alert({ id: '1' })), owed('1/resolved', alert({ id: '1', state: 'resolved' })))
    await owe(store, owed('2/firing', alert({ id: '2' })))
    const first = await store.outbox.due('hook', 0)
    await store.outbox.postpone(first!.id, 5000, 'HTTP 500')

    const other = await store.outbox.due('hook', 0)
    expect(other).toMatchObject({ key: '2/firing' })
    await store.outbox.markDelivered(other!.id)
    expect(await store.outbox.due('hook', 0)).toBeNull()
    expect(await store.outbox.nextDueMs('hook')).toBe(5000)

    await store.outbox.markDelivered(first!.id)
    expect(await store.outbox.due('hook', 0)).toMatchObject({ key: '1/resolved' })
  })

  test('of two alerts mixed over several commits, each alert in its order, the oldest first, to each sink by itself', async () => {
    const { store } = await open()
    const kinds = ['firing', 'updated', 'resolved']
    for (const kind of kinds) {
      for (const id of ['1', '2']) {
        await owe(store, ...['hook', 'other'].map((sink) => owed(`${id}/${kind}`, alert({ id }), sink)))
      }
    }
    // One that is refused makes way for the next of its alert as one that is delivered does.
    const sent: string[] = []
    for (let next = await store.outbox.due('hook', 0); next !== null; next = await store.outbox.due('hook', 0)) {
      sent.push(next.key)
      await (next.key === '1/firing' ? store.outbox.markRefused(next.id, 'no') : store.outbox.markDelivered(next.id))
    }
    expect(sent).toEqual(['1/firing', '2/firing', '1/updated', '2/updated', '1/resolved', '2/resolved'])
    expect(await store.outbox.due('other', 0)).toMatchObject({ key: '1/firing', attempts: 0 })
  })

  test('with the alert as it was when it was owed', async () => {
    const { store } = await open()
    const [worse, over] = [alert({ headline: 'worse' }), alert({ state: 'resolved' })]
    await owe(store, owed('1', worse), {
      key: '2',
      sink: 'hook',
      transition: { kind: 'resolved', alert: over, isNews: true },
    })
    const first = (await store.outbox.due('hook', 0))!
    expect(first.transition).toEqual({ kind: 'firing', alert: worse, isNews: true })
    await store.outbox.markDelivered(first.id)
    expect((await store.outbox.due('hook', 0))?.transition).toEqual({ kind: 'resolved', alert: over, isNews: true })
  })

  test('to nobody when nothing is owed', async () => {
    const { store } = await open()
    await owe(store, owed('k', alert(), 'other'))
    expect(await store.outbox.due('hook', 0)).toBeNull()
    expect(await store.outbox.nextDueMs('hook')).toBeNull()
  })
}

function owe(store: Store, ...notifications: readonly OwedNotification[]): Promise<number> {
  return store.commit(commit({ owed: notifications }))
}
