import { randomUUID } from 'node:crypto'
import type { StoreCare } from '../store-care.ts'
import { StoreError } from '../store-error.ts'
import type { StoreFactory } from '../store-factory.ts'
import { emptyContents } from './contents.ts'
import { memoryReader } from './memory-reader.ts'
import { memoryStore } from './memory-store.ts'

/** There is nothing to make room for, to copy or to compare. */
const NO_CARE: StoreCare = { repaired: null, restMs: () => 0, upkeep: async () => undefined }

/**
 * A store without a disk, which is gone with the process. For short histories,
 * as tests have them: each commit copies the lists of all that is held.
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
