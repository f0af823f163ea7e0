import { basename, dirname, join } from 'node:path'
import { type Cursor, continues } from '../core/reading/cursor.ts'
import type { Disk } from './disk.ts'
import { observe } from './fingerprint.ts'
import { holdsWhatWasRead } from './gzip-copy.ts'
import { isGzipFile } from './gzip-read.ts'
import type { OpenFile } from './open-file.ts'

/** Below this many bytes read, equal content proves nothing: files of one kind begin with the same header. */
const PROOF_BYTES = 256
const MOST_SIBLINGS = 200

/** A file beside the path that holds what the path's cursor was in. */
export interface Rotated {
  readonly path: string
  readonly handle: OpenFile
  /** Whether it is a compressed copy. */
  readonly isCompressed: boolean
}

/**
 * Looks for the file that the cursor was in, among those beside `path` that
 * share the beginning of its name: `train.log.1` and `train-2026.log` for
 * `train.log`. Either it has the same inode and goes on where reading stopped,
 * or it is a copy that does, compressed or not, long enough to be no chance,
 * and `isFollowed` by nobody. The caller closes the handle.
 */
export async function findRotated(
  path: string,
  cursor: Cursor,
  named: OpenFile | null,
  isFollowed: (path: string) => boolean,
  disk: Disk,
): Promise<Rotated | null> {
  const siblings = await siblingsOf(path, disk)
  const moved = siblings.filter(({ key }) => key === `${cursor.device}:${cursor.inode}`)
  const namedKey = named === null ? null : keyOf(await named.stat({ bigint: true }))
  const copies = siblings.filter((sibling) => sibling.key !== namedKey && !isFollowed(sibling.path))
  for (const sibling of cursor.offset < PROOF_BYTES ? moved : [...moved, ...copies]) {
    const found = await openIfContinues(sibling.path, cursor, disk)
    if (found !== null) return { path: sibling.path, ...found }
  }
  return null
}

async function siblingsOf(
  path: string,
  disk: Disk,
): Promise<readonly { readonly path: string; readonly key: string }[]> {
  const folder = dirname(path)
  const name = basename(path)
  const stem = name.slice(0, Math.max(1, name.indexOf('.') < 1 ? name.length : name.indexOf('.')))
  const names = (await listed(folder, disk)).filter((other) => other !== name && other.startsWith(stem))
  const siblings: { path: string; key: string }[] = []
  // Names that go on where the path's own ends are its rotated logs by custom: they come first.
  const inOrder = [...names.filter((other) => other.startsWith(name)), ...names.filter((o) => !o.startsWith(name))]
  for (const other of inOrder.slice(0, MOST_SIBLINGS)) {
    try {
      const seen = await disk.stat(join(folder, other), { bigint: true })
      if (seen.isFile()) siblings.push({ path: join(folder, other), key: keyOf(seen) })
    } catch {
      // Gone since it was listed: then it is not what we look for.
    }
  }
  return siblings
}

async function listed(folder: string, disk: Disk): Promise<readonly string[]> {
  try {
    return await disk.readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

async function openIfContinues(path: string, cursor: Cursor, disk: Disk): Promise<Omit<Rotated, 'path'> | null> {
  let handle: OpenFile
  try {
    handle = await disk.open(path)
  } catch {
    // What may not be read, or is gone, is of no use here; the gap will be told.
    return null
  }
  if (continues(cursor, await observe(handle, cursor))) return { handle, isCompressed: false }
  const mayBeCopy = cursor.offset >= PROOF_BYTES && cursor.compressedBytes === undefined
  if (mayBeCopy && (await isGzipFile(handle)) && (await holdsWhatWasRead(handle, cursor))) {
    return { handle, isCompressed: true }
  }
  await handle.close()
  return null
}

function keyOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${dev}:${ino}`
}
