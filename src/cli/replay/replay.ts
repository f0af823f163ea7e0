import type { Transition } from '../../core/alerts/incident.ts'
import type { FormatSet } from '../../core/formats/format-set.ts'
import type { Commit, FileUpdate, FollowedFile } from '../../core/pipeline/commit.ts'
import type { FileRead, ReadListener, Rules } from '../../core/pipeline/read.ts'
import { type KnownBefore, Round, type RoundSettings } from '../../core/pipeline/round.ts'
import { NEW_FILE } from '../../core/state/file-state.ts'
import { EMPTY_MEMORY } from '../../core/state/run-memory.ts'
import { NOT_JUDGED, type SavedRun } from '../../core/state/saved-run.ts'
import { TemplateShelf } from '../../core/templates/template-shelf.ts'
import type { Alert } from '../../protocol/alert.ts'

/** A finished file to be read from its first byte to its last. */
export interface ReplayFile {
  readonly path: string
  readonly run: string
}

/** Where the content of a file comes from; `known` says how far it has been read, and as what. */
export type Reads = (file: ReplayFile, known: () => FollowedFile, formats: FormatSet) => AsyncIterable<FileRead>

/** What one read of one file came to. */
export interface ReplayStep extends FileUpdate {
  readonly transitions: readonly Transition[]
  /** How far the file has been read. */
  readonly bytesRead: number
}

/** A run that is over is neither idle nor silent. */
const NEVER_IDLE_MS = Number.POSITIVE_INFINITY
const NONE_MISREAD: ReadonlySet<string> = new Set()

/**
 * Files that are read once more, or for once: what the daemon would have made of them.
 *
 * Each read goes through the same rounds as the daemon's, with memory in place
 * of the store. What needs a clock is not judged.
 */
export class Replay implements KnownBefore {
  readonly #settings: RoundSettings
  readonly #templates: TemplateShelf | null
  readonly #runs = new Map<string, SavedRun>()
  readonly #alerts = new Map<string, Alert>()
  #file: FollowedFile | undefined

  /** Without templates each line is read by its format, and each record judged by itself. */
  constructor(rules: Rules, templates: TemplateShelf | null = new TemplateShelf()) {
    this.#templates = templates
    this.#settings = { rules, sinks: [], idleAfterMs: NEVER_IDLE_MS, ...(templates !== null && { templates }) }
  }

  /** Each alert as it stands by now, in the order in which they opened; those that are part of another, too. */
  get alerts(): readonly Alert[] {
    return [...this.#alerts.values()]
  }

  /** The files of which lines were read otherwise than their format does. */
  get misread(): ReadonlySet<string> {
    return this.#templates?.misread ?? NONE_MISREAD
  }

  /** Reads one file to its end; of two files of a run either may explain what the other shows. */
  async *read(file: ReplayFile, reads: Reads, listener?: ReadListener): AsyncGenerator<ReplayStep> {
    let followed: FollowedFile = { ...file, name: file.path, cursor: null, state: NEW_FILE, backfillUntil: 0 }
    for await (const read of reads(file, () => followed, this.#settings.rules.formats)) {
      this.#file = followed
      const round = new Round(this, this.#settings, Date.now())
      round.add(followed, read, listener)
      const { files, transitions } = this.#take(round)
      for (const update of files) {
        followed = update.file
        yield { ...update, transitions, bytesRead: read.cursor.offset }
      }
    }
  }

  /** Explains the runs by each other, once all of them have been read, and by the alerts of `others`. */
  end(others: readonly Alert[] = []): void {
    const round = new Round(this, this.#settings, Date.now())
    round.explainByOthers(
      'all',
      others.filter(({ run }) => !this.hasRun(run)),
    )
    this.#take(round)
  }

  /** Keeps what a round came to, as the store would. */
  #take(round: Round): Commit {
    const commit = round.commit()
    for (const run of round.after().runs) this.#runs.set(run.run, run)
    for (const { alert } of commit.transitions) this.#alerts.set(alert.id, alert)
    return commit
  }

  file(path: string): FollowedFile | undefined {
    return this.#file?.path === path ? this.#file : undefined
  }

  /** The files of a run are needed where its processes end, which a log does not show. */
  filesOf(): readonly FollowedFile[] {
    return []
  }

  runs(): Iterable<SavedRun> {
    return this.#runs.values()
  }

  hasRun(name: string): boolean {
    return this.#runs.has(name)
  }

  run(name: string, atIso: string): SavedRun {
    return (
      this.#runs.get(name) ?? { ...NOT_JUDGED, run: name, memory: EMPTY_MEMORY, backfill: false, lastReadAt: atIso }
    )
  }
}
