import { dirname } from 'node:path'
import type { FollowedFile } from '../core/commit.ts'
import type { Cursor } from '../core/reading/cursor.ts'
import { EMPTY_MEMORY } from '../core/runs/memory.ts'
import type { ForgottenFile, Resumption, SavedRun } from '../store/store.ts'

/** How many files that were read to their end are remembered by their inode. */
const MOST_ENDED = 4096

/**
 * The daemon's picture of what the store holds: a cache that is replaced after
 * each commit and never ahead of it.
 */
export class Book {
  readonly #files = new Map<string, FollowedFile>()
  readonly #runs = new Map<string, SavedRun>()
  readonly #scannedRoots: Set<string>
  readonly #forgotten: Map<string, ForgottenFile>
  readonly #paths = new Map<string, string>()
  readonly #noted = new Set<string>()
  readonly #copies = new Map<string, string>()
  readonly #ended = new Map<string, FollowedFile>()

  constructor(resumption: Resumption) {
    for (const file of resumption.files) this.#saveFile(file)
    for (const run of resumption.runs) this.#runs.set(run.run, run)
    this.#scannedRoots = new Set(resumption.scannedRoots)
    this.#forgotten = new Map(resumption.forgotten.map((file) => [file.path, file]))
  }

  file(path: string): FollowedFile | undefined {
    return this.#files.get(path)
  }

  files(): IterableIterator<FollowedFile> {
    return this.#files.values()
  }

  runs(): IterableIterator<SavedRun> {
    return this.#runs.values()
  }

  /** The run as it was last saved, or as one that nothing is known of. */
  run(name: string, atIso: string): SavedRun {
    return (
      this.#runs.get(name) ?? { run: name, memory: EMPTY_MEMORY, state: 'running', backfill: true, lastReadAt: atIso }
    )
  }

  hasRun(name: string): boolean {
    return this.#runs.has(name)
  }

  isScanned(root: string): boolean {
    return this.#scannedRoots.has(root)
  }

  forgotten(path: string): ForgottenFile | undefined {
    return this.#forgotten.get(path)
  }

  save(files: readonly FollowedFile[], runs: readonly SavedRun[]): void {
    for (const file of files) this.#saveFile(file)
    for (const run of runs) this.#runs.set(run.run, run)
  }

  /** The path under which the file of this device and inode was last seen. */
  pathOf(inodeKey: string): string | undefined {
    return this.#paths.get(inodeKey)
  }

  noteInode(path: string, inodeKey: string): void {
    this.#paths.set(inodeKey, path)
    this.#noted.add(path)
  }

  hasInode(path: string): boolean {
    return this.#noted.has(path)
  }

  /** What was known of the file of this device and inode when the life of its path ended. */
  ended(inodeKey: string): FollowedFile | undefined {
    return this.#ended.get(inodeKey)
  }

  /** The files of one folder of which something was read, those before them under the same paths included. */
  readIn(folder: string): readonly (FollowedFile & { readonly cursor: Cursor })[] {
    const all = new Set([...this.#files.values(), ...this.#ended.values()])
    return [...all].flatMap((file) =>
      file.cursor !== null && dirname(file.path) === folder ? [{ ...file, cursor: file.cursor }] : [],
    )
  }

  /** Whether the compressed file in this version was found to be the copy of one that is still there. */
  isCopy(path: string, version: string): boolean {
    return this.#copies.get(path) === version
  }

  noteCopy(path: string, version: string): void {
    this.#copies.set(path, version)
  }

  markScanned(root: string): void {
    this.#scannedRoots.add(root)
  }

  forget(run: string): readonly string[] {
    const paths = [...this.#files.values()].filter((file) => file.run === run).map((file) => file.path)
    for (const path of paths) {
      this.#forgotten.set(path, { path, cursor: this.#files.get(path)?.cursor ?? null })
      this.#files.delete(path)
    }
    this.#runs.delete(run)
    return paths
  }

  #saveFile(file: FollowedFile): void {
    this.#files.set(file.path, file)
    if (file.cursor === null) return
    const inodeKey = `${file.cursor.device}:${file.cursor.inode}`
    this.noteInode(file.path, inodeKey)
    this.#ended.delete(inodeKey)
    if (file.cursor.isEnded) this.#ended.set(inodeKey, file)
    for (const oldest of this.#ended.keys()) {
      if (this.#ended.size <= MOST_ENDED) break
      this.#ended.delete(oldest)
    }
  }
}
