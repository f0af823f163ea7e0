/**
 * Adds the files that were read to their end and whose path another file has
 * taken: a log that was renamed is known by its row here. What is kept of lines
 * of names and numbers has gained the heading that they stand below; alerts say
 * of which signs they are made, and whether they are part of another.
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
