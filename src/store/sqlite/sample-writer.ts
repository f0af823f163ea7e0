import type Database from 'better-sqlite3'
import { bucketOf, type ChunkSample, chunkOf, joined, type SampleChunk, samplesOf } from '../../chunks/chunk.ts'
import { sectionOf } from '../../chunks/extremes.ts'
import type { PlacedSample, SampleMove } from '../../core/pipeline/commit.ts'
import { isFinite, type MetricValue, toNumber } from '../../protocol/value.ts'
import { ChunkTable } from './chunk-table.ts'
import { sectionWriter } from './section-table.ts'

/** Writes the samples that were read from a file, together with their series and what sums them up. */
export type SampleWriter = (fileId: number, samples: readonly PlacedSample[], moves: readonly SampleMove[]) => void

/** Samples that were added to one chunk. */
interface Added {
  readonly bucket: number
  readonly attempt: number
  readonly samples: ChunkSample[]
}

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

  function add(seriesId: number, { bucket, attempt, samples }: Added, isNew: boolean): void {
    const added = chunkOf(bucket, attempt, samples)
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
    const bySeries = new Map<string, PlacedSample[]>()
    for (const { metric } of moves) bySeries.set(metric, [])
    for (const sample of samples) {
      const before = bySeries.get(sample.metric)
      if (before === undefined) bySeries.set(sample.metric, [sample])
      else before.push(sample)
    }
    for (const [metric, added] of bySeries) {
      const role = added[0]?.role ?? 'other'
      const nonFinite = added.reduce((count, { value }) => count + (isFinite(value) ? 0 : 1), 0)
      const seriesId = putSeries.get({ fileId, metric, role, samples: added.length, nonFinite })!
      const newest = newestBucket.get(seriesId) ?? -1
      const groups = byChunk(added)
      let last = newest
      for (const group of groups) {
        add(seriesId, group, group.bucket > last)
        last = Math.max(last, group.bucket)
      }
      const moved = moves.filter((each) => each.metric === metric)
      for (const { ordinal, attempt } of moved) move(seriesId, ordinal, attempt)
      const changed = [...groups.map(({ bucket }) => bucket), ...moved.map(({ ordinal }) => bucketOf(ordinal))]
      putSections(seriesId, new Set([newest, ...changed].map(sectionOf)), sectionOf(last))
    }
  }
}

/** Samples of one series by the chunks that they belong to, in their order. */
function byChunk(samples: readonly PlacedSample[]): Added[] {
  const groups: Added[] = []
  let open: Added | undefined
  for (const { ordinal, attempt, value, step, offset, timeMs, epoch, raw } of samples) {
    const bucket = bucketOf(ordinal)
    if (open?.bucket !== bucket || open.attempt !== attempt) {
      open = groups.find((group) => group.bucket === bucket && group.attempt === attempt)
      if (open === undefined) {
        open = { bucket, attempt, samples: [] }
        groups.push(open)
      }
    }
    open.samples.push({
      ordinal,
      value: bareOf(value),
      step,
      offset,
      timeMs,
      epoch,
      raw: raw === null ? null : storable(raw),
    })
  }
  return groups
}

/** The float64 of a value. Throws where it is none that a sample may have: a bare NaN is the mistake of a caller. */
function bareOf(value: MetricValue): number {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`a sample is a bare ${value}`)
  return toNumber(value)
}

/** Throws where one of the samples is there already, in whichever attempt. */
function refuseTwice(there: readonly SampleChunk[], added: SampleChunk): void {
  for (const { ordinals } of there) {
    const twice = added.ordinals.find((ordinal) => ordinals.includes(ordinal))
    if (twice !== undefined) throw new Error(`a sample ${twice} is there already`)
  }
}

/** The text as SQLite returns it: half of a surrogate pair, left where raw text was cut, becomes U+FFFD. */
function storable(text: string): string {
  return Buffer.from(text).toString()
}
