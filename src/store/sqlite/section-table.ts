import type Database from 'better-sqlite3'
import { type Extremes, packExtremes, SECTION_BUCKETS } from '../../chunks/extremes.ts'
import { bytesOfFloats } from '../../chunks/whole-numbers.ts'
import { SUMMARY_FIELDS } from './chunk-columns.ts'

/** Selects the extremes of the chunks of a series from a bucket on and before another one. */
export const EXTREMES_OF_CHUNKS = `SELECT attempt, ${SUMMARY_FIELDS} FROM chunks
  WHERE series_id = ? AND bucket >= ? AND bucket < ? ORDER BY bucket, attempt`

/** Packs the extremes of sections of a series, of those whose chunks have changed, up to the newest, which is still open. */
export type SectionWriter = (seriesId: number, changed: ReadonlySet<number>, newest: number) => void

export function sectionWriter(db: Database.Database): SectionWriter {
  const extremes = db.prepare<[number, number, number], Extremes>(EXTREMES_OF_CHUNKS)
  const put = db.prepare<[number, number, Uint8Array]>(
    'INSERT OR REPLACE INTO sections (series_id, section, extremes) VALUES (?, ?, ?)',
  )
  return (seriesId, changed, newest) => {
    for (const section of changed) {
      if (section < 0 || section >= newest) continue
      const from = section * SECTION_BUCKETS
      put.run(seriesId, section, bytesOfFloats(packExtremes(extremes.all(seriesId, from, from + SECTION_BUCKETS))))
    }
  }
}
