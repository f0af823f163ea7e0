import { BUILT_IN, type FormatSet } from '../../src/core/formats/format-set.ts'
import { lineCapBytes } from '../../src/core/formats/reader.ts'
import type { FollowedFile } from '../../src/core/pipeline/commit.ts'
import { isNews } from '../../src/core/pipeline/read-news.ts'
import { type KnownBefore, Round } from '../../src/core/pipeline/round.ts'
import type { LogRecord } from '../../src/core/records/format.ts'
import { NEW_FILE } from '../../src/core/state/file-state.ts'
import { EMPTY_MEMORY } from '../../src/core/state/run-memory.ts'
import { NOT_JUDGED, type SavedRun } from '../../src/core/state/saved-run.ts'
import { TemplateShelf } from '../../src/core/templates/template-shelf.ts'
import { FileFollower } from '../../src/tail/follower.ts'

const NOW_MS = Date.parse('2026-11-29T10:00:00Z')

/** What one look at a document brought. */
export interface Look {
  readonly records: readonly LogRecord[]
  readonly rejects: readonly string[]
  /** How many reads that took. */
  readonly reads: number
  /** Whether a read was of its elements, and whether one was of it as a whole. */
  readonly kinds: ReadonlySet<string>
  readonly isBackfill: boolean
}

/** Follows a document as the daemon does; all that is known of it goes through JSON after each read, as the store keeps it. */
export class FollowedDocument {
  file: FollowedFile
  #run: SavedRun | null = null
  #follower: FileFollower
  readonly #formats: FormatSet
  /** Whether records are judged by themselves, and none is read by a template. */
  readonly #isSlow: boolean

  constructor(path: string, { formats = BUILT_IN, backfillUntil = 0, isSlow = false } = {}) {
    this.file = { path, run: path, name: path, cursor: null, state: NEW_FILE, backfillUntil }
    this.#follower = new FileFollower(path)
    this.#formats = formats
    this.#isSlow = isSlow
  }

  get run(): SavedRun {
    return this.#run!
  }

  /** Reads what is new; `between` is called after each read. */
  async look({ writerHasLeft = false, between = (): void => undefined } = {}): Promise<Look> {
    const records: LogRecord[] = []
    const rejects: string[] = []
    const kinds = new Set<string>()
    let [reads, isBackfill] = [0, false]
    const settings = {
      rules: { epsilon: 1e-10, detectors: {}, formats: this.#formats },
      sinks: [],
      idleAfterMs: 600_000,
      ...(!this.#isSlow && { templates: new TemplateShelf() }),
    }
    const known: KnownBefore = {
      file: () => this.file,
      runs: () => (this.#run === null ? [] : [this.#run]),
      hasRun: () => this.#run !== null,
      run: (run, lastReadAt) => this.#run ?? { run, memory: EMPTY_MEMORY, backfill: true, lastReadAt, ...NOT_JUDGED },
      filesOf: () => [this.file],
    }
    for (;;) {
      const capBytes = lineCapBytes(this.file.state.reader, this.#formats)
      const read = await this.#follower.read(this.file.cursor, capBytes, writerHasLeft)
      if (read === null || !isNews(read, this.file)) break
      reads++
      kinds.add(read.content.kind)
      const round = new Round(known, settings, NOW_MS)
      const listener = {
        record: (record: LogRecord) => records.push(record),
        rows: ({
          source,
          from,
          length,
        }: {
          source: { recordOf(row: number): LogRecord }
          from: number
          length: number
        }) => {
          for (let row = from; row < from + length; row++) records.push(source.recordOf(row))
        },
        skippedLine: () => undefined,
        hidden: () => undefined,
      }
      const again = round.add(this.file, read, listener)
      const commit = round.commit()
      const { files, runs } = round.after()
      this.file = JSON.parse(JSON.stringify(files[0] ?? this.file))
      this.#run = runs[0] ?? this.#run
      rejects.push(...commit.files.flatMap((file) => file.rejects.map(({ offset, detail }) => `${offset}: ${detail}`)))
      isBackfill ||= this.#run?.backfill === true
      between()
      if (!read.hasMore && (again === null || again === 'when-changed') && !read.isFinal) break
      if (reads > 1000) throw new Error('the document is read again and again')
    }
    return { records, rejects, reads, kinds, isBackfill }
  }

  /** Another process goes on where this one was. */
  async restart(): Promise<void> {
    await this.#follower.close()
    this.#follower = new FileFollower(this.file.path)
  }

  close(): Promise<void> {
    return this.#follower.close()
  }
}
