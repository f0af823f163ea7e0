import { stat } from 'node:fs/promises'
import { emptyCommit, type FileUpdate, type RunUpdate } from '../core/commit.ts'
import { nameRuns } from '../core/runs/naming.ts'
import type { Store } from '../store/store.ts'
import { scan } from '../tail/scan.ts'
import type { Book } from './book.ts'

/**
 * Lists what lies below each root and adds what is new to the book.
 *
 * The first time that a root is seen its files are old news: how far each has
 * been written is saved as back-fill, before any of it is read.
 */
export async function discover(
  roots: readonly string[],
  book: Book,
  store: Store,
  isExcluded: (path: string) => boolean,
  onProblem: (path: string, reason: string) => void,
): Promise<number> {
  const atIso = new Date().toISOString()
  let found = 0
  for (const root of roots) {
    const isFirst = !book.isScanned(root)
    const { rootName, files, problems } = await scan(root, isExcluded)
    for (const { path, reason } of problems) onProblem(path, reason)
    const known = new Map([...book.files()].map((file) => [file.path, file.run]))
    const runs = nameRuns(rootName, files, known)
    const added: FileUpdate[] = []
    for (const { path, below } of files) {
      if (known.has(path) || (await isForgotten(path, book))) continue
      const size = isFirst ? (await stat(path)).size : 0
      book.add(path, runs.get(path)!, below === '' ? rootName : below, size)
      added.push({ file: book.file(path)!, samples: [], moves: [], batches: [], rejects: [] })
    }
    found += added.length
    if (!isFirst) continue
    const newRuns = [...new Set(added.map(({ file }) => file.run))].map(
      (run): RunUpdate => ({ ...book.run(run, atIso), backfill: true, readAt: null }),
    )
    await store.commit({ ...emptyCommit(atIso), files: added, runs: newRuns, scannedRoots: [root] })
    book.markScanned(root)
  }
  return found
}

/** Whether the user had this very file forgotten; another file under its path is a new one. */
async function isForgotten(path: string, book: Book): Promise<boolean> {
  const forgotten = book.forgotten(path)
  if (forgotten === undefined) return false
  const { dev, ino } = await stat(path, { bigint: true })
  return forgotten.inode === null || (forgotten.inode === String(ino) && forgotten.device === String(dev))
}
