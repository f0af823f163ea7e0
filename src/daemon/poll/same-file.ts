import { dirname } from 'node:path'
import type { FollowedFile } from '../../core/pipeline/commit.ts'
import { type Cursor, continues } from '../../core/reading/cursor.ts'
import { inodeKey } from '../../core/reading/inode-key.ts'
import type { Disk } from '../../tail/disk.ts'
import { observe } from '../../tail/fingerprint.ts'
import { holdsWhatWasRead, inCopy, isBeginningOf } from '../../tail/gzip-copy.ts'
import { isGzipFile } from '../../tail/gzip-read.ts'
import { unpacked } from './kept-file.ts'
import type { StoreCache } from './store-cache.ts'

/** Files of one kind begin alike: below so many bytes equal content proves nothing. */
const PROOF_BYTES = 256

/** What a path that is new to us stands for. */
export type KnownAs =
  | { readonly kind: 'new' }
  /** A file that is followed under another name, or about to be read to its end there. */
  | { readonly kind: 'followed' }
  /** A log that was read to its end under the path of `past`, and renamed. */
  | { readonly kind: 'read'; readonly past: FollowedFile }

/**
 * Says whether we know the file under another path, by device and inode: a
 * hard link, a link, a root within another, or a log that was rotated to a
 * name like a log's. Equal content in two files is two files; and an inode
 * whose content is not what we read has been given out again.
 */
export async function identify(path: string, key: string, cache: StoreCache, disk: Disk): Promise<KnownAs> {
  const other = cache.pathOf(key)
  const file = other === undefined || other === path ? undefined : cache.file(other)
  if (file !== undefined && (await inodeKeyAt(file.path, disk)) === key) return { kind: 'followed' }
  const past = cache.ended(key)
  if (past !== undefined && (await goesOn(path, past.cursor, disk))) return { kind: 'read', past }
  const cursor = file?.cursor ?? null
  const isLeft = cursor !== null && inodeKey(cursor.device, cursor.inode) === key
  return { kind: isLeft && (await goesOn(path, cursor, disk)) ? 'followed' : 'new' }
}

/**
 * Says whether a compressed file is the copy of a log in its folder that was read: what
 * `gzip` and a log rotation leave behind. Where that log was read to its end, reading goes
 * on in the copy where it stopped, which most often is the end. While the log is still
 * there, or may hold more, the copy is none of ours.
 */
export async function compressedCopy(path: string, cache: StoreCache, disk: Disk): Promise<KnownAs> {
  const handle = await disk.open(path)
  try {
    if (!(await isGzipFile(handle))) return { kind: 'new' }
    for (const past of cache.readIn(dirname(path))) {
      const { cursor } = past
      if (cursor.offset < PROOF_BYTES || cursor.compressedBytes !== undefined) continue
      if ((await inodeKeyAt(past.path, disk)) === inodeKey(cursor.device, cursor.inode)) {
        const { size, mtimeMs } = await handle.stat()
        const version = `${size}:${mtimeMs}`
        if (cache.isCopy(path, version) || (await isBeginningOf(handle, cursor, past.path, disk))) {
          cache.noteCopy(path, version)
          return { kind: 'followed' }
        }
      } else if (await holdsWhatWasRead(handle, cursor)) {
        if (!cursor.isEnded) return { kind: 'followed' }
        return { kind: 'read', past: { ...unpacked(past), cursor: await inCopy(handle, cursor) } }
      }
    }
    return { kind: 'new' }
  } finally {
    await handle.close()
  }
}

/** Device and inode as one text, or null where it is said twice that there is no such file. */
export async function inodeKeyAt(path: string, disk: Disk, isSaidBefore = false): Promise<string | null> {
  try {
    const { dev, ino } = await disk.stat(path, { bigint: true })
    return inodeKey(dev, ino)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return isSaidBefore ? null : inodeKeyAt(path, disk, true)
  }
}

async function goesOn(path: string, cursor: Cursor | null, disk: Disk): Promise<boolean> {
  if (cursor === null) return false
  const handle = await disk.open(path)
  try {
    return continues(cursor, await observe(handle, cursor))
  } finally {
    await handle.close()
  }
}
