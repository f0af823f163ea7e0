import type { Commit } from '../../core/pipeline/commit.ts'
import { Round, type RoundSettings } from '../../core/pipeline/round.ts'
import { followPath, type PathFollower } from '../../tail/path-follower.ts'
import { PathReader } from './path-reader.ts'
import { StoreCache } from './store-cache.ts'

const FILES_A_ROUND = 64

/**
 * Reads on in memory while the store cannot save, so that alerts do not wait.
 *
 * It starts where the store is, with followers of its own, because those of the
 * intake must keep the files open that the saved cursors are in. What it reads is
 * judged and dropped, so it only keeps the states of the files in memory.
 * Everything is read again once the store can save.
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

  /** Reads everything that is there, for at most `patienceMs`. The next call goes on from there. */
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
      round.explainByOthers('new')
      this.#onRead(round.commit())
      const { files, runs } = round.after()
      this.#cache.save(files, runs)
    }
  }

  async close(): Promise<void> {
    for (const follower of this.#followers.values()) await follower.close()
  }

  /** Reads on in one path. Returns whether there is more to read now. */
  async #poll(path: string, round: Round): Promise<boolean> {
    const file = this.#cache.file(path) ?? this.#saved.file(path)
    if (file === undefined) return false
    const follower = this.#followers.get(path) ?? followPath(path, { isFollowed: (other) => this.#saved.has(other) })
    this.#followers.set(path, follower)
    try {
      return (await this.#reader.read(follower, file, round)).hasMore
    } catch {
      // The intake polls the file as well, and reports the error.
      return false
    }
  }
}
