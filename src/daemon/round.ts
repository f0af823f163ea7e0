import { type Advance, advance } from '../core/advance.ts'
import { owedNotifications } from '../core/alerts/announce.ts'
import { coalesce } from '../core/alerts/coalesce.ts'
import type { Transition } from '../core/alerts/incidents.ts'
import type { Commit, FileUpdate, FollowedFile, RunUpdate } from '../core/commit.ts'
import { newLife } from '../core/file-state.ts'
import type { Rules } from '../core/read.ts'
import { memberOf } from '../core/runs/dumps.ts'
import { runState } from '../core/runs/state.ts'
import type { EntryBody, Gap } from '../protocol/wire.ts'
import type { SavedRun } from '../store/store.ts'
import type { FileRead } from '../tail/file-look.ts'
import type { Book } from './book.ts'

export interface RoundSettings {
  readonly rules: Rules
  readonly sinks: readonly string[]
  readonly idleAfterMs: number
}

/**
 * Folds the reads of several files into one commit.
 *
 * Drafts only: the book is brought up to date by `saved`, after the store has
 * taken the commit.
 */
export class Round {
  readonly #book: Book
  readonly #settings: RoundSettings
  readonly #nowMs: number
  readonly #nowIso: string
  readonly #files: FileUpdate[] = []
  readonly #runs = new Map<string, SavedRun>()
  readonly #transitions: Transition[] = []
  readonly #gaps: Gap[] = []
  #lines = 0

  constructor(book: Book, settings: RoundSettings, nowMs: number) {
    this.#book = book
    this.#settings = settings
    this.#nowMs = nowMs
    this.#nowIso = new Date(nowMs).toISOString()
  }

  get isEmpty(): boolean {
    return this.#files.length === 0 && this.#runs.size === 0
  }

  /** How many lines it has taken in. */
  get lines(): number {
    return this.#lines
  }

  /** Takes in what was read of one file; at most once for each file. Answers when it is to be read again. */
  add(file: FollowedFile, read: FileRead): Advance['isToBeReadAgain'] {
    const run = this.#runs.get(file.run) ?? this.#book.run(file.run, this.#nowIso)
    const before = read.isNewGeneration ? newLife(file.state) : file.state
    const backfillUntil = read.isNewGeneration ? 0 : file.backfillUntil
    const isOld = isOldNews(file, read)
    const { lines, longLines, frames, rows = null, turnsBinary, damage, isFinal } = read
    const oldUntil = isOld === null ? backfillUntil : isOld ? Number.POSITIVE_INFINITY : 0
    const place = { run: file.run, file: file.path, backfillUntil: oldUntil, nowIso: this.#nowIso }
    this.#lines += lines.length
    const outcome = advance(
      { ...place, lines, longLines, frames, rows, turnsBinary, damage, isFinal },
      before,
      run.memory,
      this.#settings.rules,
    )
    if (outcome.isToBeReadAgain === 'when-changed') return outcome.isToBeReadAgain
    const { samples, moves, batches, rejects } = outcome
    const cursor = outcome.isToBeReadAgain === null ? read.cursor : file.cursor
    this.#files.push({
      file: { ...file, cursor, state: outcome.file, backfillUntil },
      samples,
      moves,
      batches,
      rejects,
    })
    this.#transitions.push(...outcome.transitions)
    if (read.gap !== null) this.#gaps.push({ run: file.run, file: file.path, ...read.gap })

    const writtenMs = Math.min(read.writtenMs, this.#nowMs)
    const readMs = this.#book.hasRun(file.run) ? Math.max(writtenMs, Date.parse(run.lastReadAt)) : writtenMs
    this.#runs.set(file.run, {
      ...run,
      memory: outcome.memory,
      backfill: run.backfill && (isOld ?? read.cursor.offset <= backfillUntil),
      lastReadAt: new Date(Math.min(readMs, this.#nowMs)).toISOString(),
    })
    return outcome.isToBeReadAgain
  }

  /** Judges a run again in which nothing was read: it may have gone quiet. */
  revisit(run: SavedRun): void {
    if (!this.#runs.has(run.run) && this.#stateOf(run) !== run.state) this.#runs.set(run.run, run)
  }

  commit(): Commit {
    const transitions = coalesce(this.#transitions)
    const runs = [...this.#runs.values()].map((run): RunUpdate => {
      const { memory, backfill, lastReadAt } = run
      return { run: run.run, memory, backfill, state: this.#stateOf(run), readAt: lastReadAt }
    })
    const entries: EntryBody[] = [
      ...this.#gaps.map((gap): EntryBody => ({ type: 'gap', gap })),
      ...transitions.map(({ alert, isNews }): EntryBody => ({ type: 'alert', alert, isNews })),
      ...runs
        .filter(({ run, state }) => !this.#book.hasRun(run) || this.#book.run(run, this.#nowIso).state !== state)
        .map(({ run, state, backfill }): EntryBody => ({ type: 'run', run, state, backfill })),
    ]
    return {
      atIso: this.#nowIso,
      files: this.#files,
      runs,
      transitions,
      gaps: this.#gaps,
      entries,
      owed: owedNotifications(transitions, this.#settings.sinks),
      scannedRoots: [],
    }
  }

  /** To be called once the store has taken the commit. */
  saved(): void {
    const runs = [...this.#runs.values()].map((run): SavedRun => ({ ...run, state: this.#stateOf(run) }))
    this.#book.save(
      this.#files.map((update) => update.file),
      runs,
    )
  }

  #stateOf({ memory, lastReadAt }: SavedRun): SavedRun['state'] {
    const critical = memory.incidents.open.some(({ alert }) => alert.severity === 'critical')
    const quietMs = this.#nowMs - Date.parse(lastReadAt)
    return runState({ critical, ending: memory.ending?.kind ?? null, quietMs }, this.#settings.idleAfterMs)
  }
}

/**
 * Whether all that was read stood there when its root was first seen; null where each record tells it by its byte.
 *
 * A file that is rewritten whole is old news once; of a dump the files below a number are, of a database the rows.
 */
function isOldNews({ cursor, backfillUntil }: FollowedFile, read: FileRead): boolean | null {
  if (read.rows !== undefined) return read.cursor.offset <= backfillUntil
  if (read.cursor.member !== undefined) return (memberOf(read.cursor.member)?.number ?? 0) < backfillUntil
  if (read.frames?.container.framing === 'whole') return cursor === null && backfillUntil > 0
  return null
}

/** Whether a read brought anything that a commit should hold. */
export function isNews(read: FileRead, { cursor }: FollowedFile): boolean {
  return (
    read.cursor.offset !== (cursor?.offset ?? 0) ||
    read.cursor.member !== cursor?.member ||
    read.frames !== null ||
    read.isFinal ||
    read.isNewGeneration
  )
}
