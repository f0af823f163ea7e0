import type Database from 'better-sqlite3'
import type { StoreCare } from '../store-care.ts'
import { StoreError } from '../store-error.ts'
import { backUpHourly } from './backups.ts'
import type { ReservedSpace } from './reserved-space.ts'
import { dropOldRows, type Retention } from './retention.ts'
import { Verifier } from './verify.ts'
import { WalCare } from './wal-care.ts'

/** How often the verifier goes on in one upkeep, by 20 chunks of 256 samples each: some hundred thousand samples a minute. */
const VERIFICATIONS_AT_ONCE = 20

export interface CareSettings {
  readonly retention: Retention
  readonly reserved: ReservedSpace
  readonly repaired: string | null
}

/** What the writing connection does beside commits: retention, back-ups, verification, and a short write-ahead log. */
export function sqliteCare(db: Database.Database, path: string, settings: CareSettings): StoreCare {
  const { retention, reserved, repaired } = settings
  const walCare = new WalCare(db, path)
  const verifier = new Verifier(db)

  const verifySome = async (): Promise<void> => {
    for (let i = 0; i < VERIFICATIONS_AT_ONCE; i++) {
      const found = verifier.next()
      if (found === 'end') return
      if (found !== null) {
        throw new StoreError(
          `${path}: samples ${found.firstOrdinal} and after of series ${found.seriesId} are not what was written`,
          { isDamage: true },
        )
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  return {
    repaired,

    restMs: () => walCare.restMs(Date.now()),

    async upkeep(nowMs) {
      await verifySome()
      await dropOldRows(db, retention, nowMs)
      walCare.shorten()
      const missing = reserved.take()
      await backUpHourly(db, path, nowMs)
      if (missing !== null) throw new StoreError(`${path}: ${missing}. Make room: alerts go on, and nothing is lost`)
    },
  }
}
