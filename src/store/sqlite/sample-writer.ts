import type Database from 'better-sqlite3'
import type { PlacedSample, SampleMove } from '../../core/pipeline/commit.ts'
import { isFinite } from '../../protocol/value.ts'
import { sqliteRollups } from './sqlite-rollups.ts'
import { toColumns } from './value-columns.ts'

/** Writes the samples that were read from a file, together with their series and roll-ups. */
export type SampleWriter = (fileId: number, samples: readonly PlacedSample[], moves: readonly SampleMove[]) => void

/** The writer of samples for one connection. It must be called within a transaction. */
export function sampleWriter(db: Database.Database): SampleWriter {
  const rollups = sqliteRollups(db)
  const putSeries = db
    .prepare<[object], number>(
      `INSERT INTO series (file_id, metric, role, samples, non_finite)
       VALUES (:fileId, :metric, :role, :samples, :nonFinite)
       ON CONFLICT (file_id, metric) DO UPDATE SET samples = samples + :samples, non_finite = non_finite + :nonFinite
       RETURNING id`,
    )
    .pluck()
  const addSample = db.prepare(
    `INSERT INTO samples (series_id, ordinal, attempt, step, value, kind, raw, offset)
     VALUES (:seriesId, :ordinal, :attempt, :step, :value, :kind, :raw, :offset)`,
  )
  const moveSample = db.prepare(
    'UPDATE samples SET attempt = :attempt WHERE series_id = :seriesId AND ordinal = :ordinal',
  )

  return (fileId, samples, moves) => {
    const bySeries = new Map<string, PlacedSample[]>()
    for (const { metric } of moves) bySeries.set(metric, [])
    for (const sample of samples) {
      const before = bySeries.get(sample.metric)
      if (before === undefined) bySeries.set(sample.metric, [sample])
      else before.push(sample)
    }
    const seriesIds = new Map<string, number>()
    for (const [metric, added] of bySeries) {
      const role = added[0]?.role ?? 'other'
      const nonFinite = added.filter(({ value }) => !isFinite(value)).length
      const seriesId = putSeries.get({ fileId, metric, role, samples: added.length, nonFinite })!
      seriesIds.set(metric, seriesId)
      const rows = added.map(({ ordinal, attempt, step, value, raw, offset }) => ({
        ordinal,
        attempt,
        step,
        raw: raw === null ? null : storable(raw),
        offset,
        ...toColumns(value),
      }))
      for (const row of rows) addSample.run({ seriesId, ...row })
      rollups.add(seriesId, rows)
    }
    for (const { metric, ordinal, attempt } of moves) {
      const seriesId = seriesIds.get(metric)!
      moveSample.run({ seriesId, ordinal, attempt })
      rollups.redo(seriesId, ordinal)
    }
  }
}

/** The text as SQLite returns it: half of a surrogate pair, left where raw text was cut, becomes U+FFFD. */
function storable(text: string): string {
  return Buffer.from(text).toString()
}
