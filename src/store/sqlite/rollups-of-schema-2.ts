// The roll-ups as schemas 2 to 6 have them. Schema 7 sums up its chunks itself.

import { crc32 } from 'node:zlib'
import type Database from 'better-sqlite3'

/** The most neighbouring samples in one roll-up. */
const ROLLUP_SAMPLES = 256

/** A row of `samples`, without the series that it belongs to. */
export interface RolledSample {
  readonly ordinal: number
  readonly attempt: number
  readonly step: number | null
  readonly value: number | null
  readonly kind: number
  readonly raw: string | null
  readonly offset: number | null
}

/** A summary of neighbouring samples of one attempt, folded in the order of reading. */
export interface Rollup {
  readonly bucket: number
  readonly attempt: number
  readonly firstOrdinal: number
  lastOrdinal: number
  minStep: number | null
  maxStep: number | null
  /** How many samples are finite. The next five fields are about those only. */
  finite: number
  min: number | null
  max: number | null
  first: number | null
  last: number | null
  /** Null where the sum overflows a double. */
  sum: number | null
  nan: number
  infinity: number
  negInfinity: number
  /** The ordinals of the first NaN, Infinity and -Infinity. */
  firstNan: number | null
  firstInfinity: number | null
  firstNegInfinity: number | null
  /** The step of the first non-finite sample. */
  badStep: number | null
  /** The CRC-32 of the samples. SQLite has no checksums, and a value with a flipped bit is still a valid value. */
  crc: number
}

function bucketOf(ordinal: number): number {
  return Math.floor(ordinal / ROLLUP_SAMPLES)
}

export function emptyRollup({ ordinal, attempt }: Pick<RolledSample, 'ordinal' | 'attempt'>): Rollup {
  return {
    bucket: bucketOf(ordinal),
    attempt,
    firstOrdinal: ordinal,
    lastOrdinal: ordinal,
    minStep: null,
    maxStep: null,
    finite: 0,
    min: null,
    max: null,
    first: null,
    last: null,
    sum: 0,
    nan: 0,
    infinity: 0,
    negInfinity: 0,
    firstNan: null,
    firstInfinity: null,
    firstNegInfinity: null,
    badStep: null,
    crc: 0,
  }
}

/** Adds the sample that follows those in `rollup` to it. */
export function addSample(rollup: Rollup, sample: RolledSample): void {
  const { ordinal, attempt, step, value, kind, raw, offset } = sample
  rollup.lastOrdinal = ordinal
  if (step !== null) {
    rollup.minStep = Math.min(rollup.minStep ?? step, step)
    rollup.maxStep = Math.max(rollup.maxStep ?? step, step)
  }
  const text = `${ordinal},${attempt},${step},${value},${kind},${raw},${offset};`
  rollup.crc = crc32(raw === null ? text : bytesOf(text), rollup.crc)
  if (value === null) addNonFinite(rollup, sample)
  else addFinite(rollup, value)
}

function addFinite(rollup: Rollup, value: number): void {
  rollup.finite++
  rollup.min = Math.min(rollup.min ?? value, value)
  rollup.max = Math.max(rollup.max ?? value, value)
  rollup.first ??= value
  rollup.last = value
  const sum = rollup.sum === null ? Number.NaN : rollup.sum + value
  rollup.sum = Number.isFinite(sum) ? sum : null
}

function addNonFinite(rollup: Rollup, { ordinal, step, kind }: RolledSample): void {
  if (rollup.nan + rollup.infinity + rollup.negInfinity === 0) rollup.badStep = step
  if (kind === 1) {
    rollup.nan++
    rollup.firstNan ??= ordinal
  } else if (kind === 2) {
    rollup.infinity++
    rollup.firstInfinity ??= ordinal
  } else {
    rollup.negInfinity++
    rollup.firstNegInfinity ??= ordinal
  }
}

/**
 * The bytes of a text for its checksum: one for a character up to U+00FF, and the two of its UTF-16 for any other.
 * The raw text of a log may hold any character, and the checksums in all existing databases were computed this way.
 */
function bytesOf(text: string): Buffer {
  const latin1 = text.replace(/[\u0100-\uffff]/g, (unit) =>
    String.fromCharCode(unit.charCodeAt(0) & 0xff, unit.charCodeAt(0) >>> 8),
  )
  return Buffer.from(latin1, 'latin1')
}

/** The columns of `rollups`, by the fields of a Rollup. */
const ROLLUP_COLUMNS: Readonly<Record<keyof Rollup, string>> = {
  bucket: 'bucket',
  attempt: 'attempt',
  firstOrdinal: 'first_ordinal',
  lastOrdinal: 'last_ordinal',
  minStep: 'min_step',
  maxStep: 'max_step',
  finite: 'finite',
  min: 'min',
  max: 'max',
  first: 'first',
  last: 'last',
  sum: 'sum',
  nan: 'nan',
  infinity: 'infinity',
  negInfinity: 'neg_infinity',
  firstNan: 'first_nan',
  firstInfinity: 'first_infinity',
  firstNegInfinity: 'first_neg_infinity',
  badStep: 'bad_step',
  crc: 'crc',
}

const SAMPLES_OF_BUCKET = `SELECT ordinal, attempt, step, value, kind, raw, offset FROM samples
  WHERE series_id = :seriesId AND ordinal >= :from AND ordinal < :until ORDER BY ordinal`

/** Makes the roll-ups of a database that has none yet. */
export function sumUpAll(db: Database.Database): void {
  const put = db.prepare(
    `INSERT INTO rollups (series_id, ${Object.values(ROLLUP_COLUMNS).join(', ')})
     VALUES (:seriesId, ${Object.keys(ROLLUP_COLUMNS)
       .map((field) => `:${field}`)
       .join(', ')})`,
  )
  const samplesOfBucket = db.prepare<[object], RolledSample>(SAMPLES_OF_BUCKET)
  const series = db.prepare<[], number>('SELECT id FROM series').pluck()
  const last = db.prepare<[object], number>('SELECT max(ordinal) FROM samples WHERE series_id = :seriesId').pluck()
  for (const seriesId of series.all()) {
    const end = last.get({ seriesId }) ?? -1
    for (let from = 0; from <= end; from += ROLLUP_SAMPLES) {
      const byAttempt = new Map<number, Rollup>()
      for (const sample of samplesOfBucket.all({ seriesId, from, until: from + ROLLUP_SAMPLES })) {
        const rollup = byAttempt.get(sample.attempt) ?? emptyRollup(sample)
        byAttempt.set(sample.attempt, rollup)
        addSample(rollup, sample)
      }
      for (const rollup of byAttempt.values()) put.run({ seriesId, ...rollup })
    }
  }
}
