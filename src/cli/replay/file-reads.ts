import { stat } from 'node:fs/promises'
import { lineCapBytes } from '../../core/formats/reader.ts'
import { mainReader } from '../../core/formats/source-readers.ts'
import type { FileRead } from '../../core/pipeline/read.ts'
import { kindOfPath } from '../../core/runs/followed-path.ts'
import { followPath } from '../../tail/path-follower.ts'
import { noMore } from './no-more.ts'
import type { Reads } from './replay.ts'

/** Nobody waits for the piece behind this one: the larger it is, the less often a run is judged as it stands. */
const PIECE_BYTES = 4 * 1024 * 1024

/** The reads of a finished file, from its first byte to its last, in bounded memory. */
export const fileReads: Reads = async function* ({ path }, known, formats): AsyncGenerator<FileRead> {
  const isOne = kindOfPath(path) === 'file'
  if (isOne && !(await stat(path)).isFile()) throw new Error(`${path}: not a regular file`)
  const follower = followPath(path, { pieceBytes: PIECE_BYTES })
  try {
    for (;;) {
      const { cursor, state } = known()
      const read: FileRead | null = await follower.read(cursor, lineCapBytes(mainReader(state), formats), true)
      if (read === null) break
      // What is not text has no more to say at its end than it says when it is read.
      const { kind } = read.content
      yield { ...read, isFinal: kind === 'frames' || (kind === 'elements' && read.isFinal) }
      // The cursor stays where a frame holds more than one commit should.
      if (!read.hasMore && known().cursor === read.cursor) break
    }
    yield noMore(known().cursor?.offset ?? 0)
  } finally {
    await follower.close()
  }
}
