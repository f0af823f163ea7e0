import type Database from 'better-sqlite3'
import type { PlacedSample, SampleMove } from '../core/commit.ts'
import { isFinite } from '../protocol/value.ts'
import { sqliteRollups } from './sqlite-rollups.ts'
import { toColumns } from './value-columns.ts'

/** Writes the samples that were read of a file, and with them their series and roll-ups. */
export type SampleWriter = (fileId: number, samples: readonly PlacedSample[], moves: readonly SampleMove[]) => void

/** To be called within a transaction. */
export function sampleWriter(db: Database.Database): SampleWriter {
  const rollups = sqliteRollups(db)
  const putSeries = db
    .prepare<[object], number>(
      `INSERT INTO series (file_id, metric, role) VALUES (:fileId, :metric, :role)
       ON CONFLICT (file_id, metric) DO UPDATE SET metric = metric
       RETURNING id`,
    )
    .pluck()
  const addSample = db.prepare(
    `INSERT INTO samples (series_id, ordinal, attempt, step, value, kind, raw, offset)
     VALUES (:seriesId, :ordinal, :attempt, :step, :value, :kind, :raw, :offset)`,
  )
  const countSamples = db.prepare(
    'UPDATE series SET samples = samples + :samples, non_finite = non_finite + :nonFinite WHERE id = :seriesId',
  )
  const moveSample = db.prepare(
    'UPDATE samples SET attempt = :attempt WHERE series_id = :seriesId AND ordinal = :ordinal',
  )

  return (fileId, samples, moves) => {
    const seriesIds = new Map<string, number>()
    const seriesOf = (metric: string, role: string): number => {
      const id = seriesIds.get(metric) ?? putSeries.get({ fileId, metric, role })!
      seriesIds.set(metric, id)
      return id
    }
    const bySeries = new Map<number, PlacedSample[]>()
    for (const sample of samples) {
      const id = seriesOf(sample.metric, sample.role)
      const before = bySeries.get(id)
      if (before === undefined) bySeries.set(id, [sample])
      else before.push(sample)
    }
    for (const [seriesId, added] of bySeries) {
      const rows = added.map(({ ordinal, attempt, step, value, raw, offset }) => ({
        ordinal,
        attempt,
        step,
        raw,
        offset,
        ...toColumns(value),
      }))
      for (const row of rows) addSample.run({ seriesId, ...row })
      rollups.add(seriesId, rows)
      const nonFinite = added.filter(({ value }) => !isFinite(value)).length
      countSamples.run({ seriesId, samples: added.length, nonFinite })
    }
    for (const { metric, ordinal, attempt } of moves) {
      const seriesId = seriesOf(metric, 'other')
      moveSample.run({ seriesId, ordinal, attempt })
      rollups.redo(seriesId, ordinal)
    }
  }
}
