import { memberOf } from '../../core/runs/dump-members.ts'
import { databaseRunOf } from '../../core/runs/followed-path.ts'

/** Says what is followed of a file that was written: itself, the dump that it belongs to, or the runs that it holds. */
export class WrittenPaths {
  readonly #databases = new Map<string, string[]>()

  /** Takes note of a path that is followed. */
  add(followed: string): void {
    const database = databaseRunOf(followed)?.path
    if (database === undefined) return
    const runs = this.#databases.get(database)
    if (runs === undefined) this.#databases.set(database, [followed])
    else if (!runs.includes(followed)) runs.push(followed)
  }

  /** The paths that may be followed because of `written`; SQLite writes to a log beside the database. */
  of(written: string): readonly string[] {
    const dump = memberOf(written)?.dump
    const runs = this.#databases.get(written.replace(/-(?:wal|journal)$/, '')) ?? []
    return [written, ...(dump === undefined ? [] : [dump]), ...runs]
  }
}
