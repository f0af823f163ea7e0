import type Database from 'better-sqlite3'
import { PLAIN_SAMPLES_VIEW } from './samples-view.ts'

/**
 * Samples in chunks: a row holds up to 256 neighbours of one attempt, as `chunks/packed-chunk.ts` packs them, beside what
 * they come to. Its packed columns are null once retention has dropped its finite samples. Those that are not finite have
 * a row each as well, which stays.
 */
export const CHUNK_TABLES = `
  CREATE TABLE chunks (
    id INTEGER PRIMARY KEY,
    series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    bucket INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    first_ordinal INTEGER NOT NULL,
    last_ordinal INTEGER NOT NULL,
    min_step INTEGER,
    max_step INTEGER,
    finite INTEGER NOT NULL,
    min REAL,
    max REAL,
    first REAL,
    last REAL,
    sum REAL,
    nan INTEGER NOT NULL,
    infinity INTEGER NOT NULL,
    neg_infinity INTEGER NOT NULL,
    first_nan INTEGER,
    first_infinity INTEGER,
    first_neg_infinity INTEGER,
    bad_step INTEGER,
    crc INTEGER NOT NULL,
    epoch_scale INTEGER NOT NULL DEFAULT 1,
    ordinal_base INTEGER,
    ordinal_stride INTEGER,
    step_base INTEGER,
    step_stride INTEGER,
    offset_base INTEGER,
    offset_stride INTEGER,
    time_base INTEGER,
    time_stride INTEGER,
    epoch_base INTEGER,
    epoch_stride INTEGER,
    ordinal_rest BLOB,
    step_rest BLOB,
    offset_rest BLOB,
    time_rest BLOB,
    epoch_rest BLOB,
    value_floats BLOB,
    CHECK (finite + nan + infinity + neg_infinity BETWEEN 1 AND 256),
    CHECK (value_floats IS NULL OR length(value_floats) = 8 * (finite + nan + infinity + neg_infinity))
  ) STRICT;
  CREATE UNIQUE INDEX chunks_by_series ON chunks (series_id, bucket, attempt);

  CREATE TABLE non_finite_samples (
    series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    step INTEGER,
    kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 3),
    raw TEXT CHECK (length(raw) <= 64),
    offset INTEGER,
    time_ms INTEGER,
    epoch REAL,
    PRIMARY KEY (series_id, ordinal)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE sections (
    series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    section INTEGER NOT NULL,
    extremes BLOB NOT NULL,
    UNIQUE (series_id, section)
  ) STRICT;
`

/** Puts views in place of the rows that the chunks hold now. */
export function putViewsInPlaceOfRows(db: Database.Database): void {
  db.exec(`
    DROP TABLE samples;
    DROP TABLE rollups;
    CREATE TABLE powers_of_two (exponent INTEGER PRIMARY KEY, value REAL NOT NULL) STRICT;
  `)
  // By the exponent of a float64 as its bits have it: 0 and 1 have the same power, and to double one is exact.
  db.prepare(
    `INSERT INTO powers_of_two (exponent, value)
     WITH RECURSIVE powers (exponent, value) AS (
       SELECT 1, :least UNION ALL SELECT exponent + 1, value * 2 FROM powers WHERE exponent < 2046
     ) SELECT 0, :least UNION ALL SELECT exponent, value FROM powers`,
  ).run({ least: Number.MIN_VALUE })
  db.exec(ROLLUPS_VIEW)
  db.exec(PLAIN_SAMPLES_VIEW)
}

const ROLLUPS_VIEW = `
  CREATE VIEW rollups AS SELECT series_id, bucket, attempt, first_ordinal, last_ordinal, min_step, max_step, finite, min,
    max, first, last, sum, nan, infinity, neg_infinity, first_nan, first_infinity, first_neg_infinity, bad_step, crc
  FROM chunks`
