import { randomUUID } from 'node:crypto'
import type { StoreCare } from '../store-care.ts'
import { StoreError } from '../store-error.ts'
import type { StoreFactory } from '../store-factory.ts'
import { emptyContents } from './contents.ts'
import { memoryReader } from './memory-reader.ts'
import { memoryStore } from './memory-store.ts'

/** In memory there is nothing to repair, to copy or to compare. */
const NO_CARE: StoreCare = { repaired: null, restMs: () => 0, upkeep: async () => undefined }

/**
 * A store in memory, which is gone with the process. It is for short histories
 * as in tests, because each commit copies all lists.
 */
export function memoryFactory(): StoreFactory {
  const epoch = randomUUID()
  const holder = { contents: emptyContents() }
  let isMade = false
  let isBeingWritten = false
  return {
    async openWriter() {
      if (isBeingWritten)
        throw new StoreError('the store in memory: another nanwatch is writing this database. Stop it first.')
      isMade = true
      isBeingWritten = true
      const store = memoryStore(holder, () => {
        isBeingWritten = false
      })
      return { store, care: NO_CARE }
    },
    async openReader() {
      if (!isMade) throw new StoreError('the store in memory: no nanwatch database yet. Open it for writing first.')
      return memoryReader(epoch, () => holder.contents)
    },
  }
}
