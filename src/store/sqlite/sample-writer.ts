import type Database from 'better-sqlite3'
import { bucketOf, chunkOf, joined, type SampleChunk, samplesOf } from '../../chunks/chunk.ts'
import { sectionOf } from '../../chunks/extremes.ts'
import type { PlacedSamples, SampleMove } from '../../core/pipeline/commit.ts'
import { AddedSeries, addedSeries } from './added-chunks.ts'
import { ChunkTable } from './chunk-table.ts'
import { sectionWriter } from './section-table.ts'

/** Writes the samples that were read from a file, together with their series and what sums them up. */
export type SampleWriter = (fileId: number, samples: PlacedSamples, moves: readonly SampleMove[]) => void

/** The writer of samples for one connection. It must be called within a transaction. */
export function sampleWriter(db: Database.Database): SampleWriter {
  const chunks = new ChunkTable(db)
  const putSections = sectionWriter(db)
  const putSeries = db
    .prepare<[object], number>(
      `INSERT INTO series (file_id, metric, role, samples, non_finite)
       VALUES (:fileId, :metric, :role, :samples, :nonFinite)
       ON CONFLICT (file_id, metric) DO UPDATE SET samples = samples + :samples, non_finite = non_finite + :nonFinite
       RETURNING id`,
    )
    .pluck()
  const newestBucket = db.prepare<[number], number | null>('SELECT max(bucket) FROM chunks WHERE series_id = ?').pluck()

  function add(seriesId: number, added: SampleChunk, isNew: boolean): void {
    const { bucket, attempt } = added
    const there = isNew ? [] : chunks.ofBucket(seriesId, bucket)
    refuseTwice(there, added)
    const before = there.find((chunk) => chunk.attempt === attempt)
    chunks.put(seriesId, before === undefined ? added : joined(before, added))
    chunks.listNonFinite(seriesId, added)
  }

  /** Moves a sample to the chunk of another attempt. */
  function move(seriesId: number, ordinal: number, attempt: number): void {
    const bucket = bucketOf(ordinal)
    const there = chunks.ofBucket(seriesId, bucket)
    const from = there.find((chunk) => chunk.ordinals.includes(ordinal))
    if (from === undefined || from.attempt === attempt) return
    const all = samplesOf(from)
    const stay = all.filter((sample) => sample.ordinal !== ordinal)
    const moved = chunkOf(
      bucket,
      attempt,
      all.filter((sample) => sample.ordinal === ordinal),
    )
    if (stay.length === 0) chunks.remove(seriesId, from)
    else chunks.put(seriesId, chunkOf(bucket, from.attempt, stay))
    const to = there.find((chunk) => chunk.attempt === attempt)
    chunks.put(seriesId, to === undefined ? moved : joined(to, moved))
    chunks.moveNonFinite(seriesId, ordinal, attempt)
  }

  return (fileId, samples, moves) => {
    const bySeries = addedSeries(samples)
    for (const { metric } of moves) if (!bySeries.has(metric)) bySeries.set(metric, new AddedSeries('other'))
    for (const [metric, added] of bySeries) {
      const { role, nonFinite, chunks: all } = added
      const seriesId = putSeries.get({ fileId, metric, role, samples: added.samples, nonFinite })!
      const newest = newestBucket.get(seriesId) ?? -1
      let last = newest
      for (const chunk of all) {
        add(seriesId, chunk, chunk.bucket > last)
        last = Math.max(last, chunk.bucket)
      }
      const moved = moves.filter((each) => each.metric === metric)
      for (const { ordinal, attempt } of moved) move(seriesId, ordinal, attempt)
      const changed = [...all.map(({ bucket }) => bucket), ...moved.map(({ ordinal }) => bucketOf(ordinal))]
      putSections(seriesId, new Set([newest, ...changed].map(sectionOf)), sectionOf(last))
    }
  }
}

/** Throws where one of the samples is there already, in whichever attempt. */
function refuseTwice(there: readonly SampleChunk[], added: SampleChunk): void {
  for (const { ordinals } of there) {
    const twice = added.ordinals.find((ordinal) => ordinals.includes(ordinal))
    if (twice !== undefined) throw new Error(`a sample ${twice} is there already`)
  }
}
