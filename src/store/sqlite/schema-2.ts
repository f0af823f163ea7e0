/**
 * Adds the roll-ups, and how far retention has come in each series. A cursor
 * gains the encoding of its file, and whether that is binary.
 */
export const SCHEMA_2 = `
  CREATE TABLE rollups (
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
    PRIMARY KEY (series_id, bucket, attempt)
  ) STRICT, WITHOUT ROWID;

  ALTER TABLE series ADD COLUMN kept_from INTEGER NOT NULL DEFAULT 0;

  UPDATE files SET cursor = json_insert(cursor, '$.encoding', 'utf-8', '$.isBinary', json('false'));
  UPDATE forgotten SET cursor = json_insert(cursor, '$.encoding', 'utf-8', '$.isBinary', json('false'));
`
