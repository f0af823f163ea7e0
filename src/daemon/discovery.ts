import { type FileHandle, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { emptyCommit, type FollowedFile, type RunUpdate } from '../core/commit.ts'
import { newFile } from '../core/file-state.ts'
import { resume } from '../core/reading/cursor.ts'
import { nameRuns } from '../core/runs/naming.ts'
import type { ForgottenFile, Store } from '../store/store.ts'
import { observe } from '../tail/fingerprint.ts'
import { scan } from '../tail/scan.ts'
import type { Book } from './book.ts'

/**
 * Lists what lies below each root and adds what is new to the book. Answers
 * with the folders looked into. A root that cannot be listed is reported and
 * holds up no other.
 */
export async function discover(
  roots: readonly string[],
  exclude: readonly string[],
  book: Book,
  store: Store,
  onProblem: (path: string, reason: string) => void,
): Promise<readonly string[]> {
  const folders: string[] = []
  for (const root of roots) {
    // A root that is a file, and followed: it has no more to show, and may be gone for a moment while it is rotated.
    if (book.file(root) !== undefined) {
      folders.push(dirname(root))
      continue
    }
    try {
      folders.push(...(await discoverBelow(root, exclude, book, store, onProblem)))
    } catch (error) {
      onProblem(root, error instanceof Error ? error.message : String(error))
    }
  }
  return folders
}

/**
 * The first time that a root is seen its files are old news: how far each has
 * been written is saved as back-fill, before any of it is read.
 */
async function discoverBelow(
  root: string,
  exclude: readonly string[],
  book: Book,
  store: Store,
  onProblem: (path: string, reason: string) => void,
): Promise<readonly string[]> {
  const atIso = new Date().toISOString()
  const isFirst = !book.isScanned(root)
  const { rootName, files, folders, problems } = await scan(root, exclude)
  for (const { path, reason } of problems) onProblem(path, reason)
  const known = new Map([...book.files()].map((file) => [file.path, file.run]))
  const runs = nameRuns(rootName, files, known)
  const added: FollowedFile[] = []
  for (const { path, below } of files) {
    if (known.has(path) || (await isForgotten(path, book.forgotten(path)))) continue
    const name = below === '' ? rootName : below
    const backfillUntil = isFirst ? await sizeBytes(path) : 0
    added.push({ path, run: runs.get(path)!, name, cursor: null, state: newFile(), backfillUntil })
  }
  if (isFirst) {
    const newRuns = [...new Set(added.map(({ run }) => run))]
    await store.commit({
      ...emptyCommit(atIso),
      files: added.map((file) => ({ file, samples: [], moves: [], batches: [], rejects: [] })),
      runs: newRuns.map((run): RunUpdate => ({ ...book.run(run, atIso), backfill: true, readAt: null })),
      scannedRoots: [root],
    })
    book.markScanned(root)
  }
  book.save(added, [])
  return folders
}

/** Whether the user had this very file forgotten. New content under its path is a new file. */
async function isForgotten(path: string, forgotten: ForgottenFile | undefined): Promise<boolean> {
  if (forgotten === undefined) return false
  if (forgotten.cursor === null) return true
  let handle: FileHandle
  try {
    handle = await open(path)
  } catch {
    // What cannot be opened cannot be told from what was forgotten.
    return true
  }
  try {
    const { kind } = resume(forgotten.cursor, await observe(handle, forgotten.cursor))
    return kind === 'unchanged' || kind === 'grown'
  } finally {
    await handle.close()
  }
}

async function sizeBytes(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    // Gone since it was listed: whatever comes under this path later is news.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}
