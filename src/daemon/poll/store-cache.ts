import { dirname } from 'node:path'
import type { FollowedFile } from '../../core/pipeline/commit.ts'
import type { KnownBefore } from '../../core/pipeline/round.ts'
import type { Cursor } from '../../core/reading/cursor.ts'
import { inodeKey } from '../../core/reading/inode-key.ts'
import { kindOfPath } from '../../core/runs/followed-path.ts'
import { EMPTY_MEMORY } from '../../core/state/run-memory.ts'
import { NOT_JUDGED, type SavedRun } from '../../core/state/saved-run.ts'
import type { ForgottenFile, Resumption } from '../../store/store.ts'
import { type KeptFile, packed, unpacked } from './kept-file.ts'

/** How many files that were read to their end are remembered by their inode. The store keeps fewer of those whose path is taken. */
const MOST_ENDED = 4096
/** How many files keep their state unpacked: those read last, which are likely to be read next. As many are held open. */
const MOST_UNPACKED = 256

/** What the store holds. The states of the files may be packed. */
export type Holdings = Omit<Resumption, 'files'> & { readonly files: Iterable<KeptFile> }

/**
 * The daemon's cache of what the store holds.
 *
 * It changes after each commit, and is never ahead of the store. Files that were
 * not read lately are packed, because ten thousand of them must not fill the
 * memory.
 */
export class StoreCache implements KnownBefore {
  readonly #files = new Map<string, KeptFile>()
  /** The paths of the files that are not packed, the one that was read longest ago first. */
  readonly #unpacked = new Set<string>()
  readonly #runs = new Map<string, SavedRun>()
  /** The runs of the followed files, those of which nothing was read yet as well. */
  readonly #runNames = new Set<string>()
  readonly #scannedRoots: Set<string>
  readonly #forgotten: Map<string, ForgottenFile>
  readonly #paths = new Map<string, string>()
  readonly #noted = new Set<string>()
  readonly #copies = new Map<string, string>()
  readonly #ended = new Map<string, KeptFile>()

  constructor(resumption: Holdings) {
    for (const file of resumption.pastFiles) this.#noteEnded(packed(file))
    for (const file of resumption.files) this.#keep(packed(file))
    for (const run of resumption.runs) this.#runs.set(run.run, run)
    this.#scannedRoots = new Set(resumption.scannedRoots)
    this.#forgotten = new Map(resumption.forgotten.map((file) => [file.path, file]))
  }

  has(path: string): boolean {
    return this.#files.has(path)
  }

  file(path: string): FollowedFile | undefined {
    const file = this.#files.get(path)
    return file === undefined ? undefined : unpacked(file)
  }

  /** Whether a text file of this size holds a last line without a terminator, which was not read. */
  hasRest(path: string, sizeBytes: number): boolean {
    const cursor = this.#files.get(path)?.cursor ?? null
    if (cursor === null || cursor.isEnded || kindOfPath(path) !== 'file') return false
    const isText = cursor.container === null && cursor.compressedBytes === undefined && !cursor.isBinary
    return isText && sizeBytes > cursor.offset
  }

  /** The run of a followed path. */
  runOf(path: string): string | undefined {
    return this.#files.get(path)?.run
  }

  files(): IterableIterator<KeptFile> {
    return this.#files.values()
  }

  filesOf(run: string): readonly FollowedFile[] {
    return [...this.#files.values()].filter((file) => file.run === run).map(unpacked)
  }

  get runNames(): Iterable<string> {
    return this.#runNames
  }

  /** The paths of the files of each run. */
  pathsByRun(): ReadonlyMap<string, readonly string[]> {
    const paths = new Map<string, string[]>()
    for (const { run, path } of this.#files.values()) {
      const ofRun = paths.get(run)
      if (ofRun === undefined) paths.set(run, [path])
      else ofRun.push(path)
    }
    return paths
  }

  runs(): IterableIterator<SavedRun> {
    return this.#runs.values()
  }

  /** The run as it was last saved, or an empty one with this name. */
  run(name: string, atIso: string): SavedRun {
    return this.#runs.get(name) ?? { ...NOT_JUDGED, run: name, memory: EMPTY_MEMORY, backfill: true, lastReadAt: atIso }
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
    for (const file of files) {
      this.#keep(file)
      this.#unpacked.delete(file.path)
      this.#unpacked.add(file.path)
    }
    for (const path of this.#unpacked) {
      if (this.#unpacked.size <= MOST_UNPACKED) break
      this.#unpacked.delete(path)
      this.#files.set(path, packed(this.#files.get(path)!))
    }
    for (const run of runs) this.#runs.set(run.run, run)
  }

  /** The path under which the file of this device and inode was last seen. */
  pathOf(key: string): string | undefined {
    return this.#paths.get(key)
  }

  noteInode(path: string, key: string): void {
    this.#paths.set(key, path)
    this.#noted.add(path)
  }

  hasInode(path: string): boolean {
    return this.#noted.has(path)
  }

  /** The file with this device and inode that was read to its end, as it was then. */
  ended(key: string): FollowedFile | undefined {
    const file = this.#ended.get(key)
    return file === undefined ? undefined : unpacked(file)
  }

  /** The files in a folder of which something was read. Earlier files under the same paths are included. */
  readIn(folder: string): readonly (KeptFile & { readonly cursor: Cursor })[] {
    const before = [...this.#ended.values()].filter(({ path, cursor }) => this.#files.get(path)?.cursor !== cursor)
    return [...this.#files.values(), ...before].flatMap((file) =>
      file.cursor !== null && dirname(file.path) === folder ? [{ ...file, cursor: file.cursor }] : [],
    )
  }

  /** Whether this version of a compressed file was found to be the copy of a log that is still there. */
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
      this.#unpacked.delete(path)
    }
    this.#runs.delete(run)
    this.#runNames.delete(run)
    return paths
  }

  #keep(file: KeptFile): void {
    this.#files.set(file.path, file)
    this.#runNames.add(file.run)
    if (file.cursor === null) return
    const key = inodeKey(file.cursor.device, file.cursor.inode)
    this.noteInode(file.path, key)
    this.#ended.delete(key)
    if (file.cursor.isEnded) this.#noteEnded(file)
  }

  #noteEnded(file: KeptFile): void {
    if (file.cursor === null) return
    this.#ended.set(inodeKey(file.cursor.device, file.cursor.inode), packed(file))
    for (const oldest of this.#ended.keys()) {
      if (this.#ended.size <= MOST_ENDED) break
      this.#ended.delete(oldest)
    }
  }
}
