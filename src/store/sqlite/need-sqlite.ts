import { errorMessage } from '../../protocol/error-message.ts'
import { requireSqlite } from '../../sqlite/open-sqlite.ts'
import { StoreError } from '../store-error.ts'

/** To be called before anything is said about a database, which need have no fault. Throws a StoreError. */
export function needSqlite(): void {
  try {
    requireSqlite()
  } catch (error) {
    throw new StoreError(errorMessage(error), { cause: error })
  }
}
