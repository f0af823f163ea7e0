import { homedir } from 'node:os'
import { join } from 'node:path'

/** The database of this account: under XDG_STATE_HOME, or ~/.local/state. */
export function defaultDatabase(): string {
  const state = process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state')
  return join(state, 'nanwatch', 'nanwatch.db')
}
