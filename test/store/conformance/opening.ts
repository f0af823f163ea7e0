import { expect, test } from 'vitest'
import { StoreError } from '../../../src/store/store-error.ts'
import type { StoreFactory } from '../../../src/store/store-factory.ts'
import { losses } from '../commits.ts'
import { Subject } from './subject.ts'

/** One writes, others read. */
export function testOpening(makeStores: () => Promise<StoreFactory>): void {
  test('by one writer at a time, and the next one hears why not', async () => {
    const at = await Subject.open(await makeStores())
    await expect(at.stores.openWriter()).rejects.toThrow(StoreError)
    await expect(at.stores.openWriter()).rejects.toThrow(/another nanwatch is writing this database/)
    await at.store.commit(losses([1]))
    await at.reopen()
    expect(await at.reader.series()).toMatchObject([{ samples: 1 }])
  })

  test('by no reader before it was ever written', async () => {
    const stores = await makeStores()
    await expect(stores.openReader()).rejects.toThrow(StoreError)
    await expect(stores.openReader()).rejects.toThrow(/no nanwatch database yet/)
    await (await stores.openWriter()).store.close()
    const reader = await stores.openReader()
    expect([await reader.head(), await reader.runs(), await reader.daemon()]).toEqual([0, [], null])
    await reader.close()
  })

  test('with nothing to repair, and needs no rest and no word of what it does for itself', async () => {
    const { store, care } = await (await makeStores()).openWriter()
    expect(care.repaired).toBeNull()
    expect(care.restMs()).toBe(0)
    await store.commit(losses([1, NaN]))
    await care.upkeep(Date.parse('2026-03-01T12:00:00.000Z'))
    expect(await store.commit(losses([]))).toBe(0)
    await store.close()
  })

  test('and takes nothing more once it is closed', async () => {
    const stores = await makeStores()
    const { store } = await stores.openWriter()
    await store.commit(losses([1]))
    await store.close()
    await expect(store.commit(losses([1]))).rejects.toThrow(StoreError)
    const at = await Subject.open(stores)
    await expect(store.forget('a')).rejects.toThrow(StoreError)
    expect(await at.reader.series()).toMatchObject([{ samples: 1 }])
  })
}
