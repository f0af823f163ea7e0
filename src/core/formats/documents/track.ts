import type { LogRecord, ParseResult } from '../../records/format.ts'

/** One list of a document that grows at its end: the rows of a history, or the values of one metric. */
export interface Track {
  /** Where the list stands in the document; a later version of the document has it under the same name. */
  readonly name: string
  readonly length: number
  /** Tracks of one axis whose steps are equal speak of the same moment, and become one record. */
  readonly axis: string
  at(index: number): ParseResult
}

/** How much of a track has been told, with its first point and the last one told, as text. */
export type TrackMemory = {
  readonly count: number
  readonly first: string
  readonly last: string
  /** What its elements were, where they were read one by one. */
  readonly proof?: Proof
}

/** What elements were: one after another they have these checksums; plain JSON. */
export type Proof = {
  /** The CRC-32 of their checksums. */
  readonly crc: number
  /** What it was behind the first of them, behind two, behind four, and so on. */
  readonly marks: readonly number[]
}

export type TrackMemories = Readonly<Record<string, TrackMemory>>

export interface News {
  readonly results: readonly ParseResult[]
  readonly memories: TrackMemories
  readonly hasMore: boolean
}

const MAX_POINT_CHARS = 256

/**
 * What a version of a document says that the one before it did not, in the order of the steps.
 *
 * A track that still holds the points told before, first and last alike, goes on
 * behind them. One that is shorter, or holds others, is the track of another
 * attempt and is told from its start. At most `maxPoints` are told at once.
 */
export function newsOf(tracks: readonly Track[], before: TrackMemories, maxPoints: number): News {
  const readers = tracks.map((track) => new TrackReader(track, before[track.name]))
  const results: ParseResult[] = []
  for (let points = 0; points < maxPoints; ) {
    const step = lowestStep(readers)
    if (step === null) break
    const open = new Map<string, LogRecord[]>()
    for (const reader of readers) {
      if (reader.step !== step) continue
      points++
      const result = reader.take()
      const records = open.get(reader.track.axis)
      if (result.kind === 'records' && records !== undefined && joins(records, result.records)) continue
      if (result.kind === 'records') {
        const own = [...result.records]
        open.set(reader.track.axis, own)
        results.push({ kind: 'records', records: own })
      } else if (result.kind === 'reject') {
        results.push(result)
      }
    }
  }
  const memories = Object.fromEntries(readers.map((reader) => [reader.track.name, reader.memory]))
  return { results, memories, hasMore: readers.some((reader) => reader.step !== null) }
}

/** The lowest step that any track goes on with, −Infinity where one has no steps; null when all are read. */
function lowestStep(readers: readonly TrackReader[]): number | null {
  let lowest: number | null = null
  for (const { step } of readers) if (step !== null && (lowest === null || step < lowest)) lowest = step
  return lowest
}

/** Adds the metrics of one more track to the record of a step; false where they are no records of a kind. */
function joins(records: LogRecord[], others: readonly LogRecord[]): boolean {
  const [own] = records
  const [other] = others
  if (records.length !== 1 || others.length !== 1 || own?.kind !== 'scalars' || other?.kind !== 'scalars') return false
  if (own.step === null || own.step !== other.step || own.epoch !== other.epoch) return false
  const joined = { ...own, time: own.time ?? other.time, scalars: [...own.scalars, ...other.scalars] }
  const blanks = [...(own.blanks ?? []), ...(other.blanks ?? [])]
  records[0] = blanks.length === 0 ? joined : { ...joined, blanks }
  return true
}

class TrackReader {
  readonly track: Track
  /** The step of the next point, −Infinity for one without; null at the end. */
  step: number | null = null
  #next: number
  #head: ParseResult | null = null

  constructor(track: Track, before: TrackMemory | undefined) {
    this.track = track
    this.#next = before !== undefined && goesOn(track, before) ? before.count : 0
    this.#fill()
  }

  take(): ParseResult {
    const taken = this.#head!
    this.#next++
    this.#fill()
    return taken
  }

  get memory(): TrackMemory {
    const { track } = this
    if (this.#next === 0) return { count: 0, first: '', last: '' }
    return { count: this.#next, first: pointText(track.at(0)), last: pointText(track.at(this.#next - 1)) }
  }

  #fill(): void {
    this.#head = this.#next < this.track.length ? this.track.at(this.#next) : null
    this.step = this.#head === null ? null : stepOf(this.#head)
  }
}

function stepOf(result: ParseResult): number {
  const [record] = result.kind === 'records' ? result.records : []
  if (record === undefined) return -Infinity
  return (record.kind === 'batch' ? record.batch.step : record.step) ?? -Infinity
}

function goesOn(track: Track, { count, first, last }: TrackMemory): boolean {
  if (count === 0 || track.length < count) return false
  return pointText(track.at(0)) === first && pointText(track.at(count - 1)) === last
}

/** A point as text, to know it again by. */
export function pointText(result: ParseResult): string {
  if (result.kind !== 'records') return result.kind
  return result.records.map(recordText).join('; ').slice(0, MAX_POINT_CHARS)
}

function recordText(record: LogRecord): string {
  if (record.kind === 'batch') {
    const { step, n, k, values } = record.batch
    return `${step} ${n}x${k} ${values[0]} ${values[values.length - 1]}`
  }
  if (record.kind === 'hidden') return `${record.step} ${record.reason}`
  return `${record.step} ${record.epoch} ${record.scalars.map(({ metric, value }) => `${metric}=${value}`).join(' ')}`
}
