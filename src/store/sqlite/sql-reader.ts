import type { Reader } from '../store.ts'

/** A reader that also takes any SQL query. */
export interface SqlReader extends Reader {
  /** Runs one read-only statement. ±Infinity and integers beyond 2^53 are returned as text, blobs as hexadecimal text. Throws a StoreError. */
  query(sql: string): { readonly columns: readonly string[]; rows(): IterableIterator<readonly unknown[]> }
}
