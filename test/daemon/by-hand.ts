import { BUILT_IN } from '../../src/core/formats/format-set.ts'
import { lineCapBytes } from '../../src/core/formats/reader.ts'
import type { FollowedFile } from '../../src/core/pipeline/commit.ts'
import { linesIn } from '../../src/core/pipeline/content.ts'
import { discover } from '../../src/daemon/poll/discovery.ts'
import { StoreCache } from '../../src/daemon/poll/store-cache.ts'
import type { Store } from '../../src/store/store.ts'
import type { Disk } from '../../src/tail/disk.ts'
import { FileFollower } from '../../src/tail/follower.ts'

/** Finds and reads files as the daemon does, one look at a time, when it is told to: no clock, and no store but this. */
export class ByHand {
  /** The lines of all files, in the order of reading. */
  readonly lines: string[] = []
  gaps = 0
  problems = 0
  readonly #roots: readonly string[]
  readonly #disk: Disk
  readonly #saved = new Map<string, FollowedFile>()
  readonly #past: FollowedFile[] = []
  readonly #scanned = new Set<string>()
  readonly #followers = new Map<string, FileFollower>()
  #cache: StoreCache

  constructor(roots: readonly string[], disk: Disk) {
    this.#roots = roots
    this.#disk = disk
    this.#cache = this.#remembered()
  }

  get followedPaths(): string[] {
    return [...this.#cache.files()].map(({ path }) => path).sort()
  }

  /** Scans, and reads each file as far as it goes. What fails is a problem, and the next look's to do. */
  async look(): Promise<void> {
    const onProblem = () => {
      this.problems++
    }
    await discover(this.#roots, [], this.#cache, this.#store, onProblem, this.#disk)
    for (const { path } of [...this.#cache.files()]) {
      try {
        await this.#readOn(path)
      } catch {
        this.problems++
      }
    }
  }

  /** Looks until nothing is wrong, and once more: what one look has ended is for the next to begin anew. */
  async settle(): Promise<void> {
    for (let calm = 0; calm < 2; ) {
      const before = this.problems
      await this.look()
      calm = this.problems === before ? calm + 1 : 0
    }
  }

  /** Dies, and comes back with what was saved. */
  async restart(): Promise<void> {
    await this.close()
    this.#cache = this.#remembered()
  }

  async close(): Promise<void> {
    for (const follower of this.#followers.values()) {
      try {
        await follower.close()
      } catch {
        this.problems++
      }
    }
    this.#followers.clear()
  }

  async #readOn(path: string): Promise<void> {
    const follower =
      this.#followers.get(path) ??
      new FileFollower(path, { isFollowed: (other) => this.#cache.file(other) !== undefined, disk: this.#disk })
    this.#followers.set(path, follower)
    for (;;) {
      const file = this.#cache.file(path)!
      const read = await follower.read(file.cursor, lineCapBytes(file.state.reader, BUILT_IN))
      if (read === null) return
      const isNew = read.cursor.offset !== (file.cursor?.offset ?? 0) || read.isFinal || read.isNewGeneration
      if (!isNew) return
      this.lines.push(...linesIn(read.content).map(({ text }) => text))
      if (read.gap !== null) this.gaps++
      if (read.isNewGeneration) this.#past.push(file)
      const known = { ...file, cursor: read.cursor }
      this.#saved.set(path, known)
      this.#cache.save([known], [])
      if (!read.hasMore && !read.isFinal) return
    }
  }

  #remembered(): StoreCache {
    const files = [...this.#saved.values()]
    return new StoreCache({ files, pastFiles: this.#past, runs: [], scannedRoots: this.#scanned, forgotten: [] })
  }

  readonly #store = {
    commit: async (commit: Parameters<Store['commit']>[0]) => {
      for (const { file } of commit.files) this.#saved.set(file.path, file)
      for (const root of commit.scannedRoots) this.#scanned.add(root)
      return 0
    },
  } as Store
}
