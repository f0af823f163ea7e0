import { sqliteReader } from '../../src/store/sqlite/sqlite-reader.ts'
import { pauseMs } from './promise.ts'

/**
 * Asks a database until the parent process goes, and tells it of each question
 * that failed. A `holdMs` above 0 keeps one answer open for as long each time.
 */
export async function readAgainAndAgain(database: string, holdMs: number): Promise<void> {
  let hasParent = true
  process.on('disconnect', () => {
    hasParent = false
  })
  while (hasParent) {
    try {
      const reader = sqliteReader(database)
      try {
        const [run] = await reader.runs()
        for (const { id } of await reader.series(run?.run ?? '')) {
          await reader.envelope(id, 1000)
          await reader.samples(id, -1, 10_000)
        }
        await reader.alerts({})
        const rows = reader.query('SELECT ordinal, value FROM samples').rows()
        rows.next()
        await pauseMs(holdMs)
        rows.return?.()
      } finally {
        await reader.close()
      }
      if (hasParent) process.send?.({ kind: 'answered' })
    } catch (error) {
      if (hasParent) process.send?.({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) })
    }
    await pauseMs(20)
  }
}
