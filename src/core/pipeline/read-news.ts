import { memberOf } from '../runs/dump-members.ts'
import type { FollowedFile } from './commit.ts'
import type { FileRead } from './read.ts'

/**
 * Whether all that was read stood there when its root was first seen; null where the byte of each record decides.
 *
 * A file that is rewritten whole is old news once; of a dump the files below a number are, of a database the rows.
 */
export function isOldNews({ cursor, backfillUntil }: FollowedFile, read: FileRead): boolean | null {
  const { content } = read
  if (content.kind === 'rows') return read.cursor.offset <= backfillUntil
  if (read.cursor.member !== undefined) return (memberOf(read.cursor.member)?.number ?? 0) < backfillUntil
  if (content.kind === 'frames' && content.container.framing === 'whole') return cursor === null && backfillUntil > 0
  return null
}

/** Whether a read brought anything that a commit should hold. */
export function isNews(read: FileRead, { cursor }: FollowedFile): boolean {
  return (
    read.cursor.offset !== (cursor?.offset ?? 0) ||
    read.cursor.member !== cursor?.member ||
    read.content.kind === 'frames' ||
    read.isFinal ||
    read.isNewGeneration
  )
}
