import { memberOf } from '../../core/runs/dump-members.ts'
import { databaseRunOf } from '../../core/runs/followed-path.ts'

/** Maps a written file to the followed paths that it may change: its own, that of its dump, or those of the runs in a database. */
export class WrittenPaths {
  readonly #databases = new Map<string, string[]>()

  /** Adds a path that is followed. */
  add(followed: string): void {
    const database = databaseRunOf(followed)?.path
    if (database === undefined) return
    const runs = this.#databases.get(database)
    if (runs === undefined) this.#databases.set(database, [followed])
    else if (!runs.includes(followed)) runs.push(followed)
  }

  /** The paths to read after `written` was written. SQLite may write to a log beside the database instead. */
  of(written: string): readonly string[] {
    const dump = memberOf(written)?.dump
    const runs = this.#databases.get(written.replace(/-(?:wal|journal)$/, '')) ?? []
    return [written, ...(dump === undefined ? [] : [dump]), ...runs]
  }
}
