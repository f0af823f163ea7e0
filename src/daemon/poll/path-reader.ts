import type { FormatSet } from '../../core/formats/format-set.ts'
import { lineCapBytes } from '../../core/formats/reader.ts'
import { mainReader } from '../../core/formats/source-readers.ts'
import type { FollowedFile } from '../../core/pipeline/commit.ts'
import { isNews } from '../../core/pipeline/read-news.ts'
import type { Round } from '../../core/pipeline/round.ts'
import { hasBroughtData } from '../../core/state/file-state.ts'
import { Descriptors } from '../../tail/descriptors.ts'
import type { PathFollower } from '../../tail/path-follower.ts'

/** What one read of a followed path brought to the current round. */
export interface PathRead {
  /** Whether there was anything new. */
  readonly isNews: boolean
  /** Whether there is more in the file to read now. */
  readonly hasMore: boolean
}

const NOTHING: PathRead = { isNews: false, hasMore: false }

/** Reads on in followed paths, each into a round, and bounds how many of their files stay open. */
export class PathReader {
  readonly #formats: FormatSet
  readonly #descriptors = new Descriptors()

  constructor(formats: FormatSet) {
    this.#formats = formats
  }

  /** Reads once from the cursor of `file` on; see `PathFollower.read`. Throws what the file system throws. */
  async read(follower: PathFollower, file: FollowedFile, round: Round, writerHasLeft = false): Promise<PathRead> {
    try {
      const { cursor, state } = file
      const capBytes = lineCapBytes(mainReader(state), this.#formats)
      const read = await follower.read(cursor, capBytes, writerHasLeft, !hasBroughtData(state))
      if (read === null || !isNews(read, file)) return NOTHING
      const readAgain = round.add(file, read)
      return { isNews: true, hasMore: read.hasMore || (readAgain !== null && readAgain !== 'when-changed') }
    } finally {
      await this.#descriptors.touch(follower)
    }
  }

  /** Closes a path that is no longer followed. */
  async close(follower: PathFollower): Promise<void> {
    await follower.close()
    await this.#descriptors.touch(follower)
  }
}
