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

/** Files of one kind begin alike, so equal content proves nothing in a file with fewer bytes. */
const PROOF_BYTES = 256

/** The file that a new path stands for, as far as it is known under another path. */
export type KnownAs =
  | { readonly kind: 'new' }
  /** A file that is followed under another path, or will soon be read to its end there. */
  | { readonly kind: 'followed' }
  /** A log that was read to its end under the path of `past`, and has been renamed. */
  | { readonly kind: 'read'; readonly past: FollowedFile }

/**
 * Finds out whether a file is known under another path, by its device and inode.
 *
 * It may be a hard link, a symbolic link, in a root within another root, or a log
 * that was rotated to a name like a log's. Two files with equal content are two
 * files. An inode with other content than was read there before now belongs to
 * another file.
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
 * Finds out whether a compressed file is the copy of a log in its folder that was read, as
 * `gzip` and log rotation leave it.
 *
 * Where that log was read to its end, reading goes on in the copy at the same place, which
 * most often is the end. While the log is still there, or may hold more, the copy is not read.
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

/** The device and inode at a path as one text; null where there is no such file, which is asked twice. */
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
