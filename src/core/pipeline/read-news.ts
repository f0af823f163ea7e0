import { isOfFirstVersion } from '../reading/cursor.ts'
import { memberOf } from '../runs/dump-members.ts'
import type { FollowedFile } from './commit.ts'
import type { FileRead } from './read.ts'

/**
 * Whether everything in a read was there when the root was first seen, and is back-fill.
 *
 * Null for a file that is appended to: there the offset of each record decides. The
 * rows of a database are old up to a row, and the files of a dump below a
 * number. A file that is rewritten as a whole is old only at its first read,
 * and of a document that is read element by element no later version is old.
 */
export function isOldNews({ cursor, backfillUntil }: FollowedFile, read: FileRead): boolean | null {
  const { content } = read
  // A list may grow at its end as long as the training lasts.
  if (content.kind === 'elements') return isOfFirstVersion(cursor) ? null : false
  if (content.kind === 'rows') return read.cursor.offset <= backfillUntil
  if (read.cursor.member !== undefined) return (memberOf(read.cursor.member)?.number ?? 0) < backfillUntil
  if (content.kind === 'frames' && content.container.framing === 'whole')
    return isOfFirstVersion(cursor) && backfillUntil > 0
  return null
}

/** Whether a read changes anything that has to be committed. A frame that cannot be read is to be reported, too. */
export function isNews(read: FileRead, file: FollowedFile): boolean {
  const { content } = read
  const isOfDocument = content.kind === 'elements' && (content.outline !== null || content.damage !== null)
  return hasGrown(read, file) || content.kind === 'frames' || isOfDocument || read.isFinal
}

/** Whether a read shows that something was written. One that only says that the file is over does not. */
export function hasGrown(read: FileRead, { cursor }: FollowedFile): boolean {
  return (
    read.cursor.offset !== (cursor?.offset ?? 0) ||
    read.cursor.member !== cursor?.member ||
    (read.content.kind === 'frames' && read.content.frames.length > 0) ||
    (read.content.kind === 'elements' && read.content.isAnew) ||
    read.isNewGeneration
  )
}
