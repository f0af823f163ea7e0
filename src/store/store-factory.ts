import type { Reader, Store } from './store.ts'
import type { StoreCare } from './store-care.ts'

/** Opens one store: for the one daemon that writes it, and for any number of readers. */
export interface StoreFactory {
  /** Opens it for writing. With `isDamaged` it is repaired first, even if it looks sound. Throws a StoreError. */
  openWriter(found?: { readonly isDamaged: boolean }): Promise<OpenedStore>
  /** Opens it for reading, whether or not a daemon writes it. Throws a StoreError, also where there is no store yet. */
  openReader(): Promise<Reader>
}

/** A store that is open for writing, and its care. */
export interface OpenedStore {
  readonly store: Store
  readonly care: StoreCare
}
