import { basename, dirname, join } from 'node:path'
import { type Cursor, continues } from '../core/reading/cursor.ts'
import { inodeKey } from '../core/reading/inode-key.ts'
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

/** Errors that say that a file is of no use. Any other may be over at the next poll. */
const OF_NO_USE = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP'])

/**
 * Looks for the file that the cursor was in, among those beside `path` that
 * share the beginning of its name: `train.log.1` and `train-2026.log` for
 * `train.log`. Either it has the same inode and goes on where reading stopped,
 * or it is a copy that does, long enough to be no chance, and `isFollowed` by
 * nobody. The caller closes the handle.
 *
 * What is not found is lost, so a search that met with an error is repeated.
 */
export async function findRotated(
  path: string,
  cursor: Cursor,
  named: OpenFile | null,
  isFollowed: (path: string) => boolean,
  disk: Disk,
): Promise<Rotated | null> {
  const namedStat = await named?.stat({ bigint: true })
  const namedKey = namedStat === undefined ? null : inodeKey(namedStat.dev, namedStat.ino)
  const first = await search(path, cursor, namedKey, isFollowed, disk)
  if (first.found !== null || first.errors.length === 0) return first.found
  const { found, errors } = await search(path, cursor, namedKey, isFollowed, disk)
  const passing = errors.find((error) => !OF_NO_USE.has((error as NodeJS.ErrnoException).code ?? ''))
  if (found === null && passing !== undefined) throw passing
  return found
}

interface Search {
  readonly found: Rotated | null
  /** What could not be asked. */
  readonly errors: readonly unknown[]
}

async function search(
  path: string,
  cursor: Cursor,
  namedKey: string | null,
  isFollowed: (path: string) => boolean,
  disk: Disk,
): Promise<Search> {
  const errors: unknown[] = []
  const siblings = await siblingsOf(path, disk, errors)
  const moved = siblings.filter(({ key }) => key === inodeKey(cursor.device, cursor.inode))
  const copies = siblings.filter((sibling) => sibling.key !== namedKey && !isFollowed(sibling.path))
  for (const sibling of cursor.offset < PROOF_BYTES ? moved : [...moved, ...copies]) {
    try {
      const found = await openIfContinues(sibling.path, cursor, disk)
      if (found !== null) return { found: { path: sibling.path, ...found }, errors }
    } catch (error) {
      errors.push(error)
    }
  }
  return { found: null, errors }
}

async function siblingsOf(
  path: string,
  disk: Disk,
  errors: unknown[],
): Promise<readonly { readonly path: string; readonly key: string }[]> {
  const folder = dirname(path)
  const name = basename(path)
  const stem = name.slice(0, Math.max(1, name.indexOf('.') < 1 ? name.length : name.indexOf('.')))
  const siblings: { path: string; key: string }[] = []
  try {
    const names = (await disk.readdir(folder)).filter((other) => other !== name && other.startsWith(stem))
    // Names that go on where the path's own ends are its rotated logs by custom: they come first.
    const inOrder = [...names.filter((other) => other.startsWith(name)), ...names.filter((o) => !o.startsWith(name))]
    for (const other of inOrder.slice(0, MOST_SIBLINGS)) {
      try {
        const seen = await disk.stat(join(folder, other), { bigint: true })
        if (seen.isFile()) siblings.push({ path: join(folder, other), key: inodeKey(seen.dev, seen.ino) })
      } catch (error) {
        errors.push(error)
      }
    }
  } catch (error) {
    errors.push(error)
  }
  return siblings
}

async function openIfContinues(path: string, cursor: Cursor, disk: Disk): Promise<Omit<Rotated, 'path'> | null> {
  const handle = await disk.open(path)
  let isIt = false
  try {
    const isCompressed = cursor.compressedBytes === undefined && (await isGzipFile(handle))
    isIt = isCompressed ? await holdsWhatWasRead(handle, cursor) : continues(cursor, await observe(handle, cursor))
    return isIt ? { handle, isCompressed } : null
  } finally {
    if (!isIt) await handle.close()
  }
}
