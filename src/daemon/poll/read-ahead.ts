import type { Commit } from '../../core/pipeline/commit.ts'
import { Round, type RoundSettings } from '../../core/pipeline/round.ts'
import { followPath, type PathFollower } from '../../tail/path-follower.ts'
import { PathReader } from './path-reader.ts'
import { StoreCache } from './store-cache.ts'

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
  readonly #saved: StoreCache
  readonly #cache: StoreCache
  readonly #settings: RoundSettings
  readonly #followers = new Map<string, PathFollower>()
  readonly #reader: PathReader
  readonly #onRead: (commit: Commit) => void

  constructor(saved: StoreCache, settings: RoundSettings, onRead: (commit: Commit) => void) {
    this.#saved = saved
    this.#settings = settings
    this.#reader = new PathReader(settings.rules.formats)
    this.#onRead = onRead
    this.#cache = new StoreCache({
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
      const round = new Round(this.#cache, this.#settings, Date.now())
      const unfinished: string[] = []
      for (const path of due) if (await this.#poll(path, round)) unfinished.push(path)
      unread = [...unread.slice(FILES_A_ROUND), ...unfinished]
      if (round.isEmpty) continue
      round.shareSpikes('new')
      this.#onRead(round.commit())
      const { files, runs } = round.after()
      this.#cache.save(files, runs)
    }
  }

  async close(): Promise<void> {
    for (const follower of this.#followers.values()) await follower.close()
  }

  /** Reads one path on. Returns whether there is more to read now. */
  async #poll(path: string, round: Round): Promise<boolean> {
    const file = this.#cache.file(path) ?? this.#saved.file(path)
    if (file === undefined) return false
    const follower = this.#followers.get(path) ?? followPath(path, { isFollowed: (other) => this.#saved.has(other) })
    this.#followers.set(path, follower)
    try {
      return (await this.#reader.read(follower, file, round)).hasMore
    } catch {
      // The intake polls the file as well, and reports it.
      return false
    }
  }
}
