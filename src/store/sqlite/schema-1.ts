/**
 * The first schema.
 *
 * A metric's value is two columns. SQLite stores a bound NaN as NULL without a
 * word, so `kind` says what it is: 0 finite, 1 NaN, 2 Infinity, 3 -Infinity,
 * and `raw` keeps the log's own text of a non-finite one.
 */
export const SCHEMA_1 = `
  CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT;

  CREATE TABLE roots (
    path TEXT PRIMARY KEY,
    first_scanned_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE forgotten (
    path TEXT PRIMARY KEY,
    cursor TEXT
  ) STRICT;

  CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'failed', 'crashed', 'idle')),
    backfill INTEGER NOT NULL,
    first_seen_at TEXT NOT NULL,
    last_read_at TEXT NOT NULL,
    memory TEXT NOT NULL
  ) STRICT;

  CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    path TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    format TEXT,
    cursor TEXT,
    state TEXT NOT NULL,
    backfill_until INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX files_by_run ON files (run_id);

  CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    file_id INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    metric TEXT NOT NULL,
    role TEXT NOT NULL,
    samples INTEGER NOT NULL DEFAULT 0,
    non_finite INTEGER NOT NULL DEFAULT 0,
    UNIQUE (file_id, metric)
  ) STRICT;

  CREATE TABLE samples (
    series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    step INTEGER,
    value REAL,
    kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 3),
    raw TEXT CHECK (length(raw) <= 64),
    offset INTEGER,
    PRIMARY KEY (series_id, ordinal),
    CHECK ((kind = 0) = (value IS NOT NULL)),
    CHECK (value IS NULL OR abs(value) <= 1.7976931348623157e308)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX samples_by_step ON samples (series_id, step);
  CREATE INDEX samples_non_finite ON samples (series_id, ordinal) WHERE kind <> 0;

  CREATE TABLE batches (
    file_id INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    step INTEGER,
    offset INTEGER NOT NULL,
    reported_loss TEXT,
    measure TEXT NOT NULL,
    PRIMARY KEY (file_id, ordinal)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE rejects (
    id INTEGER PRIMARY KEY,
    file_id INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    offset INTEGER NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    excerpt TEXT NOT NULL
  ) STRICT;
  CREATE INDEX rejects_by_file ON rejects (file_id);

  CREATE TABLE gaps (
    id INTEGER PRIMARY KEY,
    file_id INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    at TEXT NOT NULL,
    offset INTEGER NOT NULL,
    bytes INTEGER,
    reason TEXT NOT NULL
  ) STRICT;
  CREATE INDEX gaps_by_file ON gaps (file_id);

  CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    rule TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('critical', 'warning', 'info')),
    state TEXT NOT NULL CHECK (state IN ('firing', 'resolved')),
    metric TEXT NOT NULL,
    step INTEGER,
    attempt INTEGER NOT NULL,
    detected_at TEXT NOT NULL,
    message TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX alerts_by_run ON alerts (run_id);

  CREATE TABLE entries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;

  CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    sink TEXT NOT NULL,
    alert_id TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'owed' CHECK (state IN ('owed', 'delivered', 'refused')),
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before_ms INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    UNIQUE (key, sink)
  ) STRICT;
  CREATE INDEX outbox_owed ON outbox (sink, id) WHERE state = 'owed';
  CREATE INDEX outbox_of_alert ON outbox (sink, alert_id, id) WHERE state = 'owed';
`
