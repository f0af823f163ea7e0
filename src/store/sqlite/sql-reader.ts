import type { Reader } from '../store.ts'

/** A reader that can be asked anything beside the questions of the contract, for every table is open to it. */
export interface SqlReader extends Reader {
  /** Runs one read-only statement. ±Infinity and integers beyond 2^53 come as text, blobs as hexadecimal text. Throws a StoreError. */
  query(sql: string): { readonly columns: readonly string[]; rows(): IterableIterator<readonly unknown[]> }
}
