/**
 * More states of a run, and for each run since when it is in its state and how that is known; null where an earlier
 * version judged it. A CHECK cannot be changed, so the column is made anew.
 */
export const SCHEMA_6 = `
  ALTER TABLE runs ADD COLUMN new_state TEXT NOT NULL DEFAULT 'starting' CHECK (
    new_state IN ('starting', 'running', 'stalled', 'ended', 'finished', 'failed', 'crashed', 'lost', 'idle')
  );
  UPDATE runs SET new_state = state;
  ALTER TABLE runs DROP COLUMN state;
  ALTER TABLE runs RENAME COLUMN new_state TO state;
  ALTER TABLE runs ADD COLUMN state_since TEXT;
  ALTER TABLE runs ADD COLUMN state_known_by TEXT CHECK (
    state_known_by IN ('log', 'process', 'silence', 'alert', 'writes')
  );
  ALTER TABLE runs ADD COLUMN state_reason TEXT;
`
