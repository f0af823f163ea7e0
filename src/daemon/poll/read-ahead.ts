import { lineCapBytes } from '../../core/formats/reader.ts'
import type { Commit } from '../../core/pipeline/commit.ts'
import { isNews, Round, type RoundSettings } from '../../core/pipeline/round.ts'
import { Descriptors } from '../../tail/descriptors.ts'
import { followPath, type PathFollower } from '../../tail/path-follower.ts'
import { Book } from './store-cache.ts'

const FILES_A_ROUND = 64

/**
 * Reads on in memory while the store cannot save, for the sake of the alerts.
 *
 * It goes from where the store is, with followers of its own: those of the
 * intake hold the files that the saved cursors are in. What it reads is judged
 * and thrown away, so it costs as much memory as the states of the files do,
 * and all of it is read again once the store can save.
 */
export class ReadAhead {
  readonly #saved: Book
  readonly #book: Book
  readonly #settings: RoundSettings
  readonly #followers = new Map<string, PathFollower>()
  readonly #descriptors = new Descriptors()
  readonly #onRead: (commit: Commit) => void

  constructor(saved: Book, settings: RoundSettings, onRead: (commit: Commit) => void) {
    this.#saved = saved
    this.#settings = settings
    this.#onRead = onRead
    this.#book = new Book({
      scannedRoots: new Set(),
      forgotten: [],
      pastFiles: [],
      files: saved.files(),
      runs: [...saved.runs()],
    })
  }

  /** Reads all that there is, for `patienceMs` at most; the next call goes on. */
  async read(patienceMs: number): Promise<void> {
    const untilMs = Date.now() + patienceMs
    let unread = [...this.#saved.files()].map(({ path }) => path)
    while (unread.length > 0 && Date.now() < untilMs) {
      const due = unread.slice(0, FILES_A_ROUND)
      const round = new Round(this.#book, this.#settings, Date.now())
      const unfinished: string[] = []
      for (const path of due) if (await this.#look(path, round)) unfinished.push(path)
      unread = [...unread.slice(FILES_A_ROUND), ...unfinished]
      if (round.isEmpty) continue
      this.#onRead(round.commit())
      const { files, runs } = round.after()
      this.#book.save(files, runs)
    }
  }

  async close(): Promise<void> {
    for (const follower of this.#followers.values()) await follower.close()
  }

  /** Answers whether there is more to read now. */
  async #look(path: string, round: Round): Promise<boolean> {
    const file = this.#book.file(path) ?? this.#saved.file(path)
    if (file === undefined) return false
    const follower = this.#followers.get(path) ?? followPath(path, { isFollowed: (other) => this.#saved.has(other) })
    this.#followers.set(path, follower)
    try {
      const read = await follower.read(file.cursor, lineCapBytes(file.state.reader))
      if (read === null || !isNews(read, file)) return false
      const readAgain = round.add(file, read)
      return read.hasMore || readAgain === 'now'
    } catch {
      // The intake looks at the file as well, and tells of it.
      return false
    } finally {
      await this.#descriptors.looked(follower)
    }
  }
}
