import type Database from 'better-sqlite3'
import { CHUNK_SAMPLES } from '../../chunks/chunk.ts'
import { type Extremes, mergeExtremes, packExtremes, partsOf, SECTION_BUCKETS } from '../../chunks/extremes.ts'
import { NO_RAWS, unpackChunk } from '../../chunks/packed-chunk.ts'
import { floatsOfBytes } from '../../chunks/whole-numbers.ts'
import type { SeriesInfo } from '../../protocol/run.ts'
import type { EnvelopeAnswer } from '../../protocol/wire.ts'
import { CHUNK_FIELDS, type ChunkRow, packedOf } from './chunk-columns.ts'
import { EXTREMES_OF_CHUNKS } from './section-table.ts'
import { fromKind, type NonFiniteRow } from './value-kinds.ts'

/** The samples of shorter series are looked at one by one; longer ones are drawn from the extremes of their chunks. */
const MOST_SINGLE_SAMPLES = 65_536

/** Gives the envelope of a series, for one connection. */
export type Envelopes = (series: SeriesInfo, buckets: number) => EnvelopeAnswer

/**
 * Divides a series into about `buckets` groups of neighbouring samples, each with its extremes.
 *
 * A bucket holds samples of one attempt only, so each further attempt may add
 * one. The first NaN, Infinity and -Infinity of each bucket are given beside them.
 */
export function envelopes(db: Database.Database): Envelopes {
  const rows = db.prepare<[number], ChunkRow>(
    `SELECT ${CHUNK_FIELDS} FROM chunks WHERE series_id = ? ORDER BY bucket, attempt`,
  )
  const sections = db.prepare<[number], { section: number; extremes: Uint8Array }>(
    'SELECT section, extremes FROM sections WHERE series_id = ? ORDER BY section',
  )
  const ofChunks = db.prepare<[number, number, number], Extremes>(EXTREMES_OF_CHUNKS)
  // A sample that is not finite is kept for ever.
  const nonFinite = db.prepare<[number, number], NonFiniteRow>(
    'SELECT step, ordinal, kind FROM non_finite_samples WHERE series_id = ? AND ordinal = ?',
  )

  function ofSamples(seriesId: number, groupOf: (ordinal: number) => number): Float64Array[] {
    return rows.all(seriesId).flatMap((row) => {
      const packed = packedOf(row)
      return packed === null ? [] : packExtremes(partsOf(unpackChunk(packed, NO_RAWS), groupOf))
    })
  }

  function ofSections(seriesId: number): Float64Array[] {
    const packed = sections.all(seriesId)
    const next = packed.length === 0 ? 0 : packed.at(-1)!.section + 1
    const open = ofChunks.all(seriesId, next * SECTION_BUCKETS, Number.MAX_SAFE_INTEGER)
    return [...packed.map(({ extremes }) => floatsOfBytes(extremes)), packExtremes(open)]
  }

  return (series, buckets) => {
    const { id, samples, keptFrom } = series
    const size = Math.max(1, Math.ceil(samples / buckets))
    const isSingle = keptFrom === 0 && samples <= MOST_SINGLE_SAMPLES
    const width = isSingle ? size : Math.ceil(size / CHUNK_SAMPLES) * CHUNK_SAMPLES
    const groupOf = (ordinal: number) => Math.floor(ordinal / width)
    const parts = mergeExtremes(isSingle ? ofSamples(id, groupOf) : ofSections(id), groupOf)
    return {
      series,
      ordinal: parts.map((part) => part.firstOrdinal),
      attempt: parts.map((part) => part.attempt),
      fromStep: parts.map((part) => part.minStep),
      toStep: parts.map((part) => part.maxStep),
      min: parts.map((part) => part.min),
      max: parts.map((part) => part.max),
      lastOrdinal: parts.reduce((last, part) => Math.max(last, part.lastOrdinal), -1),
      nonFinite: firstNonFinite(parts)
        .flatMap((ordinal) => nonFinite.get(id, ordinal) ?? [])
        .map((row) => ({ step: row.step, ordinal: row.ordinal, value: fromKind(row.kind) })),
    }
  }
}

/** The ordinals of the first NaN, Infinity and -Infinity of each part. */
function firstNonFinite(parts: readonly Extremes[]): number[] {
  const ordinals: number[] = []
  for (const { firstNan, firstInfinity, firstNegInfinity } of parts)
    for (const ordinal of [firstNan, firstInfinity, firstNegInfinity]) if (ordinal !== null) ordinals.push(ordinal)
  return ordinals.sort((a, b) => a - b)
}
