import Sqlite from 'better-sqlite3'

/** A value as MLflow is asked to log it. */
export interface Logged {
  readonly run: string
  readonly step: number
  readonly metrics: Readonly<Record<string, number>>
  readonly timeMs?: number
}

/** The tables of MLflow that hold runs and metrics, with the constraints that it gives them. */
export function createMlflow(path: string, journalMode = 'delete'): Sqlite.Database {
  const db = new Sqlite(path)
  db.pragma(`journal_mode = ${journalMode}`)
  db.exec(`
    CREATE TABLE experiments (experiment_id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(256) NOT NULL UNIQUE,
      lifecycle_stage VARCHAR(32));
    CREATE TABLE runs (run_uuid VARCHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(250), status VARCHAR(9),
      lifecycle_stage VARCHAR(20), experiment_id INTEGER REFERENCES experiments (experiment_id));
    CREATE TABLE metrics (key VARCHAR(250) NOT NULL, value FLOAT NOT NULL, timestamp BIGINT NOT NULL,
      run_uuid VARCHAR(32) NOT NULL REFERENCES runs (run_uuid), step BIGINT DEFAULT '0' NOT NULL,
      is_nan BOOLEAN DEFAULT '0' NOT NULL,
      CONSTRAINT metric_pk PRIMARY KEY (key, timestamp, step, run_uuid, value, is_nan), CHECK (is_nan IN (0, 1)));
    CREATE INDEX index_metrics_run_uuid ON metrics (run_uuid);
    INSERT INTO experiments VALUES (0, 'Default', 'active');
  `)
  return db
}

export function addRun(db: Sqlite.Database, uuid: string, name: string, stage = 'active'): void {
  db.prepare("INSERT INTO runs VALUES (?, ?, 'RUNNING', ?, 0)").run(uuid, name, stage)
}

/** Stores values as MLflow does: 0 and a mark for NaN, the largest double for an infinity. */
export function logMetrics(db: Sqlite.Database, { run, step, metrics, timeMs = 1767261600000 + step }: Logged): void {
  const insert = db.prepare('INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?)')
  for (const [key, value] of Object.entries(metrics)) {
    const isNan = Number.isNaN(value)
    const stored = isNan ? 0 : Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value))
    insert.run(key, stored, timeMs, run, step, isNan ? 1 : 0)
  }
}

/** The table of Trackio, in the journal mode that it sets. */
export function createTrackio(path: string): Sqlite.Database {
  const db = new Sqlite(path)
  db.pragma('journal_mode = WAL')
  db.exec(`
    CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT NOT NULL, run_name TEXT NOT NULL,
      step INTEGER NOT NULL, metrics TEXT NOT NULL);
    CREATE INDEX idx_metrics_run_step ON metrics (run_name, step);
  `)
  return db
}

export function logToTrackio(db: Sqlite.Database, run: string, step: number, metrics: string): void {
  db.prepare('INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?)').run(
    '2026-01-01T10:00:00.500000',
    run,
    step,
    metrics,
  )
}
