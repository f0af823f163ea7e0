/**
 * Adds the files whose path another file has taken: a log that was renamed is
 * recognised by its row here.
 *
 * The state of the format for lines of names and numbers gains the heading that
 * the lines stand below. Alerts gain the signs that they are made of, and the
 * alert that they are part of.
 */
export const SCHEMA_3 = `
  CREATE TABLE past_files (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    cursor TEXT NOT NULL,
    state TEXT NOT NULL
  ) STRICT;
  CREATE INDEX past_files_by_run ON past_files (run_id);

  UPDATE files SET state = json_set(state, '$.reader.inner.inner', json('{"epoch":null,"phase":""}'))
  WHERE json_extract(state, '$.reader.format') = 'key-value' AND json_type(state, '$.reader.inner.inner') = 'null';

  UPDATE alerts SET body = json_insert(body, '$.signs', json('[]'), '$.partOf', json('null'));
  UPDATE entries SET body = json_insert(body, '$.alert.signs', json('[]'), '$.alert.partOf', json('null'))
  WHERE json_extract(body, '$.type') = 'alert';
`
