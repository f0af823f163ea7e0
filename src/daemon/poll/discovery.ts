import { dirname } from 'node:path'
import { emptyCommit, type FollowedFile, type RunUpdate } from '../../core/pipeline/commit.ts'
import { resume } from '../../core/reading/cursor.ts'
import { kindOfPath } from '../../core/runs/followed-path.ts'
import { type GivenJob, jobsOfGiven, nameRuns } from '../../core/runs/naming.ts'
import { moved, NEW_FILE } from '../../core/state/file-state.ts'
import { errorMessage } from '../../protocol/error-message.ts'
import type { ForgottenFile, Store } from '../../store/store.ts'
import { type Disk, LOCAL_DISK } from '../../tail/disk.ts'
import { observe } from '../../tail/fingerprint.ts'
import { isGzipFile } from '../../tail/gzip-read.ts'
import type { Listings } from '../../tail/listings.ts'
import type { OpenFile } from '../../tail/open-file.ts'
import { pathEnd } from '../../tail/path-follower.ts'
import { scan } from '../../tail/scan.ts'
import { compressedCopy, identify, inodeKeyAt, type KnownAs } from './same-file.ts'
import type { StoreCache } from './store-cache.ts'

/**
 * Lists the files below each root, and adds the new ones to the cache.
 *
 * Returns the folders that were listed. A root that cannot be listed is reported,
 * and the others are listed all the same. `listingsOf` gives what is remembered
 * of the folders of a root.
 */
export async function discover(
  roots: readonly string[],
  exclude: readonly string[],
  cache: StoreCache,
  store: Store,
  onProblem: (path: string, reason: string) => void,
  disk: Disk = LOCAL_DISK,
  listingsOf: (root: string) => Listings | undefined = () => undefined,
): Promise<readonly string[]> {
  const folders: string[] = []
  // The store does not know the inodes of files that were empty when the last daemon ended.
  for (const { path } of cache.files()) {
    if (!cache.hasInode(path) && kindOfPath(path) === 'file') await noteIfThere(path, cache, disk)
  }
  const jobs = jobsOfGiven(new Map(roots.map((root) => [root, root])))
  for (const root of roots) {
    // The root is a file that is followed already. It is not looked for: during a rotation it may be gone for a moment.
    if (cache.has(root)) {
      folders.push(dirname(root))
      continue
    }
    try {
      const job = jobs.get(root)
      folders.push(...(await discoverBelow(root, job, exclude, cache, store, onProblem, disk, listingsOf(root))))
    } catch (error) {
      onProblem(root, errorMessage(error))
    }
  }
  return folders
}

/**
 * Does so for one root, which may be the log of a process of a `job` whose other logs are given, too. At the first time all its files are back-fill: how far
 * each has been written is saved before any of it is read.
 */
