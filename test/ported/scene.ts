import {
  appendFileSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { BUILT_IN } from '../../src/core/formats/format-set.ts'
import type { Commit } from '../../src/core/pipeline/commit.ts'
import { Intake } from '../../src/daemon/poll/intake.ts'
import type { SqlReader } from '../../src/store/sqlite/sql-reader.ts'
import { sqliteReader } from '../../src/store/sqlite/sqlite-reader.ts'
import { type SqliteStore, sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import type { FileEvents } from '../../src/tail/file-events.ts'
import { FaultyDisk } from './faulty-disk.ts'
import type { Mode } from './modes.ts'
import { line } from './ported-case.ts'

export interface SceneSettings {
  readonly mode: Mode
  readonly roots?: readonly string[] | undefined
  readonly exclude?: readonly string[] | undefined
  /** Stands between what the daemon commits and what is stored: a test that forgets some of it must see lines go missing. */
  readonly remember?: (commit: Commit) => Commit
  /** How long anything is waited for. */
  readonly patienceMs?: number
}

const SWEEP_MS = 20
const POLL_MS = 10
const DEADLINE_MS = 60_000
const ROOT = 'runs'
const SENTINEL = 'sentinel/sentinel.jsonl'

/** A daemon with a real store, and a writer of real files below its root. Paths are below `runs`. */
export class Scene {
  /** Paths that were said to be unreadable, in order. */
  readonly problems: string[] = []
  readonly recovered: string[] = []
  readonly #folder: string
  readonly #settings: SceneSettings
  readonly #faulty = new FaultyDisk()
  #sentinels = 0
  #news = 0
  #reader: SqlReader | null = null
  #end: (() => Promise<void>) | null = null

  constructor(folder: string, settings: SceneSettings) {
    this.#folder = folder
    this.#settings = settings
    mkdirSync(join(folder, ROOT))
    this.append(`../${SENTINEL}`, 0)
  }

  async start(): Promise<void> {
    const database = join(this.#folder, 'nanwatch.db')
    const store = sqliteStore(database)
    this.#reader = sqliteReader(database)
    const roots = [...(this.#settings.roots ?? [ROOT]), dirname(SENTINEL)].map((root) => join(this.#folder, root))
    const fileEvents = this.#settings.mode.fileEvents(roots)
    const intake = await this.#intake(roots, store, fileEvents)
    const stop = new AbortController()
    const ended = intake.run(stop.signal)
    this.#end = async () => {
      stop.abort()
      await ended
      await fileEvents.close()
      await store.close()
      await this.#reader?.close()
    }
  }

  async stop(): Promise<void> {
    await this.#end?.()
    this.#end = null
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  path(name: string): string {
    return join(this.#folder, ROOT, name)
  }

  append(name: string, ...numbers: readonly number[]): void {
    this.text(name, numbers.map(line).join(''))
  }

  text(name: string, text: string | Uint8Array): void {
    this.folder(dirname(name))
    appendFileSync(this.path(name), text)
  }

  /** Truncates the file where there is one, and writes to it. */
  write(name: string, ...numbers: readonly number[]): void {
    this.folder(dirname(name))
    writeFileSync(this.path(name), numbers.map(line).join(''))
  }

  /** Puts a new file in its place in one step. */
  replace(name: string, ...numbers: readonly number[]): void {
    this.write(`${name}.tmp`, ...numbers)
    this.rename(`${name}.tmp`, name)
  }

  copyTruncate(name: string, aside: string): void {
    this.copy(name, aside)
    this.truncate(name)
  }

  rename(from: string, to: string): void {
    this.folder(dirname(to))
    renameSync(this.path(from), this.path(to))
  }

  copy(from: string, to: string): void {
    copyFileSync(this.path(from), this.path(to))
  }

  truncate(name: string, bytes = 0): void {
    truncateSync(this.path(name), bytes)
  }

  remove(name: string): void {
    rmSync(this.path(name), { recursive: true })
  }

  folder(name: string): void {
    mkdirSync(this.path(name), { recursive: true })
  }

  link(existing: string, name: string): void {
    linkSync(this.path(existing), this.path(name))
  }

  /** Makes `name` lead to `target`, whatever it led to before. */
  symlink(target: string, name: string): void {
    symlinkSync(this.path(target), this.path(`${name}.tmp`))
    this.rename(`${name}.tmp`, name)
  }

  /** Sets when the file says that it was written, in seconds since 1970. */
  setWritten(name: string, seconds: number): void {
    utimesSync(this.path(name), seconds, seconds)
  }

  /** Lets everything that the daemon asks of a path fail with `code`, or with null no longer fail. */
  fail(name: string, code: string | null): void {
    this.#faulty.fail(this.path(name), code)
  }

  /** Waits until a file has given exactly these lines. */
  async reads(name: string, ...numbers: readonly number[]): Promise<void> {
    await this.#until(`${name} to give ${numbers.join()}`, () => isDeepStrictEqual(this.lines()[name] ?? [], numbers))
  }

  async tellsOfProblem(name: string): Promise<void> {
    await this.#until(`a problem with ${name}`, () => this.problems.includes(this.path(name)))
  }

  /**
   * Waits until each followed file was looked at since it was called: a line
   * of another file was read, and one more, for which a sweep has passed.
   */
  async settle(): Promise<void> {
    for (let i = 0; i < 2; i++) {
      this.append(`../${SENTINEL}`, ++this.#sentinels)
      await this.#until('a look at all files', () => this.#numbersOf(SENTINEL_FOLDER).at(-1) === this.#sentinels)
    }
  }

  /** Waits until it is believed that this life of the file is over, which a daemon that polls doubts for a while. */
  async ends(name: string): Promise<void> {
    const path = this.path(name)
    await this.#until(`${name} to end`, () => this.#rows(ENDED).some(([ended]) => ended === path))
  }

  /** Waits for the lines, and looks whether they stay so: when all was looked at again, and after a restart. */
  async end(lines: Readonly<Record<string, readonly number[]>>): Promise<void> {
    try {
      await this.#until('the last lines', () => isDeepStrictEqual(this.lines(), lines))
    } catch {
      // What is there instead is told by the comparison that follows.
      return
    }
    await this.settle()
    await this.restart()
    await this.settle()
  }

  /** The numbers of the lines that each file has given, in the order in which they were stored. */
  lines(): Readonly<Record<string, readonly number[]>> {
    const found: Record<string, number[]> = {}
    for (const [path, value] of this.#rows(LINES)) {
      const name = String(path).slice(this.#folder.length + 1)
      if (name === SENTINEL) continue
      const below = name.startsWith(`${ROOT}/`) ? name.slice(ROOT.length + 1) : `../${name}`
      found[below] ??= []
      found[below].push(Number(value))
    }
    return found
  }

  count(table: 'gaps' | 'rejects'): number {
    return Number(this.#rows(`SELECT count(*) FROM ${table}`)[0]?.[0])
  }

  #numbersOf(folder: string): readonly number[] {
    return this.#rows(LINES)
      .filter(([path]) => String(path).includes(folder))
      .map(([, value]) => Number(value))
  }

  #rows(sql: string): (readonly unknown[])[] {
    return [...(this.#reader?.query(sql).rows() ?? [])]
  }

  #intake(roots: readonly string[], store: SqliteStore, fileEvents: FileEvents): Promise<Intake> {
    const { remember = (commit: Commit) => commit } = this.#settings
    return Intake.open({
      roots,
      exclude: this.#settings.exclude ?? [],
      sweepMs: SWEEP_MS,
      idleAfterMs: 600_000,
      rules: { epsilon: 1e-10, detectors: {}, formats: BUILT_IN },
      sinks: [],
      care: store,
      store: { ...store, commit: (commit) => store.commit(remember(commit)).finally(() => this.#news++) },
      fileEvents,
      disk: this.#faulty.disk,
      onCommit: () => undefined,
      onUnsaved: () => undefined,
      onReadAhead: () => undefined,
      onProblem: (path) => {
        this.#news++
        this.problems.push(path)
      },
      onRecovered: (path) => this.recovered.push(path),
    })
  }

  async #until(what: string, isSo: () => boolean): Promise<void> {
    const deadline = performance.now() + (this.#settings.patienceMs ?? DEADLINE_MS)
    for (;;) {
      const news = this.#news
      if (isSo()) return
      while (news === this.#news) {
        if (performance.now() > deadline) throw new Error(`waited for ${what}: ${JSON.stringify(this.lines())}`)
        await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      }
    }
  }
}

const SENTINEL_FOLDER = `/${dirname(SENTINEL)}/`
const ENDED = `SELECT path FROM files WHERE json_extract(cursor, '$.isEnded')`
const LINES = `SELECT path, value FROM samples JOIN series ON series.id = series_id JOIN files ON files.id = file_id
  WHERE metric = 'loss' ORDER BY path, ordinal`
