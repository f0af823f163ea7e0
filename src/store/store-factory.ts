import type { Reader, Store } from './store.ts'
import type { StoreCare } from './store-care.ts'

/** One store, closed: it can be opened for the one daemon that writes it, and for any number of readers. */
export interface StoreFactory {
  /** A store that was found to be damaged is repaired first, though it may look sound. Throws a StoreError. */
  openWriter(found?: { readonly isDamaged: boolean }): Promise<OpenedStore>
  /** Works beside a daemon that writes, or alone. Throws a StoreError, also where there is no store yet. */
  openReader(): Promise<Reader>
}

/** A store that is open for writing, and what it needs besides commits. */
export interface OpenedStore {
  readonly store: Store
  readonly care: StoreCare
}