async function discoverBelow(
  root: string,
  job: GivenJob | undefined,
  exclude: readonly string[],
  cache: StoreCache,
  store: Store,
  onProblem: (path: string, reason: string) => void,
  disk: Disk,
  listings: Listings | undefined,
): Promise<readonly string[]> {
  const atIso = new Date().toISOString()
  const isFirst = !cache.isScanned(root)
  const { rootName, files, folders, problems } = await scan(root, exclude, disk, listings)
  for (const { path, reason } of problems) onProblem(path, reason)
  if (!isFirst && files.every(({ path }) => cache.has(path))) return folders
  const known = new Map([...cache.files()].map((file) => [file.path, file.run]))
  const ofJob = files.length === 1 && files[0]!.below === '' ? job : undefined
  const runs = nameRuns(ofJob?.rootName ?? rootName, ofJob?.found ?? files, known)
  const added: FollowedFile[] = []
  const taken = new Set<string>()
  let hasMoved = false
  for (const { path, below } of files) {
    if (known.has(path) || (await isForgotten(path, cache.forgotten(path), disk))) continue
    const name = below === '' ? rootName : below
    if (kindOfPath(path) !== 'file') {
      const backfillUntil = isFirst ? await pathEnd(path, disk) : 0
      added.push({ path, run: runs.get(path)!, name, cursor: null, state: NEW_FILE, backfillUntil })
      continue
    }
    const identification = await identifyIfThere(path, cache, disk)
    // The file is gone since it was listed, or cannot be identified now. It may be a known one, so it waits for the next scan.
    if (identification.kind === 'unknown') {
      if (identification.reason !== null) onProblem(path, identification.reason)
      continue
    }
    const { inodeKey, knownAs } = identification
    if (taken.has(inodeKey) || knownAs.kind === 'followed') continue
    taken.add(inodeKey)
    cache.noteInode(path, inodeKey)
    if (knownAs.kind === 'read') {
      hasMoved = true
      added.push({ ...knownAs.past, path, name, state: moved(knownAs.past.state) })
      continue
    }
    const backfillUntil = isFirst ? await writtenBytes(path, disk) : 0
    added.push({ path, run: runs.get(path)!, name, cursor: null, state: NEW_FILE, backfillUntil })
  }
  // How far a renamed log has been read must be stored, or a later daemon would read it again as a new one.
  if (isFirst || hasMoved) {
    const newRuns = [...new Set(added.map(({ run }) => run))]
    await store.commit({
      ...emptyCommit(atIso),
      files: added.map((file) => ({ file, samples: [], moves: [], batches: [], rejects: [] })),
      runs: newRuns.map((run): RunUpdate => {
        const saved = cache.run(run, atIso)
        return { ...saved, backfill: isFirst || saved.backfill, readAt: null }
      }),
      scannedRoots: isFirst ? [root] : [],
    })
    cache.markScanned(root)
  }
  cache.save(added, [])
  return folders
}

async function noteIfThere(path: string, cache: StoreCache, disk: Disk): Promise<void> {
  try {
    const inodeKey = await inodeKeyAt(path, disk)
    if (inodeKey !== null) cache.noteInode(path, inodeKey)
  } catch {
    // The error is reported when the file is read.
  }
}

type Identification =
  | { readonly kind: 'found'; readonly inodeKey: string; readonly knownAs: KnownAs }
  | { readonly kind: 'unknown'; readonly reason: string | null }

/** Finds out which file a new path stands for. */
async function identifyIfThere(path: string, cache: StoreCache, disk: Disk): Promise<Identification> {
  try {
    const inodeKey = await inodeKeyAt(path, disk)
    if (inodeKey === null) return { kind: 'unknown', reason: null }
    const knownAs = await identify(path, inodeKey, cache, disk)
    return {
      kind: 'found',
      inodeKey,
      knownAs: knownAs.kind === 'new' ? await compressedCopy(path, cache, disk) : knownAs,
    }
  } catch (error) {
    return { kind: 'unknown', reason: errorMessage(error) }
  }
}

/** Whether the user has removed the run of this very file. New content under its path is a new file. */
async function isForgotten(path: string, forgotten: ForgottenFile | undefined, disk: Disk): Promise<boolean> {
  if (forgotten === undefined) return false
  if (forgotten.cursor === null) return true
  let handle: OpenFile
  try {
    handle = await disk.open(path)
  } catch {
    // As long as it cannot be opened, it counts as the same file.
    return true
  }
  try {
    const { kind } = resume(forgotten.cursor, await observe(handle, forgotten.cursor))
    return kind === 'unchanged' || kind === 'grown'
  } finally {
    await handle.close()
  }
}

/** How many bytes of a file have been written. All of a compressed one, whose length only shows when it is read. */
async function writtenBytes(path: string, disk: Disk): Promise<number> {
  try {
    const { size } = await disk.stat(path)
    return (await isCompressed(path, disk)) ? Number.MAX_SAFE_INTEGER : size
  } catch (error) {
    // The file is gone since it was listed. What comes under this path later is news.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}

async function isCompressed(path: string, disk: Disk): Promise<boolean> {
  let handle: OpenFile
  try {
    handle = await disk.open(path)
  } catch {
    // The error is reported when the file is read.
    return false
  }
  try {
    return await isGzipFile(handle)
  } finally {
    await handle.close()
  }
}
